//! Files of what the page shows no more make room for others.

use chainlit::{self as cl, App, Text, testing::TestApp, testing::TestUser};

/// An application whose chats keep three files, and whose users may attach some.
async fn small(app: App) -> TestApp {
    let change = |config: &mut cl::Config| {
        config.limits.files_per_session = 3;
        config.features.spontaneous_file_upload.get_or_insert_default().enabled = Some(true);
    };
    TestApp::start_with(app, change).await
}

async fn count(session: &cl::Session) -> cl::Result {
    let files = session.files().list().len();
    cl::Message::new(format!("{files} files")).send().await?;
    Ok(())
}

fn no_error(user: &TestUser) {
    let screen = user.screen();
    assert!(screen.entries.iter().all(|entry| !entry.is_error), "{screen}");
}

#[tokio::test]
async fn answers_that_an_edit_takes_away_free_their_files() {
    async fn answer(session: cl::Session) -> cl::Result {
        let note = Text::new("hi").name("note");
        cl::Message::new("x").element(note).send().await?;
        count(&session).await
    }
    let app = small(App::new().on_message(answer)).await;
    let ada = app.user("ada").await;
    let id = ada.send("0").await;
    for n in 1..=10 {
        ada.edit(&id, &n.to_string()).await;
        no_error(&ada);
    }
    assert_eq!(ada.screen().answers(), ["x", "1 files"]);
    ada.load(ada.screen().element("note").unwrap()).await.unwrap();
    app.shutdown().await;
}

#[tokio::test]
async fn a_side_bar_that_is_replaced_frees_its_files() {
    async fn show(message: cl::Message, session: cl::Session) -> cl::Result {
        let key = (message.content == "same").then_some("key");
        let draft = Text::new(message.content).name("draft");
        cl::ElementSidebar::set_elements([draft], key).await?;
        count(&session).await
    }
    let app = small(App::new().on_message(show)).await;
    let mut ada = app.user("ada").await;
    for text in ["other"; 10].into_iter().chain(["same"; 10]) {
        ada.send(text).await;
        no_error(&ada);
    }
    ada.reload().await;
    let shown = ada.until(|screen| !screen.sidebar.is_empty()).await.sidebar;
    assert_eq!(ada.load(&shown[0]).await.unwrap(), "same");
    app.shutdown().await;
}

#[tokio::test]
async fn attachments_go_with_the_message_that_is_edited_away() {
    async fn answer(message: cl::Message, session: cl::Session) -> cl::Result {
        for file in &message.files {
            tokio::fs::read(&file.path).await?;
        }
        count(&session).await
    }
    let app = small(App::new().on_message(answer)).await;
    let ada = app.user("ada").await;
    let kept = ada.attach("kept.txt", "text/plain", b"kept").await.unwrap();
    let first = ada.send_with("first", &[kept]).await;
    for _ in 0..5 {
        for _ in 0..2 {
            let file = ada.attach("a.txt", "text/plain", b"a").await.unwrap();
            ada.send_with("later", &[file]).await;
        }
        assert_eq!(ada.screen().last_answer(), Some("3 files"));
        ada.edit(&first, "again").await;
        assert_eq!(ada.screen().last_answer(), Some("1 files"));
        no_error(&ada);
    }
    app.shutdown().await;
}

#[tokio::test]
async fn a_file_that_something_still_shows_stays() {
    async fn show(message: cl::Message) -> cl::Result {
        if message.content == "first" {
            let part = futures_util::stream::iter([Ok("once".into())]);
            let note = Text::new(cl::Content::stream(part)).name("note");
            cl::ElementSidebar::set_elements([note.clone()], None).await?;
            cl::ElementSidebar::close().await?;
            return Ok(cl::Message::new("x").element(note).send().await?);
        }
        cl::ElementSidebar::set_elements([Text::new("bar").name("bar")], None).await?;
        Ok(())
    }
    let app = small(App::new().on_message(show)).await;
    let ada = app.user("ada").await;
    for text in ["first", "second", "third", "fourth"] {
        ada.send(text).await;
        no_error(&ada);
    }
    assert_eq!(ada.load(ada.screen().element("note").unwrap()).await.unwrap(), "once");
    app.shutdown().await;
}

#[tokio::test]
async fn a_task_list_for_each_message_has_room() {
    async fn work(message: cl::Message) -> cl::Result {
        let mut list = cl::TaskList::new();
        list.add_task(cl::Task::new(message.content));
        Ok(list.send().await?)
    }
    let app = small(App::new().on_message(work)).await;
    let ada = app.user("ada").await;
    for n in 0..10 {
        ada.send(&n.to_string()).await;
        no_error(&ada);
    }
    let shown = ada.screen().elements.pop().unwrap();
    let content = ada.load(&shown).await.unwrap();
    assert!(String::from_utf8_lossy(&content).contains("\"9\""), "{content:?}");
    app.shutdown().await;
}

/// What an update has replaced stays for a page that asks late, but in nobody's way.
#[tokio::test]
async fn what_updates_replace_makes_room() {
    async fn draft(message: cl::Message) -> cl::Result {
        let mut draft = Text::new("0").name("draft");
        cl::Message::new("x").element(draft.clone()).send().await?;
        for n in 1..=message.content.parse::<u32>()? {
            draft.set_content(n.to_string());
            draft.update().await?;
        }
        Ok(())
    }
    let app = small(App::new().on_message(draft)).await;
    let ada = app.user("ada").await;
    ada.send("10").await;
    no_error(&ada);
    assert_eq!(ada.load(ada.screen().element("draft").unwrap()).await.unwrap(), "10");
    // So does it for what the user attaches.
    let files = [1, 2].map(|n| ada.attach("a.txt", "text/plain", if n == 1 { b"a" } else { b"b" }));
    let files: Vec<_> = futures_util::future::join_all(files).await;
    assert!(files.iter().all(Result::is_ok), "{files:?}");
    assert_eq!(ada.load(ada.screen().element("draft").unwrap()).await.unwrap(), "10");
    let refused = ada.attach("a.txt", "text/plain", b"c").await.unwrap_err();
    assert!(refused.contains("files_per_session"), "{refused}");
    app.shutdown().await;
}

/// A content that is shown again is no replaced one any more.
#[tokio::test]
async fn what_is_shown_again_stays() {
    async fn work(_: cl::Message) -> cl::Result {
        let mut first = Text::new("first").name("note");
        cl::Message::new("x").element(first.clone()).send().await?;
        let mut second = first.clone();
        second.set_content("second");
        second.update().await?;
        first.update().await?;
        let mut other = Text::new("").name("other");
        for n in 0..5 {
            other.set_content(n.to_string());
            other.update().await?;
        }
        Ok(())
    }
    let app = small(App::new().on_message(work)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    no_error(&ada);
    assert_eq!(ada.load(ada.screen().element("note").unwrap()).await.unwrap(), "first");
    app.shutdown().await;
}
