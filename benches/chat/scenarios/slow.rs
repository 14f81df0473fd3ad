use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Run, all, millis, open};
use crate::Result;
use crate::server::Server;
use crate::session::{Session, TOKEN, Target};
use crate::stats::quantile;

/// Tokens of the stream that is not read: each is a frame of about 115 bytes when it comes alone.
const TOKENS: usize = 220_000;

/// Sessions that go on talking.
const OTHERS: usize = 8;

/// How often each of them says something: their answers are to be timed, not to fill the server.
const PAUSE: Duration = Duration::from_millis(100);

/// Between two looks at a server's memory.
const STEP: Duration = Duration::from_millis(250);

/// How long a server may take to come to rest.
const REST_PATIENCE: Duration = Duration::from_secs(40);

impl Run<'_> {
    pub(super) async fn slow(&mut self) -> Result {
        for count in [1, 4] {
            self.slow_memory(count).await?;
            self.slow_others(count).await?;
        }
        Ok(())
    }

    /// What a server holds for those who do not read, and whether they get it all later.
    async fn slow_memory(&mut self, count: usize) -> Result {
        let server = self.server().await?;
        let mut slow = stopped(server.target(), count).await?;
        tokio::time::sleep(STEP).await;
        let empty = server.rss()?;
        for session in &mut slow {
            session.say(&format!("stream {TOKENS}")).await?;
        }
        rest(&server).await?;
        let growth = server.rss()?.saturating_sub(empty) as f64 / 1024.0 / 1024.0;
        let mut complete = 0;
        for session in &mut slow {
            match session.streamed(TOKENS * TOKEN.len(), |_| {}).await {
                Ok(_) => complete += 1,
                Err(error) => eprintln!("  a stopped reader that reads on: {error}"),
            }
        }
        self.add(&format!("slow.{count}.mib"), growth / count as f64);
        self.add(&format!("slow.{count}.complete"), f64::from(complete));
        Ok(())
    }

    /// What others feel of them.
    async fn slow_others(&mut self, count: usize) -> Result {
        let server = self.server().await?;
        let mut slow = stopped(server.target(), count).await?;
        let others = Others::start(server.target()).await?;
        tokio::time::sleep(self.scale.time).await;
        let before = others.stop().await?;
        let others = Others::start(server.target()).await?;
        for session in &mut slow {
            session.say(&format!("stream {TOKENS}")).await?;
        }
        tokio::time::sleep(self.scale.time).await;
        let during = others.stop().await?;
        self.add(&format!("slow.{count}.before"), before);
        self.add(&format!("slow.{count}.during"), during);
        self.add(&format!("slow.{count}.moved"), during / before);
        Ok(())
    }
}

/// Sessions that nobody reads from now on.
async fn stopped(target: Target, count: usize) -> Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for _ in 0..count {
        sessions.push(Session::ready_and_slow(target).await?);
    }
    Ok(sessions)
}

/// Waits until the server's memory has stood still for a while.
async fn rest(server: &Server) -> Result {
    const NOISE: u64 = 64 * 1024;
    let began = Instant::now();
    let (mut last, mut still) = (server.rss()?, 0);
    while still < 6 && began.elapsed() < REST_PATIENCE {
        tokio::time::sleep(STEP).await;
        let now = server.rss()?;
        still = if now.abs_diff(last) < NOISE { still + 1 } else { 0 };
        last = now;
    }
    Ok(())
}

/// Sessions that talk now and then.
struct Others {
    clients: JoinSet<Result<Vec<f64>>>,
    stop: CancellationToken,
}

impl Others {
    async fn start(target: Target) -> Result<Self> {
        let stop = CancellationToken::new();
        let mut clients = JoinSet::new();
        for (index, mut session) in open(target, OTHERS).await?.into_iter().enumerate() {
            let stop = stop.clone();
            clients.spawn(async move {
                let mut times = Vec::new();
                tokio::time::sleep(PAUSE * index as u32 / OTHERS as u32).await;
                while !stop.is_cancelled() {
                    let began = Instant::now();
                    session.echo(times.len() as u64).await?;
                    times.push(millis(began.elapsed()));
                    tokio::time::sleep(PAUSE).await;
                }
                Ok(times)
            });
        }
        Ok(Self { clients, stop })
    }

    /// Milliseconds of the median round trip.
    async fn stop(self) -> Result<f64> {
        self.stop.cancel();
        Ok(quantile(&mut all(self.clients).await?.concat(), 0.5))
    }
}
