use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use super::{CHAT, Run, all, open};
use crate::Result;
use crate::server::Which;
use crate::session::Session;

/// Sessions that talk at the same time.
const TALKING: usize = 16;

impl Run<'_> {
    /// Memory and work per session must not depend on how many there are.
    pub(super) async fn flat(&mut self) -> Result {
        let (mut memory, mut work) = (Vec::new(), Vec::new());
        for count in [10, 100, 1000, 10_000] {
            // A minute each time, for a figure that hardly moves.
            let is_long = self.which == Which::Chainlit && count > 1000 && !self.is_first_round;
            if count > self.scale.most_sessions || is_long {
                continue;
            }
            allow_files(count as u64 + 200)?;
            let server = self.server().await?;
            // What a server keeps for any number of sessions is no part of theirs.
            for mut session in open(server.target(), TALKING).await? {
                session.echo(0).await?;
                session.close().await?;
            }
            tokio::time::sleep(self.scale.time / 3).await;
            let empty = server.rss()?;
            let sessions = open(server.target(), count).await?;
            let mut parked: VecDeque<Parked> = sessions.into_iter().map(Parked::new).collect();
            tokio::time::sleep(self.scale.time / 3).await;
            let kib = server.rss()?.saturating_sub(empty) as f64 / 1024.0 / count as f64;
            self.add(&format!("flat.{count}.kib"), kib);
            memory.push(kib);

            let cpu = server.cpu()?;
            let trips = talk(&mut parked, self.scale.time).await?;
            let micros = (server.cpu()? - cpu).as_secs_f64() * 1e6 / trips as f64;
            self.add(&format!("flat.{count}.cpu"), micros);
            work.push(micros);
            for session in parked {
                session.unpark().await?.close().await?;
            }
        }
        if let ([_, memory_few, _, memory_many], [work_few, .., work_many]) =
            (&memory[..], &work[..])
        {
            self.add("flat.kib", memory_many / memory_few);
            self.add("flat.cpu", work_many / work_few);
        }
        Ok(())
    }
}

/// Lets some sessions talk at a time, all of them in turn: each once, and as often as there is time
/// for, within the length of a chat. Gives the number of round trips.
async fn talk(parked: &mut VecDeque<Parked>, time: Duration) -> Result<usize> {
    let end = Instant::now() + time;
    let (least, most) = (parked.len(), parked.len() * CHAT as usize);
    let mut talking = JoinSet::new();
    let mut trips = 0;
    while trips < least || (trips < most && Instant::now() < end) {
        if let Some(session) = parked.pop_front() {
            let number = trips as u64;
            talking.spawn(async move {
                let mut session = session.unpark().await?;
                session.echo(number).await?;
                Ok::<_, chainlit::BoxError>(session)
            });
            trips += 1;
        }
        if (talking.len() == TALKING || parked.is_empty())
            && let Some(session) = talking.join_next().await
        {
            parked.push_back(Parked::new(session??));
        }
    }
    parked.extend(all(talking).await?.into_iter().map(Parked::new));
    Ok(trips)
}

/// A session that only answers heartbeats.
struct Parked {
    unpark: oneshot::Sender<()>,
    task: JoinHandle<Result<Session>>,
}

impl Parked {
    fn new(mut session: Session) -> Self {
        let (unpark, unparked) = oneshot::channel();
        let task = tokio::spawn(async move {
            tokio::select! {
                _ = unparked => Ok(session),
                error = session.idle() => Err(error),
            }
        });
        Self { unpark, task }
    }

    async fn unpark(self) -> Result<Session> {
        // A task that has ended says why.
        let _ = self.unpark.send(());
        self.task.await?
    }
}

/// Lets this process, and the servers that it starts, open that many files.
fn allow_files(count: u64) -> Result {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= count) {
        return Ok(());
    }
    let raised = Rlimit { current: Some(count), maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised)
        .map_err(|error| format!("{count} open files are needed (`ulimit -n`): {error}").into())
}
