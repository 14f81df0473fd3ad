//! A server as a process: how it is started, and what the system says about it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::args::Args;
use crate::session::Target;
use crate::{RECORD, Result, SERVE, http};

/// The release that we compare ourselves with.
const PEER_VERSION: &str = "2.12.0";

/// How long a server may take until it answers.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// The load comes from one address and asks without a pause; the other servers have no such limits.
const UNLIMITED: &str =
    "[limits]\nevents_per_second = 0\nconnects_per_minute = 0\nconnections_per_address = 0\n";

/// Its own file takes uploads of 500 MiB at most.
const PEER_UNLIMITED: &str = "[features.spontaneous_file_upload]\nenabled = true\naccept = [\"*/*\"]\n\
     max_files = 20\nmax_size_mb = 5000\n[UI]\nname = \"Assistant\"\n[meta]\ngenerated_by = \"2.12.0\"\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Which {
    /// This framework.
    Ours,
    /// The same frames with nothing behind them: what warp and the machine allow.
    Bare,
    /// Chainlit's page on our server: for what happens in a browser.
    PeerPage,
    /// Chainlit for Python.
    Chainlit,
}

impl Which {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Bare => "bare",
            Self::PeerPage => "chainlit's page on ours",
            Self::Chainlit => "chainlit",
        }
    }
}

/// Starts servers.
pub(crate) struct Starter {
    servers: Vec<Which>,
    chainlit: Option<PathBuf>,
    peer_page: Option<PathBuf>,
    recovery: bool,
    record: bool,
}

/// A server that runs; ended when dropped.
pub(crate) struct Server {
    child: Child,
    /// Kept open: whoever prints into a closed pipe ends.
    output: Option<ChildStdout>,
    root: tempfile::TempDir,
    address: SocketAddr,
    recovery: bool,
    /// From the start of the process to the first answer.
    pub(crate) start: Duration,
}

impl Starter {
    pub(crate) fn new(args: &Args) -> Result<Self> {
        let mut servers = args.servers.clone();
        servers.sort_unstable();
        servers.dedup();
        let given =
            args.chainlit.clone().or_else(|| std::env::var_os("CHAINLIT_PYTHON").map(Into::into));
        let chainlit = match given {
            Some(command) => Some(
                fs::canonicalize(&command)
                    .map_err(|error| format!("{}: {error}", command.display()))?,
            ),
            None if args.install_chainlit && servers.contains(&Which::Chainlit) => Some(install()?),
            None => None,
        };
        if chainlit.is_none() && servers.contains(&Which::Chainlit) {
            eprintln!("Chainlit for Python is not run: give --chainlit or --install-chainlit");
            servers.retain(|which| *which != Which::Chainlit);
        }
        let peer_page = chainlit.as_deref().and_then(page_of);
        if peer_page.is_none() {
            if chainlit.is_some() && servers.contains(&Which::PeerPage) {
                eprintln!("Chainlit's page is not run: it is not beside its command");
            }
            servers.retain(|which| *which != Which::PeerPage);
        }
        Ok(Self { servers, chainlit, peer_page, recovery: args.recovery, record: args.record })
    }

    pub(crate) fn servers(&self) -> &[Which] {
        &self.servers
    }

