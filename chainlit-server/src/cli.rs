//! The command line of every application binary.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use clap::error::ErrorKind;

pub(crate) use crate::root_path::RootPath;

use crate::config::Env;

/// What may be given on the command line; anything not given comes from the environment.
#[derive(Debug, Default, Parser)]
#[command(
    name = "chainlit",
    version,
    about = "Serves this chat application.",
    disable_help_flag = true,
    after_help = "An option that is not given is taken from its variable, then from the file .env (CHAINLIT_ENV_FILE)."
)]
struct Cli {
    /// Address to listen on; 0.0.0.0 for every one of this machine [CHAINLIT_HOST, default 127.0.0.1]
    #[arg(long)]
    host: Option<String>,

    /// Port to listen on; 0 for any that is free [CHAINLIT_PORT, default 8000]
    #[arg(long)]
    port: Option<String>,

    /// Path below which everything is served, such as /chat [CHAINLIT_ROOT_PATH]
    #[arg(long, value_name = "PATH")]
    root_path: Option<String>,

    /// Do not open a browser [CHAINLIT_HEADLESS or HEADLESS]
    #[arg(short = 'h', long)]
    headless: bool,

    /// Log in detail [CHAINLIT_DEBUG or DEBUG]
    #[arg(short, long)]
    debug: bool,

    /// Serve the built frontend in this folder instead of the one in the binary [CHAINLIT_UI_DIR]
    #[arg(long, value_name = "FOLDER")]
    ui_dir: Option<PathBuf>,

    /// Print this help
    #[arg(long, action = clap::ArgAction::HelpLong)]
    help: Option<bool>,
}

/// How the server is to run, from the command line and the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServeOptions {
    /// Name or address to listen on.
    pub host: String,
    /// Port to listen on; 0 lets the system choose.
    pub port: u16,
    /// Path below which everything is served.
    pub root_path: RootPath,
    /// Whether no browser is opened.
    pub headless: bool,
    /// Whether the log is detailed.
    pub debug: bool,
    /// A built frontend to serve instead of the embedded one.
    pub ui_dir: Option<PathBuf>,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8000,
            root_path: RootPath::default(),
            headless: false,
            debug: false,
            ui_dir: None,
        }
    }
}

/// Why the command line or its variables cannot be used: one line with the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub(crate) String);

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// Serve the application.
    Serve(ServeOptions),
    /// Print this text (help or version) and leave with success.
    Print(String),
}

impl Command {
    /// Reads arguments, the first of them the program's name.
    ///
    /// # Errors
    ///
    /// [`UsageError`] for an unknown option, or a value without meaning in an option or its variable.
    pub(crate) fn parse<A: Into<OsString> + Clone>(
        arguments: impl IntoIterator<Item = A>,
        env: &Env,
    ) -> Result<Self, UsageError> {
        match Cli::try_parse_from(arguments) {
            Ok(cli) => resolve(cli, env).map(Self::Serve),
            Err(error) => match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                    Ok(Self::Print(error.to_string()))
                }
                _ => Err(UsageError(first_line(&error.to_string()))),
            },
        }
    }

    /// Reads the process's own arguments. Prints help, version or the mistake and leaves the process when that is
    /// all there is to do: with 0 after help and version, with 2 after a mistake.
    #[must_use]
    pub(crate) fn from_args_or_exit(env: &Env) -> ServeOptions {
        match Self::parse(std::env::args_os(), env) {
            Ok(Self::Serve(options)) => options,
            Ok(Self::Print(text)) => {
                print!("{text}");
                std::process::exit(0)
            }
            Err(error) => {
                eprintln!("error: {error}");
                std::process::exit(2)
            }
        }
    }
}

/// The text for a port or address that cannot be listened on: what is wrong and what helps.
#[must_use]
pub(crate) fn listen_error(options: &ServeOptions, error: &std::io::Error) -> String {
    let ServeOptions { host, port, .. } = options;
    let place = match host.parse() {
        Ok(ip) => SocketAddr::new(ip, *port).to_string(),
        Err(_) => format!("{host}:{port}"),
    };
    let remedy = match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "another program is using port {port}; stop it, or choose another with --port (0 takes any that is free)"
        ),
        std::io::ErrorKind::PermissionDenied => {
            format!("this user may not use port {port}; choose one above 1023 with --port")
        }
        std::io::ErrorKind::AddrNotAvailable => {
            "this machine does not have that address; correct --host".to_owned()
        }
        _ => format!("{error}; correct --host or --port"),
    };
    format!("cannot listen on {place}: {remedy}")
}

fn resolve(cli: Cli, env: &Env) -> Result<ServeOptions, UsageError> {
    let default = ServeOptions::default();
    let (port_source, port) = choose(cli.port, "--port", "CHAINLIT_PORT", env);
    let (root_source, root) = choose(cli.root_path, "--root-path", "CHAINLIT_ROOT_PATH", env);
    let (host_source, host) = choose(cli.host, "--host", "CHAINLIT_HOST", env);
    let host = host.unwrap_or(default.host);
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c == '/') {
        return Err(UsageError(format!(
            "{host_source}: invalid host {host:?}; use an address or a name, such as 127.0.0.1"
        )));
    }
    let port = match port {
        None => default.port,
        Some(text) => text.trim().parse().map_err(|_| {
            UsageError(format!(
                "{port_source}: invalid port {text:?}; use a number from 0 (any free port) to 65535"
            ))
        })?,
    };
    let root_path = RootPath::new(&root.unwrap_or_default())
        .map_err(|error| UsageError(format!("{root_source}: {error}")))?;
    let ui_dir = cli.ui_dir.or_else(|| env.get("CHAINLIT_UI_DIR").map(PathBuf::from));
    if let Some(folder) = ui_dir.as_deref().filter(|folder| !folder.join("index.html").is_file()) {
        return Err(UsageError(format!(
            "no index.html in {}; give --ui-dir (CHAINLIT_UI_DIR) the folder of a built frontend",
            folder.display()
        )));
    }
    Ok(ServeOptions {
        host,
        port,
        root_path,
        headless: cli.headless || flag(env, ["CHAINLIT_HEADLESS", "HEADLESS"])?,
        debug: cli.debug || flag(env, ["CHAINLIT_DEBUG", "DEBUG"])?,
        ui_dir,
    })
}

