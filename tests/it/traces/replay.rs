use std::collections::HashMap;

use chainlit::{App, Config};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::difference::apply;
use super::differences::DIFFERENCES;
use super::recording::{self, Line, What};
use super::tokens::Bindings;
use crate::support::{Client, TestServer};

/// A recording that is played again.
pub(super) struct Replay {
    trace: &'static str,
    app: App,
    config: Config,
    /// What must have happened before a line, by its number.
    before: HashMap<usize, BoxFuture<'static, ()>>,
}

impl Replay {
    /// The recording with that name, with an application like the recorded one.
    pub(super) fn new(trace: &'static str, app: App) -> Self {
        let mut config = Config::default();
        config.ui.name = "Assistant".to_owned();
        config.ui.show_errors = true;
        Self { trace, app, config, before: HashMap::new() }
    }

    /// Changes the configuration.
    pub(super) fn config(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// Does something before the recording's line with that number.
    pub(super) fn before(
        mut self,
        line: usize,
        wait: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        self.before.insert(line, wait.boxed());
        self
    }

    /// Plays the recording from its first line to its last.
    ///
    /// # Panics
    ///
    /// When the server answers with anything else than what was recorded or is named a difference.
    pub(super) async fn run(self) {
        let Self { trace, app, config, mut before } = self;
        let server = TestServer::start_with(app, |default| *default = config).await;
        let mut stage = Stage { server, clients: HashMap::new(), bindings: Bindings::default() };
        let script = apply(trace, recording::read(trace), DIFFERENCES);
        let mut played = 0;
        for line in script {
            if line.number != played {
                played = line.number;
                if let Some(wait) = before.remove(&line.number) {
                    wait.await;
                }
            }
            if let Err(came) = stage.play(&line).await {
                panic!("{trace}, line {}: {:#?}\nbut there came\n{came}", line.number, line.what);
            }
        }
        assert!(before.is_empty(), "lines that are not there: {:?}", before.keys());
        for (name, mut client) in std::mem::take(&mut stage.clients) {
            let more = surplus(&mut client).await;
            assert!(more.is_empty(), "{trace}, {name:?} got more: {more:?}");
        }
        stage.server.stop().await;
    }
}

const CLEAR_SESSION: &str = "42[\"clear_session\"]";

struct Stage {
    server: TestServer,
    clients: HashMap<String, Client>,
    bindings: Bindings,
}

impl Stage {
    /// Plays one line; the error is what came instead.
    async fn play(&mut self, line: &Line) -> Result<(), String> {
        if let What::Action { body, status, answer } = &line.what {
            let body = self.bindings.translate(body);
            let (came_status, came) =
                self.server.request_text("POST", "/project/action", &body).await;
            let agrees = came_status == *status && self.bindings.agree(answer, &came);
            return if agrees { Ok(()) } else { Err(format!("{came_status} {came}")) };
        }
        if !self.clients.contains_key(&line.client) {
            self.clients.insert(line.client.clone(), Client::open(self.server.address).await);
        }
        let client = self.clients.get_mut(&line.client).expect("it was just put there");
        match &line.what {
            What::Sent(frame) => {
                let is_farewell = frame == CLEAR_SESSION;
                let more = if is_farewell { surplus(client).await } else { Vec::new() };
                client.send(self.bindings.translate(frame)).await;
                if more.is_empty() { Ok(()) } else { Err(more.join("\n")) }
            }
            What::SentWith(frame, bytes) => {
                client.send_with(frame, &vec![0; *bytes]).await;
                Ok(())
            }
            What::SentTooMuch => {
                client.say(&"x".repeat(1_100_000)).await;
                Ok(())
            }
            What::Left => {
                let mut client = self.clients.remove(&line.client).expect("it was just used");
                // Who has cleared the session leaves in the same breath.
                let has_cleared = client.last_sent() == CLEAR_SESSION;
                let mut more = if has_cleared { Vec::new() } else { surplus(&mut client).await };
                more.extend(client.leave().await);
                if more.is_empty() { Ok(()) } else { Err(more.join("\n")) }
            }
            What::Accepted => match client.frame().await {
                Some(frame) if frame.starts_with("40{\"sid\":\"") => Ok(()),
                other => Err(format!("{other:?}")),
            },
            What::Came(frame) => match client.frame().await {
                Some(came) if self.bindings.agree(frame, &came) => Ok(()),
                Some(came) => Err(came),
                None => Err("the end".to_owned()),
            },
            What::CameWith(frame, bytes) => {
                let (came, attachment) = (client.frame().await, client.frame().await);
                let agrees = came.as_ref().is_some_and(|came| self.bindings.agree(frame, came))
                    && attachment == Some(recording::attachment(*bytes));
                if agrees { Ok(()) } else { Err(format!("{came:?} {attachment:?}")) }
            }
            What::Closed => {
                let client = self.clients.remove(&line.client);
                match client.expect("it was just used").frame().await {
                    None => Ok(()),
                    Some(frame) => Err(frame),
                }
            }
            What::Action { .. } => unreachable!("played above"),
        }
    }
}

/// What came though it was not expected: everything that the server had written when it read this,
/// because it reads and writes in order.
async fn surplus(client: &mut Client) -> Vec<String> {
    // The server says no to this, after what it said before.
    client.send("40/nowhere,").await;
    let mut more = Vec::new();
    while let Some(frame) = client.frame().await {
        if frame.starts_with("44/nowhere,") {
            break;
        }
        more.push(frame);
    }
    more
}
