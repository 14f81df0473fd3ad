//! Messages and elements that are removed, shown again, or shown somewhere else.

use chainlit::{self as cl, Action, App, Content, Text, testing::TestApp};
use serde_json::json;

async fn go() {}

async fn screen_of(app: App) -> cl::testing::Screen {
    let app = TestApp::start(app.action_callback("go", go)).await;
    let ada = app.user("ada").await;
    ada.send("show").await;
    let screen = ada.screen();
    for element in screen.entries.iter().flat_map(|entry| &entry.elements) {
        ada.load(element).await.unwrap();
    }
    app.shutdown().await;
    screen
}

#[tokio::test]
async fn a_removed_message_that_comes_again_is_whole() {
    async fn show() -> cl::Result {
        let mut message = cl::Message::new("x")
            .action(Action::new("go", json!({})))
            .element(Text::new("hi").name("note"));
        message.send().await?;
        message.remove().await?;
        message.send().await?;
        Ok(())
    }
    let screen = screen_of(App::new().on_message(show)).await;
    let message = screen.messages().last().unwrap();
    assert_eq!((message.actions.len(), message.elements.len()), (1, 1), "{screen:?}");
}

#[tokio::test]
async fn an_element_stays_with_the_message_that_shows_it_now() {
    async fn show() -> cl::Result {
        let note = Text::new("hi").name("note");
        let mut first = cl::Message::new("1").element(note.clone());
        first.send().await?;
        cl::Message::new("2").element(note).send().await?;
        first.remove().await?;
        Ok(())
    }
    let screen = screen_of(App::new().on_message(show)).await;
    assert_eq!(screen.answers(), ["2"]);
    assert_eq!(screen.messages().last().unwrap().elements.len(), 1, "{screen:?}");
}

#[tokio::test]
async fn a_message_changes_after_an_element_of_it_is_gone() {
    async fn show() -> cl::Result {
        let parts = futures_util::stream::iter([Ok("once".into())]);
        let note = Text::new(Content::stream(parts)).name("note");
        let mut message = cl::Message::new("1").element(note);
        message.send().await?;
        message.elements[0].remove().await?;
        message.content = "2".to_owned();
        message.update().await?;
        Ok(())
    }
    let screen = screen_of(App::new().on_message(show)).await;
    assert_eq!(screen.answers(), ["2"]);
    assert!(screen.element("note").is_none());
}

#[tokio::test]
async fn buttons_count_as_memory_of_the_chat_context() {
    async fn show(session: cl::Session) -> cl::Result {
        for n in 0..20 {
            let payload = json!({ "text": "a".repeat(20_000) });
            let button = Action::new("go", payload);
            cl::Message::new(n.to_string()).action(button).send().await?;
        }
        let kept = session.chat_context().messages().len();
        cl::Message::new(if kept < 5 { "bounded" } else { "all kept" }).send().await?;
        Ok(())
    }
    let app = App::new().on_message(show).action_callback("go", go);
    let app = TestApp::start_with(app, |config| config.limits.chat_context_bytes = 100_000).await;
    let ada = app.user("ada").await;
    ada.send("show").await;
    assert_eq!(ada.screen().last_answer(), Some("bounded"));
    app.shutdown().await;
}

#[tokio::test]
async fn another_content_tells_its_own_type() {
    async fn show() -> cl::Result {
        let svg = r#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>"#;
        let mut picture = cl::Image::new(svg).name("picture");
        let mut message = cl::Message::new("x").element(picture.clone());
        message.send().await?;
        let session = cl::Context::current().session().clone();
        let shown = session.emitter().element(&picture.id).ok_or("not shown")?;
        cl::Message::new(shown.mime.unwrap_or_default()).send().await?;
        picture.set_content(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR0000000000000000".to_vec());
        picture.update().await?;
        Ok(())
    }
    let screen = screen_of(App::new().on_message(show)).await;
    assert_eq!(screen.answers(), ["x", "image/svg+xml"]);
    assert_eq!(screen.element("picture").unwrap()["mime"], "image/png");
}

#[tokio::test]
async fn a_file_that_has_changed_is_fetched_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.txt");
    let report = path.clone();
    let app = App::new().on_message(move |message: cl::Message| {
        let path = report.clone();
        async move {
            std::fs::write(&path, "one")?;
            let mut file = cl::File::path(&path);
            file.send(&message.id).await?;
            std::fs::write(&path, "two and more")?;
            file.update().await?;
            Ok::<(), cl::BoxError>(())
        }
    });
    let app = TestApp::start(app).await;
    let ada = app.user("ada").await;
    let first = ada.send("show").await;
    let screen = ada.until(|screen| screen.element("report.txt").is_some()).await;
    let shown = screen.entries.iter().find(|entry| entry.id == first).unwrap();
    let content = ada.load(&shown.elements[0]).await.unwrap();
    assert_eq!(content, "two and more");
    app.shutdown().await;
}
