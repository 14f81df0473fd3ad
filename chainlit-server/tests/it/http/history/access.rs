//! Each verb, by each kind of caller.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::*;

/// A request about Ada's conversation, and the statuses for her, for Bob and for nobody.
struct Verb {
    method: &'static str,
    path: String,
    body: Value,
    statuses: [u16; 3],
}

fn verbs() -> Vec<Verb> {
    let get = |path: &str| Verb {
        method: "GET",
        path: format!("/project/thread/{THREAD}{path}"),
        body: Value::Null,
        statuses: [200, 401, 401],
    };
    let send = |method, path: &str, body| Verb {
        method,
        path: path.to_owned(),
        body,
        statuses: [200, 401, 401],
    };
    let feedback = json!({"forId": ANSWER, "threadId": THREAD, "value": 0});
    vec![
        get(""),
        get("/steps"),
        get("/export"),
        get("/export?format=markdown"),
        get("/export?format=html"),
        get(&format!("/element/{ELEMENT}")),
        get(&format!("/element/{ELEMENT}/content")),
        Verb {
            path: format!("/project/share/{THREAD}"),
            // Not even its author has a link to it.
            statuses: [404, 404, 404],
            ..get("")
        },
        Verb {
            path: format!("/project/share/{THREAD}/element/{ELEMENT}/content"),
            statuses: [404, 404, 404],
            ..get("")
        },
        send("PUT", "/project/thread", json!({"threadId": THREAD, "name": "Other"})),
        send("PUT", "/project/thread", json!({"threadId": THREAD, "archived": true})),
        send("PUT", "/project/thread/share", json!({"threadId": THREAD, "isShared": true})),
        send("PUT", "/project/thread/share", json!({"threadId": THREAD, "isShared": false})),
        send("PUT", "/feedback", json!({"feedback": feedback, "sessionId": "x"})),
        send("DELETE", "/feedback", json!({"feedbackId": FEEDBACK})),
        send("DELETE", "/project/thread", json!({"threadId": THREAD})),
    ]
}

/// A server where Ada's element has its content, and sharing is allowed.
async fn start() -> History {
    let setup = Setup::default()
        .config("[features]\nallow_thread_sharing = true\n")
        .file(&format!(".chainlit/storage/threads/{THREAD}/files/{ELEMENT}"), "bytes");
    History::start_setup(setup, |app| app).await
}

