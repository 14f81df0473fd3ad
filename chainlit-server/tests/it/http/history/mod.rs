//! Stored conversations over HTTP, with real logins.

mod access;
mod content;
mod export;
mod feedback;
mod hidden;
mod pages;
mod shared;

use std::sync::Arc;

use chainlit_core::wire::{ElementDict, ElementType, MessageDict, StepDict};
use chainlit_core::{
    Credentials, DataLayer, Feedback, FeedbackValue, StepType, ThreadStep, ThreadUpdate, Timestamp,
    User,
};
use chainlit_server::App;
use chainlit_server::config::Env;
use chainlit_server::testing::MemoryDataLayer;
use serde_json::{Value, json};

use super::client::Answer;
use super::server::{Server, Setup};

/// Ada's conversation, and what is in it.
pub(super) const THREAD: &str = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0001";
pub(super) const QUESTION: &str = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0002";
pub(super) const TOOL: &str = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0003";
pub(super) const ANSWER: &str = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0004";
pub(super) const ELEMENT: &str = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0005";
pub(super) const FEEDBACK: &str = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0006";

/// Bob's conversation with one message.
pub(super) const BOBS: &str = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0011";
pub(super) const BOBS_MESSAGE: &str = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0012";

/// Ids that nothing has, and that no path, header or statement may be built from.
pub(super) fn hostile_ids() -> Vec<String> {
    let texts = ["", "..", "../../secret.txt", ".", "/etc/passwd", "a\\..\\b", "C:\\x", "ä", " "];
    let more = ["a\0b", "a\r\nX-Evil: 1", "' OR 1=1 --", "%2e%2e%2fsecret.txt", "{\"$ne\":1}", "*"];
    let mut ids: Vec<String> = texts.into_iter().chain(more).map(str::to_owned).collect();
    ids.push("x".repeat(10_000));
    ids
}

/// A server with conversations of two users.
pub(super) struct History {
    pub(super) server: Server,
    pub(super) kept: MemoryDataLayer,
}

/// Who sends a request: the value of the `Cookie` header.
pub(super) struct Caller(Option<String>);

pub(super) const NOBODY: Caller = Caller(None);

impl History {
    pub(super) async fn start() -> Self {
        Self::start_with("", |app| app).await
    }

    /// With further configuration, and with an application that has more functions.
    pub(super) async fn start_with(config: &str, change: impl FnOnce(App) -> App) -> Self {
        Self::start_setup(Setup::default().config(config), change).await
    }

    pub(super) async fn start_setup(setup: Setup, change: impl FnOnce(App) -> App) -> Self {
        let kept = MemoryDataLayer::new();
        fill(&kept).await;
        let app = App::new()
            .on_message(async || {})
            .password_auth_callback(async |credentials: Credentials| {
                (credentials.password == "secret").then(|| User::new(credentials.username))
            })
            .data_layer(kept.clone())
            .env(Env::from_pairs([("CHAINLIT_AUTH_SECRET", "0123456789abcdef0123456789abcdef")]));
        let server = setup.start_app(change(app)).await;
        Self { server, kept }
    }

    pub(super) async fn login(&self, name: &str) -> Caller {
        let body = format!("username={name}&password=secret");
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let answer = self.server.send_body("POST", "/login", &headers, Some(&body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookie = answer.header("set-cookie").expect("a login sets a cookie");
        Caller(cookie.split(';').next().map(str::to_owned))
    }

    pub(super) async fn get(&self, caller: &Caller, path: &str) -> Answer {
        let cookie = caller.0.as_deref().map(|cookie| ("Cookie", cookie));
        self.server.send("GET", path, cookie.as_slice()).await
    }

    pub(super) async fn send(
        &self,
        caller: &Caller,
        method: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(caller.0.as_deref().map(|cookie| ("Cookie", cookie)));
        self.server.send_body(method, path, &headers, Some(&body.to_string())).await
    }

    /// The titles of the conversations that the caller is shown.
    pub(super) async fn titles(&self, caller: &Caller, filter: Value) -> Vec<String> {
        let body = json!({"pagination": {"first": 20}, "filter": filter});
        let answer = self.send(caller, "POST", "/project/threads", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let threads = answer.json()["data"].as_array().unwrap().clone();
        threads.iter().map(|thread| thread["name"].as_str().unwrap_or("-").to_owned()).collect()
    }
}

pub(super) fn detail(answer: &Answer) -> String {
    answer.json()["detail"].as_str().unwrap_or_default().to_owned()
}

fn message(id: &str, thread_id: &str, kind: &str, text: &str, micros: i64) -> ThreadStep {
    let time = Timestamp::from_micros(1_795_228_047_000_000 + micros).to_string();
    let dict: MessageDict = serde_json::from_value(json!({
        "id": id, "threadId": thread_id, "parentId": null, "createdAt": time, "command": null,
        "modes": null, "start": time, "end": time, "output": text, "name": kind, "type": kind,
        "language": null, "streaming": false, "isError": false, "waitForAnswer": false,
        "metadata": {}, "tags": null,
    }))
    .unwrap();
    ThreadStep::Message(Arc::new(dict))
}

fn tool() -> ThreadStep {
    let mut step = StepDict::new(TOOL, THREAD, "search", StepType::Tool);
    step.created_at = Some(Timestamp::from_micros(1_795_228_047_000_000 + 2));
    (step.input, step.output) = ("tool's input".to_owned(), "tool's output".to_owned());
    ThreadStep::Step(Arc::new(step))
}

pub(super) fn element(id: &str, for_id: &str) -> ElementDict {
    let mut element = ElementDict::new(id, THREAD, ElementType::Image, "dot.png");
    element.for_id = for_id.into();
    element.mime = Some("image/png".to_owned());
    element.object_key = Some(format!("threads/{THREAD}/files/{id}"));
    element
}

async fn fill(kept: &MemoryDataLayer) {
    for (name, thread, title) in [("ada", THREAD, "Ada's"), ("bob", BOBS, "Bob's")] {
        let user = kept.create_user(&User::new(name)).await.unwrap();
        let mut metadata = serde_json::Map::new();
        metadata.insert("api_key".to_owned(), json!("what the session kept"));
        let update = ThreadUpdate {
            name: Some(title.to_owned()),
            user_id: Some(user.id),
            user_identifier: Some(name.to_owned()),
            metadata: Some(metadata),
            ..ThreadUpdate::new(thread)
        };
        kept.update_thread(&update).await.unwrap();
    }
    kept.create_step(&message(QUESTION, THREAD, "user_message", "What?", 1)).await.unwrap();
    kept.create_step(&tool()).await.unwrap();
    kept.create_step(&message(ANSWER, THREAD, "assistant_message", "This.", 3)).await.unwrap();
    kept.create_step(&message(BOBS_MESSAGE, BOBS, "user_message", "Mine.", 1)).await.unwrap();
    kept.create_element(&element(ELEMENT, ANSWER)).await.unwrap();
    let feedback = Feedback {
        id: Some(FEEDBACK.to_owned()),
        for_id: ANSWER.to_owned(),
        thread_id: Some(THREAD.to_owned()),
        value: FeedbackValue::Positive,
        comment: Some("good".to_owned()),
    };
    kept.upsert_feedback(&feedback).await.unwrap();
}
