use std::time::Instant;

use tokio::task::JoinSet;

use super::{Run, all, open};
use crate::Result;
use crate::server::Which;

/// Calls of one answer. Each is three steps, one in the other.
const CALLS: usize = 100;

const SESSIONS: usize = 8;

impl Run<'_> {
    /// All sessions ask for work that is done in nested steps.
    pub(super) async fn steps(&mut self) -> Result {
        // The bare server has no steps.
        if self.which == Which::Bare {
            return Ok(());
        }
        let server = self.server().await?;
        let sessions = open(server.target(), SESSIONS).await?;
        let (began, cpu) = (Instant::now(), server.cpu()?);
        let end = began + self.scale.time;
        let mut clients = JoinSet::new();
        for mut session in sessions {
            clients.spawn(async move {
                let mut steps = 0;
                while steps == 0 || Instant::now() < end {
                    session.say(&format!("steps {CALLS}")).await?;
                    steps += session.stepped(3 * CALLS).await?;
                }
                Ok(steps as f64)
            });
        }
        let steps: f64 = all(clients).await?.iter().sum();
        let (took, cpu) = (began.elapsed(), server.cpu()? - cpu);
        self.add("steps.per_second", steps / took.as_secs_f64());
        self.add("steps.cpu", cpu.as_secs_f64() * 1e6 / steps);
        Ok(())
    }
}
