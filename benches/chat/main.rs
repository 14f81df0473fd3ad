//! Measures this framework beside two others of its kind, over real sockets on loopback:
//!
//!     cargo bench --bench chat
//!     cargo bench --bench chat -- --quick --servers ours,bare
//!
//! `docs/performance.md` explains the rows. The servers are processes of their own, so that memory and
//! processor time are theirs alone; two of them are this program, started once more.

mod args;
mod browser;
mod http;
mod report;
mod rows;
mod scenarios;
mod server;
mod servers;
mod session;
mod stats;
mod websocket;

use std::process::ExitCode;

use clap::Parser;

use args::Args;

/// Set for the program that is started once more: which server it is to be.
const SERVE: &str = "CHAT_BENCH_SERVE";

/// Set for the same when it is to record what is said.
const RECORD: &str = "CHAT_BENCH_RECORD";

type Result<T = (), E = chainlit::BoxError> = std::result::Result<T, E>;

fn main() -> ExitCode {
    if let Ok(which) = std::env::var(SERVE) {
        return ended(servers::serve(&which));
    }
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    ended(runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run(&args))))
}

fn ended(result: Result) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// All rounds, scenarios and servers in turn: what disturbs the machine for a while disturbs all
/// servers alike.
async fn run(args: &Args) -> Result {
    let starter = server::Starter::new(args)?;
    let mut scenarios = args.scenarios();
    let browser = browser::Browser::find();
    if let Err(missing) = &browser
        && scenarios.iter().any(|scenario| scenario.is_in_browser())
    {
        eprintln!("rows of the browser are skipped: {missing}");
        scenarios.retain(|scenario| !scenario.is_in_browser());
    }
    let mut results = report::Results::default();
    for round in 0..args.rounds() {
        for &scenario in &scenarios {
            for &which in starter.servers().iter().filter(|which| scenario.is_for(**which)) {
                eprintln!("round {}, {scenario:?}, {which:?}", round + 1);
                let mut run = scenarios::Run {
                    starter: &starter,
                    browser: browser.as_ref().ok(),
                    which,
                    scale: args.scale(),
                    is_first_round: round == 0,
                    results: &mut results,
                };
                if let Err(error) = run.run(scenario).await {
                    eprintln!("  failed: {error}");
                    results.fail(which, scenario, &*error);
                }
            }
        }
    }
    results.print(starter.servers());
    if results.has_failed() { Err("some runs failed, see above".into()) } else { Ok(()) }
}
