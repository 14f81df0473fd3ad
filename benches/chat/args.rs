use std::path::PathBuf;

use clap::Parser;

use crate::scenarios::{Scale, Scenario};
use crate::server::Which;

/// Measures chat servers side by side and prints one table.
#[derive(Debug, Parser)]
#[command(name = "chat")]
pub(crate) struct Args {
    /// How often everything is run; the table shows medians [default 3, with --quick 1]
    #[arg(long)]
    rounds: Option<usize>,

    /// Short runs, as a check that it all works: the figures are rough
    #[arg(long)]
    quick: bool,

    /// Only these scenarios
    #[arg(long, value_delimiter = ',', value_enum)]
    only: Vec<Scenario>,

    /// Only these servers
    #[arg(long, value_delimiter = ',', value_enum, default_value = "ours,bare,peer-page,chainlit")]
    pub(crate) servers: Vec<Which>,

    /// The command of Chainlit for Python, such as `venv/bin/chainlit` [CHAINLIT_PYTHON]
    #[arg(long)]
    pub(crate) chainlit: Option<PathBuf>,

    /// Install Chainlit for Python below `target/` when no command of it is given
    #[arg(long)]
    pub(crate) install_chainlit: bool,

    /// Connect as a browser's client does, which asks for connection state recovery
    #[arg(long)]
    pub(crate) recovery: bool,

    /// Have this framework record all conversations, in memory
    #[arg(long)]
    pub(crate) record: bool,

    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

impl Args {
    pub(crate) fn rounds(&self) -> usize {
        self.rounds.unwrap_or(if self.quick { 1 } else { 3 })
    }

    pub(crate) fn scenarios(&self) -> Vec<Scenario> {
        use clap::ValueEnum;
        if self.only.is_empty() { Scenario::value_variants().to_vec() } else { self.only.clone() }
    }

    pub(crate) fn scale(&self) -> Scale {
        if self.quick { Scale::QUICK } else { Scale::FULL }
    }
}
