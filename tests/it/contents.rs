//! What messages show outlives their session: its bytes are kept, found again, and removed.

use std::path::Path;
use std::time::Duration;

use chainlit::testing::{MemoryDataLayer, TestApp};
use chainlit::{self as cl, App, CustomElement, Image, Text};
use serde_json::{Value, json};

use crate::support::layer::TestLayer;
use crate::support::{Answer, TestServer, files_below};

/// Signs the tokens, which are good after a restart.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Longer than it takes until a change is written.
const FLUSHED: Duration = Duration::from_secs(1);

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n the rest of a picture";

async fn show(message: cl::Message) -> cl::Result {
    let mut answer = cl::Message::new(message.content.clone());
    answer = match message.content.as_str() {
        "picture" => answer.element(Image::new(PICTURE.to_vec()).name("cat.png")),
        "form" => answer.element(CustomElement::new("Counter").prop("n", 0)),
        _ => answer,
    };
    answer.send().await?;
    Ok(())
}

async fn hold(text: &'static str) -> cl::Result {
    let mut first = cl::Message::new("held").element(Text::new(text).name("note"));
    first.send().await?;
    first.remove().await?;
    Ok(())
}

fn app(layer: impl cl::DataLayer + Clone) -> App {
    App::new()
        .env(cl::config::Env::from_pairs([("CHAINLIT_AUTH_SECRET", SECRET)]))
        .password_auth_callback(async |credentials: cl::Credentials| {
            Some(cl::User::new(credentials.username))
        })
        .on_message(show)
        .data_layer(layer)
}

async fn start(app: App, root: &Path) -> TestApp {
    let folder = root.join("kept").display().to_string();
    TestApp::start_with(app, |config| {
        config.data.storage_url = Some(folder);
    })
    .await
}

fn kept(root: &Path) -> Vec<String> {
    files_below(&root.join("kept"))
}

#[tokio::test]
async fn elements_and_uploads_of_a_conversation_are_there_after_a_restart() {
    let (root, layer) = (tempfile::tempdir().unwrap(), MemoryDataLayer::new());
    let first = start(app(layer.clone()), root.path()).await;
    let mut ada = first.login("ada", "x").await.unwrap();
    ada.send("picture").await;
    let attached = ada.attach("list.csv", "text/csv", b"a,b").await.unwrap();
    ada.send_with("look", &[attached]).await;
    let thread_id = ada.screen().thread_id.unwrap();
    first.shutdown().await;
    let rows = layer.threads()[0].elements.clone();
    assert_eq!(rows.len(), 2, "{rows:#?}");
    for row in &rows {
        let key = format!("threads/{thread_id}/files/{}", row.id);
        assert_eq!(row.object_key.as_deref(), Some(&*key));
        let url = format!("/project/thread/{thread_id}/element/{}/content", row.id);
        assert_eq!(row.url.as_deref(), Some(&*url));
    }

    let second = start(app(layer.clone()), root.path()).await;
    ada.reload_at(&second, &thread_id, false).await;
    let screen = ada.until(|screen| screen.element("list.csv").is_some()).await;
    assert_eq!(ada.load(screen.element("cat.png").unwrap()).await.unwrap(), PICTURE);
    assert_eq!(ada.load(screen.element("list.csv").unwrap()).await.unwrap(), "a,b");
    // A change of something else does not take the rows' contents away.
    ada.send("more").await;
    second.shutdown().await;
    assert_eq!(layer.threads()[0].elements, rows);
}

async fn get(server: &TestServer, path: &str, headers: &str) -> Answer {
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n",
        server.address
    );
    server.raw(request.as_bytes()).await
}

