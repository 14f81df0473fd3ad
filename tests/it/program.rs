//! The binary as a user starts it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The hello application in a fresh folder; ended with the test.
struct Program {
    child: Child,
    root: tempfile::TempDir,
}

impl Program {
    fn command(root: &tempfile::TempDir) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chainlit"));
        command
            .env_clear()
            .env("CHAINLIT_APP_ROOT", root.path())
            .current_dir(root.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn start(arguments: &[&str]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let child = Self::command(&root).args(arguments).spawn().unwrap();
        Self { child, root }
    }

    /// The address in the line that it prints once it listens.
    fn url(&mut self) -> String {
        let mut line = String::new();
        let output = self.child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        line.trim().strip_prefix("Your app is available at ").unwrap().to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[cfg(unix)]
impl Program {
    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits until the log has a line with that text.
    fn wait_for_log(&mut self, text: &str) {
        let log = BufReader::new(self.child.stderr.as_mut().unwrap());
        assert!(log.lines().any(|line| line.unwrap().contains(text)), "{text}");
    }

    fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_in_order() {
    for name in ["TERM", "INT"] {
        let mut program = Program::start(&["--headless", "--port", "0"]);
        program.url();
        program.signal(name);
        assert_eq!(program.exit_code(), Some(0), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_it_at_once() {
    use std::io::Write;
    for (name, code) in [("TERM", 143), ("INT", 130)] {
        let mut program = Program::start(&["--headless", "--port", "0"]);
        let url = program.url();
        // A request that never ends holds it up.
        let address = url.strip_prefix("http://").unwrap();
        let mut request = std::net::TcpStream::connect(address).unwrap();
        let head = "POST /project/action HTTP/1.1\r\nhost: x\r\n\
                    content-type: application/json\r\ncontent-length: 100\r\n\
                    expect: 100-continue\r\n\r\n";
        request.write_all(head.as_bytes()).unwrap();
        // Its body is asked for: it has begun.
        std::io::Read::read_exact(&mut request, &mut [0; 12]).unwrap();
        program.signal("TERM");
        program.wait_for_log("going down");
        program.signal(name);
        assert_eq!(program.exit_code(), Some(code), "{name}");
    }
}

/// What it says and with which code it ends, when it does not start.
fn refusal(prepare: impl FnOnce(&std::path::Path), arguments: &[&str]) -> (i32, String) {
    let root = tempfile::tempdir().unwrap();
    prepare(root.path());
    let output = Program::command(&root).args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_first_run_writes_its_files_and_says_where_it_listens() {
    let mut program = Program::start(&["--headless", "--port", "0", "--root-path", "/chat"]);
    let url = program.url();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/chat"), "{url}");
    for file in [".chainlit/config.toml", ".chainlit/translations/en-US.json", "chainlit.md"] {
        assert!(program.root.path().join(file).is_file(), "{file}");
    }
}

#[test]
fn a_taken_port_is_one_line_with_the_remedy() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, text) = refusal(|_| {}, &["--headless", "--port", &port]);
    assert_eq!((code, text.lines().count()), (1, 1), "{text}");
    assert!(text.contains(&port) && text.contains("--port"), "{text}");
}

#[test]
fn a_wrong_configuration_is_one_line_that_names_file_key_and_remedy() {
    for (config, named) in [
        ("[project]\nsession_timeout = \"long\"\n", "project.session_timeout"),
        ("[UI]\nname = \n", "config.toml"),
    ] {
        let write = |root: &std::path::Path| {
            std::fs::create_dir(root.join(".chainlit")).unwrap();
            std::fs::write(root.join(".chainlit/config.toml"), config).unwrap();
        };
        let (code, text) = refusal(write, &["--headless", "--port", "0"]);
        assert_eq!((code, text.lines().count()), (1, 1), "{text}");
        assert!(text.contains(named) && text.contains("config.toml"), "{text}");
    }
}

#[test]
fn a_wrong_argument_ends_with_2() {
    for arguments in [["--port", "many"], ["--prot", "1"], ["--root-path", "a b"]] {
        let (code, text) = refusal(|_| {}, &arguments);
        assert_eq!((code, text.lines().count()), (2, 1), "{text}");
    }
}

#[test]
fn a_secret_is_printed_as_a_line_for_the_env_file() {
    let root = tempfile::tempdir().unwrap();
    let secret = || {
        let output = Program::command(&root).arg("create-secret").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().nth(1).unwrap().to_owned();
        assert!(text.starts_with("Copy the following secret into your .env file."), "{text}");
        let secret =
            line.strip_prefix("CHAINLIT_AUTH_SECRET=\"").unwrap().strip_suffix('"').unwrap();
        assert_eq!(secret.len(), 64, "{line}");
        line
    };
    assert_ne!(secret(), secret());
}

mod new {
    use super::*;

    fn new(root: &tempfile::TempDir, name: &str) -> (bool, String) {
        let output = Program::command(root).args(["new", name]).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    }

    #[test]
    fn the_first_files_of_an_application_are_made_once() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(new(&root, "my-chat"), (true, String::new()));
        for file in ["Cargo.toml", "src/main.rs", ".gitignore"] {
            assert!(root.path().join("my-chat").join(file).is_file(), "{file}");
        }
        let (is_made, error) = new(&root, "my-chat");
        assert!(!is_made && error.contains("my-chat exists already"), "{error}");
    }

    #[test]
    fn a_name_that_cargo_would_not_take_is_refused() {
        let root = tempfile::tempdir().unwrap();
        for name in ["7up", "my chat", "..", "ä"] {
            let (is_made, error) = new(&root, name);
            assert!(!is_made && error.contains("can't be an application's name"), "{error}");
        }
        assert_eq!(root.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn a_name_of_a_library_that_it_uses_is_refused() {
        let root = tempfile::tempdir().unwrap();
        for (name, remedy) in [("chainlit", "new my-chainlit"), ("tokio", "new my-tokio")] {
            let (is_made, error) = new(&root, name);
            assert!(!is_made && error.contains(remedy), "{error}");
        }
        assert_eq!(root.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn cargo_takes_it_in_the_folder_of_another_workspace() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
        assert_eq!(new(&root, "my-chat"), (true, String::new()));
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(root.path().join("my-chat"))
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
    }
}
