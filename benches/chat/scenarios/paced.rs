use std::time::Duration;

use tokio::task::JoinSet;

use super::{Run, all, open};
use crate::Result;
use crate::servers::monotonic_ns;
use crate::stats::quantile;

/// As fast as a quick model speaks.
const PER_SECOND: usize = 50;

/// Bytes of a token: `@`, when it was due, `;`.
fn bytes_of(tokens: usize) -> usize {
    // The clock counts nanoseconds since the machine was started, and gets longer.
    tokens * (monotonic_ns().to_string().len() + 2)
}

impl Run<'_> {
    pub(super) async fn paced(&mut self) -> Result {
        let tokens = (PER_SECOND as f64 * self.scale.time.as_secs_f64()) as usize;
        for count in [100, 400] {
            let server = self.server().await?;
            let sessions = open(server.target(), count).await?;
            let (began, cpu) = (monotonic_ns(), server.cpu()?);
            let mut clients = JoinSet::new();
            for (index, mut session) in sessions.into_iter().enumerate() {
                // Not all at the same moment: users are no choir.
                let wait = Duration::from_secs(1) * index as u32 / (PER_SECOND * count) as u32;
                clients.spawn(async move {
                    tokio::time::sleep(wait).await;
                    session.say(&format!("paced {tokens} {PER_SECOND}")).await?;
                    let mut late = Vec::with_capacity(tokens);
                    let on_text = |text: &[u8]| {
                        let now = monotonic_ns();
                        // Several may have come as one.
                        for due in text.split(|byte| b"@;".contains(byte)) {
                            let due =
                                std::str::from_utf8(due).ok().and_then(|due| due.parse().ok());
                            late.extend(due.map(|due: u64| now.saturating_sub(due) as f64 / 1e6));
                        }
                    };
                    session.streamed(bytes_of(tokens), on_text).await?;
                    if late.len() != tokens {
                        return Err(format!("{} of {tokens} tokens came", late.len()).into());
                    }
                    Ok(late)
                });
            }
            let mut late = all(clients).await?.concat();
            let (took, cpu) = ((monotonic_ns() - began) as f64 / 1e9, server.cpu()? - cpu);
            let tokens = (count * tokens) as f64;
            self.add(&format!("paced.{count}.per_second"), tokens / took);
            self.add(&format!("paced.{count}.p50"), quantile(&mut late, 0.5));
            self.add(&format!("paced.{count}.p99"), quantile(&mut late, 0.99));
            self.add(&format!("paced.{count}.cpu"), cpu.as_secs_f64() * 1e6 / tokens);
        }
        Ok(())
    }
}
