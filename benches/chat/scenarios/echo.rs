use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::{CHAT, Run, all, millis, open};
use crate::Result;
use crate::server::{Server, own_cpu};
use crate::session::Session;
use crate::stats::quantile;

/// What some round trips took.
#[derive(Default)]
struct Talked {
    times: Vec<f64>,
    took: Duration,
    cpu: Duration,
    own: Duration,
}

impl Run<'_> {
    /// All sessions talk, each as fast as it is answered.
    pub(super) async fn echo(&mut self) -> Result {
        for count in [1, 16, 100, 1000] {
            let server = self.server().await?;
            let mut all = Talked::default();
            while all.took < self.scale.time {
                let mut sessions = open(server.target(), count).await?;
                // The first question of a chat is special.
                for session in &mut sessions {
                    session.echo(0).await?;
                }
                let left = self.scale.time - all.took;
                for session in all.talk(&server, sessions, CHAT, left).await? {
                    session.close().await?;
                }
            }
            let trips = all.times.len() as f64;
            let mut add = |name: &str, value| self.add(&format!("echo.{count}.{name}"), value);
            add("per_second", trips / all.took.as_secs_f64());
            add("p50", quantile(&mut all.times, 0.5));
            add("p99", quantile(&mut all.times, 0.99));
            add("cpu", all.cpu.as_secs_f64() * 1e6 / trips);
            if count == 16 {
                add("client", all.own.as_secs_f64() * 1e6 / trips);
            }
        }
        Ok(())
    }

    /// A question must not cost more because many went before it.
    pub(super) async fn long(&mut self) -> Result {
        const SESSIONS: usize = 8;
        /// Sessions times this are answered between the first measurement and the second.
        const LONG: u64 = 500;
        let unbounded = Duration::from_secs(300);
        let server = self.server().await?;
        // A process is slow at first.
        let sessions = open(server.target(), SESSIONS).await?;
        Talked::default().talk(&server, sessions, CHAT, unbounded).await?;
        let sessions = open(server.target(), SESSIONS).await?;
        let (mut short, mut long) = (Talked::default(), Talked::default());
        let sessions = short.talk(&server, sessions, CHAT, unbounded).await?;
        let sessions = Talked::default().talk(&server, sessions, LONG - CHAT, unbounded).await?;
        long.talk(&server, sessions, CHAT, unbounded).await?;
        let micros = |talked: &Talked| talked.cpu.as_secs_f64() * 1e6 / talked.times.len() as f64;
        self.add("long.first", micros(&short));
        self.add("long.late", micros(&long));
        self.add("long.flat", micros(&long) / micros(&short));
        Ok(())
    }
}

impl Talked {
    /// Lets each session ask that many questions, or until the time is over. Gives them back.
    async fn talk(
        &mut self,
        server: &Server,
        sessions: Vec<Session>,
        questions: u64,
        time: Duration,
    ) -> Result<Vec<Session>> {
        let (began, cpu, own) = (Instant::now(), server.cpu()?, own_cpu()?);
        let mut clients = JoinSet::new();
        for mut session in sessions {
            clients.spawn(async move {
                let mut times = Vec::new();
                for number in 0..questions {
                    let asked = Instant::now();
                    session.echo(number).await?;
                    times.push(millis(asked.elapsed()));
                    if began.elapsed() > time {
                        break;
                    }
                }
                Ok((session, times))
            });
        }
        let (sessions, times): (Vec<_>, Vec<_>) = all(clients).await?.into_iter().unzip();
        self.times.extend(times.into_iter().flatten());
        self.took += began.elapsed();
        self.cpu += server.cpu()? - cpu;
        self.own += own_cpu()? - own;
        Ok(sessions)
    }
}
