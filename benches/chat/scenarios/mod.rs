//! What is done to a server. Each scenario gets a fresh one.

mod answer;
mod connect;
mod conversation;
mod echo;
mod flat;
mod paced;
mod slow;
mod start;
mod steps;
mod stream;
mod upload;

use std::time::Duration;

use clap::ValueEnum;
use tokio::task::JoinSet;

use crate::Result;
use crate::browser::Browser;
use crate::report::Results;
use crate::server::{Server, Starter, Which};
use crate::session::{Session, Target};

/// How long one scenario may take.
const PATIENCE: Duration = Duration::from_secs(400);

/// Questions in one chat. A faster server must not be measured with longer chats.
const CHAT: u64 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// From nothing to the first page.
    Start,
    /// Sessions that come and go.
    Connect,
    /// Question and answer.
    Echo,
    /// The same in a long chat.
    Long,
    /// Tokens, flat out and one at a time.
    Stream,
    /// Tokens as a model makes them.
    Paced,
    /// Memory and work with 10 to 10,000 sessions.
    Flat,
    /// Readers that stop.
    Slow,
    /// Steps in steps.
    Steps,
    /// A large file.
    Upload,
    /// A long answer in a browser.
    Answer,
    /// Many messages in a browser.
    Conversation,
}

impl Scenario {
    pub(crate) fn is_in_browser(self) -> bool {
        matches!(self, Self::Answer | Self::Conversation)
    }

    /// Whether that server has what is measured.
    pub(crate) fn is_for(self, which: Which) -> bool {
        match which {
            Which::Ours | Which::Chainlit => true,
            Which::Bare => !self.is_in_browser(),
            Which::PeerPage => self.is_in_browser(),
        }
    }
}

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// How long what has no end is measured.
    pub(crate) time: Duration,
    /// How many sessions are open at once at most.
    pub(crate) most_sessions: usize,
    /// How often a server is started, and its page loaded.
    pub(crate) starts: usize,
    /// How large a file is uploaded.
    pub(crate) upload_bytes: u64,
    /// How long a page gets.
    pub(crate) page_patience: Duration,
}

impl Scale {
    pub(crate) const FULL: Self = Self {
        time: Duration::from_secs(2),
        most_sessions: 10_000,
        starts: 5,
        upload_bytes: 1024 * 1024 * 1024,
        page_patience: Duration::from_secs(60),
    };
    pub(crate) const QUICK: Self = Self {
        time: Duration::from_millis(300),
        most_sessions: 1_000,
        starts: 1,
        upload_bytes: 64 * 1024 * 1024,
        page_patience: Duration::from_secs(20),
    };
}

/// One run of a scenario with one server.
pub(crate) struct Run<'a> {
    pub(crate) starter: &'a Starter,
    pub(crate) browser: Option<&'a Browser>,
    pub(crate) which: Which,
    pub(crate) scale: Scale,
    pub(crate) is_first_round: bool,
    pub(crate) results: &'a mut Results,
}

impl Run<'_> {
    pub(crate) async fn run(&mut self, scenario: Scenario) -> Result {
        let run = async {
            match scenario {
                Scenario::Start => self.start().await,
                Scenario::Connect => self.connect().await,
                Scenario::Echo => self.echo().await,
                Scenario::Long => self.long().await,
                Scenario::Stream => self.stream().await,
                Scenario::Paced => self.paced().await,
                Scenario::Flat => self.flat().await,
                Scenario::Slow => self.slow().await,
                Scenario::Steps => self.steps().await,
                Scenario::Upload => self.upload().await,
                Scenario::Answer => self.answer().await,
                Scenario::Conversation => self.conversation().await,
            }
        };
        tokio::time::timeout(PATIENCE, run).await.map_err(|_| "it took too long")?
    }

    fn add(&mut self, key: &str, value: f64) {
        self.results.add(self.which, key, value);
    }

    async fn server(&self) -> Result<Server> {
        self.starter.start(self.which).await
    }

    /// Lets a browser measure with a fresh server; `row` is the beginning of the rows' names.
    async fn browse(&mut self, row: &str, script: &str, arguments: &[&str]) -> Result {
        let browser = self.browser.ok_or("no browser")?;
        let server = self.server().await?;
        let figures =
            browser.measure(server.address(), script, arguments, self.scale.page_patience);
        let figures = figures.await?;
        for (name, value) in &figures.values {
            self.add(&format!("{row}.{name}"), *value);
        }
        figures.missing.map_or(Ok(()), |missing| Err(format!("{row}: {missing}").into()))
    }
}

/// Opens sessions, 8 at a time.
async fn open(target: Target, count: usize) -> Result<Vec<Session>> {
    let mut opening = JoinSet::new();
    let mut sessions = Vec::with_capacity(count);
    for _ in 0..count {
        if opening.len() == 8
            && let Some(session) = opening.join_next().await
        {
            sessions.push(session??);
        }
        opening.spawn(Session::ready(target));
    }
    while let Some(session) = opening.join_next().await {
        sessions.push(session??);
    }
    Ok(sessions)
}

/// Waits for all tasks; fails with the first one that fails.
async fn all<T: 'static>(mut tasks: JoinSet<Result<T>>) -> Result<Vec<T>> {
    let mut done = Vec::with_capacity(tasks.len());
    while let Some(task) = tasks.join_next().await {
        done.push(task??);
    }
    Ok(done)
}

/// Fails with all that has failed.
fn both(first: Result, second: Result) -> Result {
    match (first, second) {
        (Err(first), Err(second)) => Err(format!("{first}; {second}").into()),
        (first, second) => first.and(second),
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