#[tokio::test]
async fn nobody_but_the_author_may_do_anything() {
    for verb in verbs() {
        let history = start().await;
        let [ada, bob] = [history.login("ada").await, history.login("bob").await];
        let before = history.kept.threads();
        let Verb { method, path, body, statuses } = verb;
        for (caller, status) in [(&NOBODY, statuses[2]), (&bob, statuses[1])] {
            let answer = history.send(caller, method, &path, body.clone()).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
            let told = answer.text();
            for secret in ["What?", "This.", "tool's", "what the session kept", "bytes"] {
                assert!(!told.contains(secret), "{method} {path}: {told}");
            }
            assert_eq!(history.kept.threads(), before, "{method} {path}");
        }
        let answer = history.send(&ada, method, &path, body).await;
        assert_eq!(answer.status, statuses[0], "{method} {path}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_refusals_are_chainlits() {
    let history = start().await;
    let bob = history.login("bob").await;
    let path = format!("/project/thread/{THREAD}");
    assert_eq!(detail(&history.get(&NOBODY, &path).await), "Invalid authentication token");
    assert_eq!(detail(&history.get(&bob, &path).await), "Unauthorized");
    let unknown = format!("/project/thread/{}", THREAD.replace('6', "7"));
    let answer = history.get(&bob, &unknown).await;
    assert_eq!((answer.status, detail(&answer).as_str()), (404, "Thread not found"));
}

#[tokio::test]
async fn hostile_ids_are_nobodys() {
    let history = start().await;
    let ada = history.login("ada").await;
    let before = history.kept.threads();
    for id in hostile_ids() {
        for (method, path, body) in [
            ("PUT", "/project/thread", json!({"threadId": id, "name": "x"})),
            ("DELETE", "/project/thread", json!({"threadId": id})),
            ("PUT", "/project/thread/share", json!({"threadId": id, "isShared": false})),
            ("DELETE", "/feedback", json!({"feedbackId": id})),
            (
                "PUT",
                "/feedback",
                json!({"feedback": {"forId": id, "threadId": THREAD, "value": 1}}),
            ),
            (
                "PUT",
                "/feedback",
                json!({"feedback": {"forId": ANSWER, "threadId": id, "value": 1}}),
            ),
        ] {
            let answer = history.send(&ada, method, path, body).await;
            assert_eq!(answer.status, 404, "{method} {path} {id:?}: {}", answer.text());
        }
        // One that has a slash in it is another path, which has the page.
        let encoded = utf8_percent_encode(&id, NON_ALPHANUMERIC).to_string();
        for path in [
            format!("/project/thread/{encoded}"),
            format!("/project/thread/{encoded}/steps"),
            format!("/project/thread/{encoded}/export"),
            format!("/project/thread/{encoded}/element/{ELEMENT}/content"),
            format!("/project/thread/{THREAD}/element/{encoded}/content"),
            format!("/project/share/{encoded}"),
            format!("/project/share/{encoded}/element/{encoded}/content"),
        ] {
            let answer = history.get(&ada, &path).await;
            let is_page =
                answer.text().starts_with("<!doctype html>") || id.contains('/') || id.is_empty();
            assert!(answer.status == 404 || is_page, "{path}: {} {}", answer.status, answer.text());
            assert!(
                answer.header("x-evil").is_none() && !answer.text().contains("secret"),
                "{path}"
            );
        }
        let path = format!("/project/thread/{THREAD}/steps?before={encoded}");
        assert!([200, 422].contains(&history.get(&ada, &path).await.status), "{path}");
    }
    assert_eq!(history.kept.threads(), before);
}

#[tokio::test]
async fn without_a_data_layer_nothing_is_there() {
    let server = Setup::default().start().await;
    for (method, path) in [
        ("POST", "/project/threads"),
        ("GET", "/project/thread/x"),
        ("GET", "/project/share/x"),
        ("GET", "/project/thread/x/element/y"),
        ("PUT", "/project/thread"),
        ("PUT", "/project/thread/share"),
        ("DELETE", "/project/thread"),
        ("DELETE", "/feedback"),
    ] {
        let headers = [("Content-Type", "application/json")];
        let answer = server.send_body(method, path, &headers, Some("{}")).await;
        let told = (answer.status, detail(&answer));
        assert_eq!(told, (400, "Data persistence is not enabled".to_owned()), "{method} {path}");
    }
    let headers = [("Content-Type", "application/json")];
    let answer = server.send_body("PUT", "/feedback", &headers, Some("{}")).await;
    assert_eq!(answer.status, 500);
    assert_eq!(detail(&answer), "Data persistence is not enabled");
}

/// Where nobody logs in, conversations are nobody's: no list, and no link by the id alone.
#[tokio::test]
async fn a_conversation_of_nobody_is_not_everybodys() {
    let kept = MemoryDataLayer::new();
    kept.create_step(&message(QUESTION, THREAD, "user_message", "What?", 1)).await.unwrap();
    let app = App::new().on_message(async || {}).data_layer(kept.clone());
    let server = Setup::default().start_app(app).await;
    let answer = server.get(&format!("/project/thread/{THREAD}")).await;
    assert_eq!((answer.status, detail(&answer)), (401, "Unauthorized".to_owned()));
    let answer = server.post_json("/project/threads", r#"{"pagination":{"first":5}}"#).await;
    assert_eq!(answer.status, 401);
    let body =
        json!({"feedback": {"forId": QUESTION, "threadId": THREAD, "value": 1}, "sessionId": "x"});
    let headers = [("Content-Type", "application/json")];
    let answer = server.send_body("PUT", "/feedback", &headers, Some(&body.to_string())).await;
    assert_eq!(answer.status, 401);
    assert!(kept.threads()[0].feedbacks.is_empty());
}
