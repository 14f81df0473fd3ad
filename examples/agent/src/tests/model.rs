//! A server with OpenAI's chat API that says what a test has written.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the server does with one request.
pub(super) enum Turn {
    Say(&'static str),
    Call(Vec<(&'static str, Value)>),
    Refuse(StatusCode),
}

/// The scripted turns that are left, and the requests so far.
#[derive(Default)]
struct Script {
    turns: VecDeque<Turn>,
    requests: Vec<Value>,
}

/// The server; it ends with the test's runtime.
pub(super) struct Model {
    pub(super) base_url: String,
    script: Arc<Mutex<Script>>,
}

impl Model {
    pub(super) async fn start(turns: impl IntoIterator<Item = Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}/v1/", listener.local_addr().unwrap());
        let turns = turns.into_iter().collect();
        let script = Arc::new(Mutex::new(Script { turns, ..Script::default() }));
        let answers = Arc::clone(&script);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let script = Arc::clone(&answers);
                let service =
                    hyper::service::service_fn(move |request| answer(Arc::clone(&script), request));
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(socket), service);
                tokio::spawn(connection);
            }
        });
        Self { base_url, script }
    }

    /// The bodies of the requests so far.
    pub(super) fn requests(&self) -> Vec<Value> {
        self.script.lock().unwrap().requests.clone()
    }
}

async fn answer(
    script: Arc<Mutex<Script>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let is_stream = body["stream"] == true;
    let turn = {
        let mut script = script.lock().unwrap();
        script.requests.push(body);
        script.turns.pop_front().unwrap_or(Turn::Refuse(StatusCode::GONE))
    };
    let message = match turn {
        Turn::Say(text) => json!({ "role": "assistant", "content": text }),
        Turn::Call(calls) => {
            let calls = calls.into_iter().enumerate().map(|(index, (name, arguments))| {
                json!({
                    "index": index,
                    "id": format!("call-{index}"),
                    "type": "function",
                    "function": { "name": name, "arguments": arguments.to_string() },
                })
            });
            json!({ "role": "assistant", "content": null, "tool_calls": calls.collect::<Vec<_>>() })
        }
        Turn::Refuse(status) => {
            let body = json!({ "error": { "message": "no", "type": "refused" } }).to_string();
            let mut response = Response::new(Full::from(body));
            *response.status_mut() = status;
            return Ok(response);
        }
    };
    let reason = if message["tool_calls"].is_array() { "tool_calls" } else { "stop" };
    let (kind, body) = if is_stream {
        ("text/event-stream", stream(&message, reason))
    } else {
        ("application/json", whole(&message, reason).to_string())
    };
    let response = Response::builder().header(CONTENT_TYPE, kind).body(Full::from(body));
    Ok(response.unwrap())
}

fn usage() -> Value {
    json!({ "prompt_tokens": 12, "completion_tokens": 30, "total_tokens": 42 })
}

fn whole(message: &Value, reason: &str) -> Value {
    json!({
        "id": "answer",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny-1",
        "choices": [{ "index": 0, "message": message, "finish_reason": reason }],
        "usage": usage(),
    })
}

/// The same in pieces: the message, why it ends, what it cost.
fn stream(message: &Value, reason: &str) -> String {
    let chunk = |choices: Value, usage: Value| {
        let chunk = json!({
            "id": "answer",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "tiny-1",
            "choices": choices,
            "usage": usage,
        });
        format!("data: {chunk}\n\n")
    };
    [
        chunk(json!([{ "index": 0, "delta": message, "finish_reason": null }]), Value::Null),
        chunk(json!([{ "index": 0, "delta": {}, "finish_reason": reason }]), Value::Null),
        chunk(json!([]), usage()),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat()
}
