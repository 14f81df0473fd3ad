//! `chainlit import`: everything from one database to another.

use std::error::Error;

use chainlit::SqlDataLayer;
use clap::Args;

/// Copies the users and conversations of one database to another. Both may have the tables of this program, of Chainlit's
/// SQLAlchemy layer or of its official data layer. It may be done again.
#[derive(Args)]
pub(crate) struct Import {
    /// The database to read, such as postgres://user:password@host/chainlit
    from: String,
    /// The database to write to, such as sqlite://.chainlit/chat.db
    to: String,
}

impl Import {
    pub(crate) fn run(self) -> Result<(), Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let report = runtime.block_on(async {
            let from = SqlDataLayer::open(&self.from).await?;
            let to = SqlDataLayer::open(&self.to).await?;
            let report = to.import_from(&from).await?;
            chainlit::DataLayer::close(&to).await?;
            chainlit::DataLayer::close(&from).await?;
            Ok::<_, Box<dyn Error>>(report)
        })?;
        println!(
            "copied {} users, {} threads, {} steps, {} elements, {} feedbacks",
            report.users, report.threads, report.steps, report.elements, report.feedbacks
        );
        println!("{} threads were there already", report.unchanged);
        if report.refused > 0 {
            return Err(format!(
                "{} threads can't be copied; the log has the reasons",
                report.refused
            )
            .into());
        }
        Ok(())
    }
}