/// A value with the name of where it comes from, for messages.
fn choose(
    option: Option<String>,
    name: &'static str,
    variable: &'static str,
    env: &Env,
) -> (&'static str, Option<String>) {
    match option {
        Some(value) => (name, Some(value)),
        None => (variable, env.get(variable).map(str::to_owned)),
    }
}

/// Whether one of the variables, the first that is set, says yes.
///
/// The short names are the original's; other programs use them too, so only our own name may refuse the start.
fn flag(env: &Env, [own, shared]: [&str; 2]) -> Result<bool, UsageError> {
    match env.get(own).map(|text| (text, truth(text))) {
        Some((_, Some(value))) => Ok(value),
        Some((text, None)) => {
            Err(UsageError(format!("{own}: invalid value {text:?}; use true or false")))
        }
        None => Ok(env.get(shared).and_then(truth).unwrap_or(false)),
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
        "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

/// The parser's message without its page of usage.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let line = line.strip_prefix("error: ").unwrap_or(line).trim_end();
    format!("{line}; --help lists the options")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str], env: &[(&str, &str)]) -> Result<ServeOptions, String> {
        let arguments = std::iter::once("app").chain(arguments.iter().copied());
        match Command::parse(arguments, &Env::from_pairs(env.iter().copied())) {
            Ok(Command::Serve(options)) => Ok(options),
            Ok(Command::Print(text)) => Err(text),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn without_anything_it_listens_on_this_machine_only() {
        assert_eq!(parse(&[], &[]), Ok(ServeOptions::default()));
    }

    #[test]
    fn options_win_over_variables() {
        let env = [
            ("CHAINLIT_HOST", "::1"),
            ("CHAINLIT_PORT", "1"),
            ("CHAINLIT_ROOT_PATH", "env"),
            ("HEADLESS", "1"),
        ];
        let options = parse(&["--port", "0", "--root-path", "/a/b/"], &env).unwrap();
        assert_eq!((options.host.as_str(), options.port), ("::1", 0));
        assert_eq!(options.root_path.as_str(), "/a/b");
        assert!(options.headless && !options.debug);
        assert!(parse(&["-h", "-d"], &[]).is_ok_and(|o| o.headless && o.debug));
        assert!(
            !parse(&[], &[("CHAINLIT_HEADLESS", "false"), ("HEADLESS", "1")]).unwrap().headless
        );
        assert!(!parse(&[], &[("DEBUG", "app:*")]).unwrap().debug);
    }

    #[test]
    fn a_mistake_is_one_line_with_its_remedy() {
        for (arguments, env, expected) in [
            (
                &["--port", "x"][..],
                &[][..],
                "--port: invalid port \"x\"; use a number from 0 (any free port) to 65535",
            ),
            (
                &[],
                &[("CHAINLIT_PORT", "70000")],
                "CHAINLIT_PORT: invalid port \"70000\"; use a number from 0 (any free port) to 65535",
            ),
            (
                &["--host", "a b"],
                &[],
                "--host: invalid host \"a b\"; use an address or a name, such as 127.0.0.1",
            ),
            (
                &[],
                &[("CHAINLIT_HEADLESS", "maybe")],
                "CHAINLIT_HEADLESS: invalid value \"maybe\"; use true or false",
            ),
            (&["--nope"], &[], "unexpected argument '--nope' found; --help lists the options"),
            (
                &["--root-path", "/a/../b"],
                &[],
                "--root-path: invalid root path \"/a/../b\"; use letters, digits and -._~ between slashes, such as /chat",
            ),
            (
                &["--ui-dir", "/nowhere"],
                &[],
                "no index.html in /nowhere; give --ui-dir (CHAINLIT_UI_DIR) the folder of a built frontend",
            ),
        ] {
            assert_eq!(parse(arguments, env), Err(expected.to_owned()));
        }
    }

    #[test]
    fn help_and_version_are_printed() {
        let help = parse(&["--help"], &[]).unwrap_err();
        for option in [
            "--host",
            "--port",
            "--root-path",
            "-h, --headless",
            "-d, --debug",
            "--ui-dir",
            "CHAINLIT_PORT",
        ] {
            assert!(help.contains(option), "{option} in {help}");
        }
        assert!(parse(&["--version"], &[]).unwrap_err().contains(env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn a_taken_port_says_what_helps() {
        let error = std::io::Error::from(std::io::ErrorKind::AddrInUse);
        assert_eq!(
            listen_error(&ServeOptions::default(), &error),
            "cannot listen on 127.0.0.1:8000: another program is using port 8000; stop it, or choose another with --port (0 takes any that is free)"
        );
    }
}