    /// Starts a server in an empty folder and waits for its first answer.
    pub(crate) async fn start(&self, which: Which) -> Result<Server> {
        let root = tempfile::tempdir()?;
        let config = root.path().join(".chainlit");
        fs::create_dir(&config)?;
        match which {
            Which::Ours | Which::PeerPage => fs::write(config.join("config.toml"), UNLIMITED)?,
            Which::Bare => {}
            Which::Chainlit => fs::write(config.join("config.toml"), PEER_UNLIMITED)?,
        }
        let (mut command, port) = match which {
            Which::Ours | Which::Bare => {
                let mut command = Command::new(std::env::current_exe()?);
                command.env(SERVE, which.name());
                if self.record {
                    command.env(RECORD, "1");
                }
                (command, 0)
            }
            Which::PeerPage => {
                let page = self.peer_page.as_ref().ok_or("no page of Chainlit")?;
                let mut command = Command::new(std::env::current_exe()?);
                command.env(SERVE, Which::Ours.name()).env("CHAINLIT_UI_DIR", page);
                (command, 0)
            }
            Which::Chainlit => {
                let program = self.chainlit.as_ref().ok_or("no command of Chainlit")?;
                let mut command = Command::new(program);
                command.arg("run").arg(
                    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/chat/chainlit_app.py"),
                );
                // It can't choose one itself.
                (command, free_port()?)
            }
        };
        command
            .args(["--headless", "--host", "127.0.0.1", "--port", &port.to_string()])
            .env("CHAINLIT_APP_ROOT", root.path())
            .env_remove("RUST_LOG")
            .current_dir(root.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(root.path().join("stderr.log"))?);
        let began = Instant::now();
        let mut child = command.spawn()?;
        let output = child.stdout.take();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut server =
            Server { child, output, root, address, recovery: self.recovery, start: Duration::ZERO };
        if port == 0 {
            let port = server.printed_port()?;
            server.address.set_port(port);
        }
        loop {
            match http::get(server.address, "/", "identity").await {
                Ok(answer) if answer.status == 200 => break,
                _ if began.elapsed() < START_PATIENCE && server.child.try_wait()?.is_none() => {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                _ => return Err(format!("it does not answer\n{}", server.log()).into()),
            }
        }
        server.start = began.elapsed();
        Ok(server)
    }
}

impl Server {
    pub(crate) fn target(&self) -> Target {
        Target { address: self.address, recovery: self.recovery }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Processor time that its threads have used.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        cpu_of(&self.child.id().to_string())
    }

    /// Bytes of memory that it holds.
    pub(crate) fn rss(&self) -> Result<u64> {
        // The counters in `statm` are kept per processor and lag behind.
        let smaps = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id()))?;
        let line = smaps.lines().find_map(|line| line.strip_prefix("Rss:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
        Ok(kib.ok_or("no Rss in smaps_rollup")? * 1024)
    }

    /// The end of what it has logged.
    pub(crate) fn log(&self) -> String {
        let log = fs::read_to_string(self.root.path().join("stderr.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }

    /// The port in the line that it prints once it listens.
    fn printed_port(&mut self) -> Result<u16> {
        let output = self.output.as_mut().ok_or("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let port = line.trim().rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        port.ok_or_else(|| format!("no address in {line:?}\n{}", self.log()).into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Processor time of this process, which plays the clients.
pub(crate) fn own_cpu() -> Result<Duration> {
    cpu_of("self")
}

fn cpu_of(process: &str) -> Result<Duration> {
    // Counted in nanoseconds, which `stat` rounds to hundredths of a second.
    let mut nanos = 0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        // A thread that has ended meanwhile has done next to nothing.
        let stat = fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
        nanos += stat.split(' ').next().and_then(|run| run.parse::<u64>().ok()).unwrap_or_default();
    }
    Ok(Duration::from_nanos(nanos))
}

/// The page in the packages of the environment that the command belongs to.
fn page_of(command: &Path) -> Option<PathBuf> {
    let library = command.parent()?.parent()?.join("lib");
    let versions = fs::read_dir(library).ok()?.flatten();
    let mut pages =
        versions.map(|python| python.path().join("site-packages/chainlit/frontend/dist"));
    pages.find(|page| page.join("index.html").is_file())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Installs the peer in an environment of its own; gives its command.
fn install() -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let folder = target.join(format!("chainlit-{PEER_VERSION}"));
    let command = folder.join("bin/chainlit");
    if !command.exists() {
        must_succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let package = format!("chainlit=={PEER_VERSION}");
        must_succeed(Command::new(folder.join("bin/pip")).args(["install", "--quiet", &package]))?;
    }
    Ok(fs::canonicalize(command)?)
}

fn must_succeed(command: &mut Command) -> Result {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}