async fn cookie(server: &TestServer, name: &str) -> String {
    let body = format!("username={name}&password=x");
    let request = format!(
        "POST /login HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    );
    let answer = server.raw(request.as_bytes()).await;
    let pairs = answer.all("set-cookie").filter_map(|cookie| cookie.split(';').next());
    format!("cookie: {}\r\n", pairs.collect::<Vec<_>>().join("; "))
}

#[tokio::test]
async fn a_content_is_sent_in_parts_and_to_its_author_alone() {
    let (root, layer) = (tempfile::tempdir().unwrap(), MemoryDataLayer::new());
    let first = start(app(layer.clone()), root.path()).await;
    let ada = first.login("ada", "x").await.unwrap();
    ada.send("picture").await;
    first.shutdown().await;
    let url = layer.threads()[0].elements[0].url.clone().unwrap();

    let folder = root.path().join("kept").display().to_string();
    let change = |config: &mut cl::config::Config| config.data.storage_url = Some(folder);
    let server = TestServer::start_with(app(layer.clone()), change).await;
    let (ada, bob) = (cookie(&server, "ada").await, cookie(&server, "bob").await);
    let whole = get(&server, &url, &ada).await;
    assert_eq!((whole.status, whole.body.as_slice()), (200, PICTURE));
    assert_eq!(whole.header("content-type"), "image/png");
    let part = get(&server, &url, &format!("{ada}range: bytes=1-3\r\n")).await;
    assert_eq!((part.status, part.body.as_slice()), (206, &b"PNG"[..]));
    for headers in [&*bob, ""] {
        assert_eq!(get(&server, &url, headers).await.status, 401);
    }
}

/// Where nobody logs in, the session has its own conversation's contents.
#[tokio::test]
async fn without_a_login_the_session_opens_what_it_kept() {
    let (root, layer) = (tempfile::tempdir().unwrap(), MemoryDataLayer::new());
    let app = || App::new().on_message(show).data_layer(layer.clone());
    let first = start(app(), root.path()).await;
    let mut ada = first.user("ada").await;
    ada.send("picture").await;
    let thread_id = ada.screen().thread_id.unwrap();
    first.shutdown().await;
    let second = start(app(), root.path()).await;
    ada.reload_at(&second, &thread_id, false).await;
    let screen = ada.until(|screen| screen.element("cat.png").is_some()).await;
    let picture = screen.element("cat.png").unwrap();
    assert_eq!(ada.load(picture).await.unwrap(), PICTURE);
    let eve = second.user("eve").await;
    let mut guessed = picture.clone();
    guessed["url"] =
        json!(picture["url"].as_str().unwrap().replace(ada.session_id(), eve.session_id()));
    assert_eq!(eve.load(&guessed).await.unwrap_err(), "Unauthorized");
    second.shutdown().await;
}

#[tokio::test]
async fn a_content_goes_with_its_message_with_an_edit_and_with_its_thread() {
    let (root, layer) = (tempfile::tempdir().unwrap(), MemoryDataLayer::new());
    let app = app(layer.clone()).on_chat_start(async || hold("x").await);
    let app = start(app, root.path()).await;
    let ada = app.login("ada", "x").await.unwrap();
    let first = ada.send("picture").await;
    ada.send("picture").await;
    let thread_id = ada.screen().thread_id.unwrap();
    let path = format!("/project/thread/{thread_id}");
    let thread = ada.call("GET", &path, &Value::Null).await.unwrap();
    assert_eq!(thread["elements"].as_array().unwrap().len(), 2, "{thread}");
    assert_eq!(kept(root.path()).len(), 2);

    ada.edit(&first, "no picture").await;
    ada.call("GET", &path, &Value::Null).await.unwrap();
    let bob = app.login("bob", "x").await.unwrap();
    bob.send("picture").await;
    app.shutdown().await;
    assert_eq!(kept(root.path()).len(), 1, "bob's: {:?}", kept(root.path()));

    let app = start(self::app(layer.clone()), root.path()).await;
    let bob = app.login("bob", "x").await.unwrap();
    let threads = layer.threads();
    let bobs =
        threads.iter().find(|thread| thread.summary.user_identifier.as_deref() == Some("bob"));
    let body = json!({"threadId": bobs.unwrap().summary.id});
    bob.call("DELETE", "/project/thread", &body).await.unwrap();
    app.shutdown().await;
    assert_eq!(kept(root.path()), [""; 0]);
    assert_eq!(layer.threads().len(), 1);
}

/// A bucket that is away keeps nobody from being recorded, and gets its contents when it is back,
/// though their sessions are over.
#[tokio::test]
async fn what_the_storage_does_not_take_is_kept_for_it() {
    let (root, layer) = (tempfile::tempdir().unwrap(), TestLayer::new());
    // A file where the folder is to be.
    std::fs::write(root.path().join("kept"), "in the way").unwrap();
    let app = start(app(layer.clone()), root.path()).await;
    let ada = app.login("ada", "x").await.unwrap();
    ada.send("picture").await;
    ada.leave().await;
    tokio::time::timeout(Duration::from_secs(60), async {
        while layer.kept.threads().first().is_none_or(|thread| thread.messages().count() < 2) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .unwrap();
    assert!(layer.thread().elements.is_empty(), "not before its content is there");
    std::fs::remove_file(root.path().join("kept")).unwrap();
    app.shutdown().await;
    let element = layer.thread().elements.remove(0);
    let path = root.path().join("kept").join(element.object_key.unwrap());
    assert_eq!(std::fs::read(path).unwrap(), PICTURE);
}

#[tokio::test(start_paused = true)]
async fn the_props_of_a_component_change_and_its_row_stays_whole() {
    let (root, layer) = (tempfile::tempdir().unwrap(), TestLayer::new());
    let app = start(app(layer.clone()), root.path()).await;
    let ada = app.login("ada", "x").await.unwrap();
    ada.send("form").await;
    tokio::time::sleep(FLUSHED).await;
    let before = layer.thread().elements;
    let element = ada.screen().element("Counter").unwrap().clone();
    ada.update_element(&element, json!({"n": 1})).await.unwrap();
    app.shutdown().await;
    let after = layer.thread().elements;
    assert_eq!(after[0].props.as_ref().unwrap()["n"], 1);
    assert_eq!(before[0].object_key.is_some(), after[0].object_key.is_some());
}
