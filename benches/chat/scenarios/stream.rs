use std::time::Instant;

use tokio::task::JoinSet;

use super::{Run, all, millis, open};
use crate::Result;
use crate::server::own_cpu;
use crate::session::{Session, TOKEN};
use crate::stats::quantile;

/// Tokens of one answer.
const TOKENS: usize = 2000;

const SESSIONS: usize = 8;

impl Run<'_> {
    pub(super) async fn stream(&mut self) -> Result {
        for kind in ["stream", "yield"] {
            let server = self.server().await?;
            let mut sessions = open(server.target(), SESSIONS).await?;
            if kind == "stream" {
                sessions = self.burst(sessions).await?;
            }
            let (began, cpu, own) = (Instant::now(), server.cpu()?, own_cpu()?);
            let end = began + self.scale.time;
            let mut clients = JoinSet::new();
            for mut session in sessions {
                clients.spawn(async move {
                    let (mut tokens, mut frames) = (0, 0);
                    while tokens == 0 || Instant::now() < end {
                        session.say(&format!("{kind} {TOKENS}")).await?;
                        frames += session.streamed(TOKENS * TOKEN.len(), |_| {}).await?;
                        tokens += TOKENS;
                    }
                    Ok((tokens as f64, frames as f64))
                });
            }
            let done = all(clients).await?;
            let (took, cpu, own) = (began.elapsed(), server.cpu()? - cpu, own_cpu()? - own);
            let tokens: f64 = done.iter().map(|(tokens, _)| tokens).sum();
            let frames: f64 = done.iter().map(|(_, frames)| frames).sum();
            self.add(&format!("{kind}.per_second"), tokens / took.as_secs_f64());
            self.add(&format!("{kind}.cpu"), cpu.as_secs_f64() * 1e6 / tokens);
            self.add(&format!("{kind}.frames"), 1000.0 * frames / tokens);
            if kind == "stream" {
                self.add("stream.client", own.as_secs_f64() * 1e6 / tokens);
            }
        }
        Ok(())
    }

    /// All sessions ask at once, one time: when does the first word come, when the last?
    async fn burst(&mut self, sessions: Vec<Session>) -> Result<Vec<Session>> {
        let mut clients = JoinSet::new();
        for mut session in sessions {
            clients.spawn(async move {
                let began = Instant::now();
                let (mut first, mut last) = (None, began);
                session.say(&format!("stream {TOKENS}")).await?;
                let on_text = |_: &[u8]| {
                    last = Instant::now();
                    first.get_or_insert(last);
                };
                session.streamed(TOKENS * TOKEN.len(), on_text).await?;
                let first = first.ok_or("no token came")?;
                Ok((session, millis(first - began), millis(last - began)))
            });
        }
        let (mut first, mut last, mut sessions) = (Vec::new(), Vec::new(), Vec::new());
        for (session, first_token, last_token) in all(clients).await? {
            first.push(first_token);
            last.push(last_token);
            sessions.push(session);
        }
        self.add("stream.first", quantile(&mut first, 0.5));
        self.add("stream.last", quantile(&mut last, 0.99));
        Ok(sessions)
    }
}
