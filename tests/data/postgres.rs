use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// A PostgreSQL server of the Debian package, in a folder of its own, on a free port of the loopback. It is
/// started for the first test that wants it, and ends with the tests.
pub(crate) struct Postgres {
    port: u16,
}

impl Postgres {
    /// The address of a fresh, empty database.
    pub(crate) fn database() -> String {
        static SERVER: OnceLock<Postgres> = OnceLock::new();
        let server = SERVER.get_or_init(Self::start);
        let name = format!("t{}", uuid::Uuid::new_v4().simple());
        server.psql(&format!("CREATE DATABASE {name}"));
        format!("postgres://postgres@127.0.0.1:{}/{name}", server.port)
    }

    fn start() -> Self {
        let programs = programs();
        // Goes with the guard below, not with this process, which ends without dropping statics.
        let folder =
            tempfile::Builder::new().prefix("chainlit-postgres-").tempdir().unwrap().keep();
        // The server refuses to run as root; its user has to get into the folder.
        std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o777)).unwrap();
        let data = folder.join("data");
        let initdb = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--username=postgres",
        ];
        let made = as_postgres(&programs.join("initdb"))
            .args(initdb)
            .arg(&data)
            .output()
            .expect("initdb can be run");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = format!(
            "{} -D {data} -h 127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off \
             -c max_connections=300",
            programs.join("postgres").display(),
            data = data.display(),
        );
        // Its standard input is a pipe from this process: when that ends, however it ends, so does the server.
        let script = format!(
            "trap '' INT; {server} >{log} 2>&1 & server=$!; read -r _; kill -INT $server; wait $server; rm -rf {folder}",
            log = folder.join("log").display(),
            folder = folder.display(),
        );
        let guard = as_postgres(Path::new("/bin/sh"))
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The pipe stays open as long as this process lives.
        std::mem::forget(guard);
        let server = Self { port };
        let ready = programs.join("pg_isready");
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while !Command::new(&ready)
            .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
            .status()
            .unwrap()
            .success()
        {
            let log = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(std::time::Instant::now() < deadline, "PostgreSQL does not start: {}", log());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        server
    }

    fn psql(&self, statement: &str) {
        let address = format!("postgres://postgres@127.0.0.1:{}/postgres", self.port);
        let done = Command::new("psql").args([&address, "-q", "-c", statement]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

/// Where the package has the server.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL is not installed: run scripts/install-test-tools")
}

/// The program as a user whom PostgreSQL accepts.
fn as_postgres(program: &Path) -> Command {
    if rustix::process::getuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command.current_dir("/");
        return command;
    }
    Command::new(program)
}
