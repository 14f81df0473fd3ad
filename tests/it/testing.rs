//! The test kit, as an application uses it.

use std::time::Duration;

use chainlit::{self as cl, App, testing::TestApp};
use serde_json::json;

static COUNT: cl::SessionKey<u32> = cl::SessionKey::new("count");

async fn start() -> cl::Result {
    COUNT.set(0);
    cl::Message::new("Hi!").send().await?;
    Ok(())
}

async fn count(message: cl::Message) -> cl::Result {
    let n = COUNT.update(|n| *n += 1);
    cl::Message::new(format!("{}, {n} so far", message.content)).send().await?;
    Ok(())
}

#[tokio::test]
async fn two_users_have_chats_of_their_own() {
    let app = TestApp::start(App::new().on_chat_start(start).on_message(count)).await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    ada.send("one").await;
    ada.send("two").await;
    bob.send("one").await;
    assert_eq!(ada.screen().answers(), ["Hi!", "one, 1 so far", "two, 2 so far"]);
    assert_eq!(bob.screen().to_string(), "Assistant: Hi!\nUser: one\nAssistant: one, 1 so far\n");
}

#[tokio::test(start_paused = true)]
async fn a_question_is_answered_and_another_one_is_not() {
    async fn ask() -> cl::Result {
        let hour = Duration::from_secs(3600);
        let answer = cl::AskUserMessage::new("Your name?").timeout(hour).send().await?;
        let text = answer.map_or("nobody".to_owned(), |answer| answer.content);
        cl::Message::new(text).send().await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(ask)).await;
    let ada = app.user("ada").await;
    ada.send("hello").await;
    assert_eq!(ada.screen().question(), Some("Your name?"));
    ada.answer("Ada").await;
    assert_eq!(ada.screen().last_answer(), Some("Ada"));
    ada.send("again").await;
    // Nobody answers: the clock jumps.
    tokio::time::sleep(Duration::from_secs(3601)).await;
    assert_eq!(ada.idle().await.last_answer(), Some("nobody"));
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_while_the_connection_is_away() {
    async fn stream() -> cl::Result {
        let mut answer = cl::Message::new("");
        for word in ["one ", "two ", "three ", "four"] {
            answer.stream_token(word).await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        answer.update().await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(stream)).await;
    let mut ada = app.user("ada").await;
    ada.post("count").await;
    ada.until(|screen| screen.last_answer() == Some("one two ")).await;
    ada.drop_connection();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(ada.reconnect().await, "the server knows where the page was");
    let whole = "one two three four";
    ada.until(|screen| screen.last_answer() == Some(whole) && !screen.running).await;
    ada.reload().await;
    assert_eq!(ada.screen().to_string(), format!("User: count\nAssistant: {whole}\n"));
}

#[tokio::test]
async fn a_stop_drops_what_runs() {
    async fn endless() -> cl::Result {
        cl::Message::new("working").send().await?;
        std::future::pending().await
    }
    async fn stopped() -> cl::Result {
        cl::Message::new("stopped").send().await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(endless).on_stop(stopped)).await;
    let ada = app.user("ada").await;
    ada.post("go").await;
    ada.until(|screen| screen.running && screen.last_answer() == Some("working")).await;
    ada.stop().await;
    ada.until(|screen| screen.last_answer() == Some("stopped")).await;
}

#[tokio::test]
async fn a_button_is_pressed_and_its_function_answers() {
    async fn offer() -> cl::Result {
        let action = cl::Action::new("add", json!({ "a": 2, "b": 3 })).label("Add");
        cl::Message::new("Shall I?").action(action).send().await?;
        Ok(())
    }
    async fn add(action: cl::Action) -> Result<i64, String> {
        let number = |key: &str| action.payload[key].as_i64().ok_or_else(|| key.to_owned());
        Ok(number("a")? + number("b")?)
    }
    let app = App::new().on_message(offer).action_callback("add", add);
    let app = TestApp::start(app).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    assert!(ada.screen().to_string().ends_with("Assistant: Shall I?\n  (Add)\n"));
    assert_eq!(ada.click("Add").await, Ok(json!(5)));
}

#[tokio::test]
async fn a_message_is_rewritten_and_answered_anew() {
    let app = TestApp::start(App::new().on_chat_start(start).on_message(count)).await;
    let ada = app.user("ada").await;
    let first = ada.send("one").await;
    ada.send("two").await;
    ada.edit(&first, "eins").await;
    assert_eq!(ada.screen().to_string(), "Assistant: Hi!\nUser: eins\nAssistant: eins, 3 so far\n");
}

#[tokio::test]
async fn the_application_ends_in_order() {
    use std::sync::Mutex;
    static ENDS: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    async fn end() {
        ENDS.lock().unwrap().push("chat");
    }
    async fn down() {
        ENDS.lock().unwrap().push("application");
    }
    let app = App::new().on_message(count).on_chat_end(end).on_app_shutdown(down);
    let app = TestApp::start(app).await;
    let mut ada = app.user("ada").await;
    ada.new_chat().await;
    assert_eq!(*ENDS.lock().unwrap(), ["chat"]);
    app.shutdown().await;
    assert_eq!(*ENDS.lock().unwrap(), ["chat", "chat", "application"]);
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "did not come; the screen is\nUser: hello")]
async fn what_never_comes_fails_with_the_screen() {
    async fn silent() {}
    let app = TestApp::start(App::new().on_message(silent)).await;
    let ada = app.user("ada").await;
    ada.send("hello").await;
    ada.until(|screen| screen.last_answer().is_some()).await;
}
