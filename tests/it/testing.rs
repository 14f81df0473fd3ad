//! The test kit, as an application uses it.

use std::time::Duration;

use chainlit::{self as cl, App, testing::TestApp};
use serde_json::{Value, json};

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

/// More than one flush carries, on several threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_callback_sends_is_on_the_screen_after_the_click() {
    async fn offer() -> cl::Result {
        let action = cl::Action::new("tell", json!({})).label("Tell");
        Ok(cl::Message::new("Shall I?").action(action).send().await?)
    }
    async fn tell() -> Result<(), cl::BoxError> {
        for number in 0..2 {
            cl::Message::new("x".repeat(60 * 1024)).send().await?;
            cl::Message::new(number.to_string()).send().await?;
        }
        Ok(())
    }
    let app = App::new().on_message(offer).action_callback("tell", tell);
    let app = TestApp::start(app).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    for round in 1..=5 {
        ada.click("Tell").await.unwrap();
        let screen = ada.screen();
        assert_eq!(screen.answers().len(), 1 + round * 4);
        assert_eq!(screen.last_answer(), Some("1"));
    }
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

mod words {
    use chainlit::wire::AcceptDict;

    use super::*;

    #[tokio::test]
    async fn files_come_with_a_message_and_elements_are_loaded() {
        async fn count(message: cl::Message) -> cl::Result {
            for file in &message.files {
                let text = tokio::fs::read_to_string(&file.path).await?;
                let words = text.split_whitespace().count();
                let report = cl::Text::new(format!("{words} words")).name("report");
                cl::Message::new(&file.name).element(report).send().await?;
            }
            Ok(())
        }
        let app = TestApp::start(App::new().on_message(count)).await;
        let mut ada = app.user("ada").await;
        let file = ada.attach("poem.txt", "text/plain", b"roses are red").await.unwrap();
        ada.send_with("count", &[file]).await;
        let shown = "User: count\n  <file> poem.txt\nAssistant: poem.txt\n  <text> report\n";
        assert_eq!(ada.screen().to_string(), shown);
        let report = ada.screen().element("report").unwrap().clone();
        assert_eq!(ada.load(&report).await.unwrap(), "3 words");
        ada.reload().await;
        assert_eq!(ada.screen().to_string(), shown);
        let foreign = app.user("bob").await.load(&report).await;
        assert!(foreign.is_err(), "a file is for its own session");
        let lie = ada.attach("cat.png", "image/png", b"<script>alert(1)</script>").await;
        assert!(lie.unwrap_err().contains("cat.png"));
    }

    #[tokio::test]
    async fn each_kind_of_question_is_answered() {
        async fn ask() -> cl::Result {
            let buttons = ["Yes", "No"].map(|label| cl::Action::new(label, json!({})));
            let choice = cl::AskActionMessage::new("Sure?", buttons).send().await?;
            let choice = choice.map_or("nothing".to_owned(), |action| action.label);
            let files = cl::AskFileMessage::new("Which?", AcceptDict::from("text/plain"));
            let files = files.send().await?.unwrap_or_default();
            let name = files.first().map_or("none", |file| &file.name);
            cl::Message::new(format!("{choice}, {name}")).send().await?;
            Ok(())
        }
        let app = TestApp::start(App::new().on_message(ask)).await;
        let mut ada = app.user("ada").await;
        ada.send("go").await;
        ada.reload().await;
        assert_eq!(ada.screen().question(), Some("Sure?"), "a reload keeps the question");
        ada.choose("No").await;
        assert_eq!(ada.screen().question(), Some("Which?"));
        let refused = ada.answer_files(&[("a.png", "image/png", b"\x89PNG\r\n\x1a\n")]).await;
        assert!(refused.unwrap_err().contains("a.png"));
        ada.answer_files(&[("a.txt", "text/plain", b"hello")]).await.unwrap();
        assert_eq!(ada.screen().last_answer(), Some("No, a.txt"));
    }

    #[tokio::test]
    async fn settings_are_changed_and_checked() {
        async fn start() -> cl::Result {
            let warmth = cl::Slider::new("warmth", "Warmth").max(2.0).initial(1.0);
            cl::ChatSettings::new().input(warmth).send().await?;
            Ok(())
        }
        async fn updated(session: cl::Session) -> cl::Result {
            let text = format!("warmth is {}", session.chat_settings()["warmth"]);
            cl::Message::new(text).send().await?;
            Ok(())
        }
        let app = App::new().on_chat_start(start).on_settings_update(updated);
        let app = TestApp::start(app).await;
        let ada = app.user("ada").await;
        ada.change_settings(json!({ "warmth": 0.5 })).await;
        ada.until(|screen| screen.last_answer() == Some("warmth is 0.5")).await;
        ada.change_settings(json!({ "warmth": 7 })).await;
        let screen = ada.until(|screen| !screen.toasts.is_empty()).await;
        assert!(screen.toasts[0].1.contains("Warmth"), "{:?}", screen.toasts);
        assert_eq!(screen.answers().len(), 1);
    }

    /// A form of several widgets, some in a tab: whoever changes one leaves the others as they are.
    #[tokio::test]
    async fn settings_keep_what_was_changed_before() {
        async fn start() -> cl::Result {
            let count = cl::Slider::new("count", "Count").max(9.0).initial(1.0);
            cl::ChatSettings::new()
                .tab(cl::Tab::new("a", "A").input(count))
                .tab(cl::Tab::new("b", "B").input(cl::TextInput::new("name", "Name").initial("x")))
                .send()
                .await?;
            Ok(())
        }
        async fn updated(session: cl::Session) -> cl::Result {
            // Others may run first.
            tokio::task::yield_now().await;
            let values = session.chat_settings();
            cl::Message::new(format!("{} {}", values["count"], values["name"])).send().await?;
            Ok(())
        }
        async fn ignore(_: cl::Message) {}
        let app = App::new().on_chat_start(start).on_settings_update(updated).on_message(ignore);
        let app = TestApp::start(app).await;
        let ada = app.user("ada").await;
        ada.until(|screen| screen.settings.len() == 2).await;
        ada.change_settings(json!({ "count": 5 })).await;
        assert_eq!(ada.screen().last_answer(), Some(r#"5 "x""#));
        ada.change_settings(json!({ "name": "Ada" })).await;
        assert_eq!(ada.screen().last_answer(), Some(r#"5 "Ada""#));
        // What is refused is taken out of the form again.
        ada.change_settings(json!({ "count": 10 })).await;
        assert_eq!(ada.screen().toasts.len(), 1, "{:?}", ada.screen().toasts);
        ada.change_settings(json!({ "name": "Bob" })).await;
        assert_eq!(ada.screen().last_answer(), Some(r#"5 "Bob""#));
        assert_eq!(ada.screen().answers().len(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_of_the_settings_is_waited_for_beside_what_else_runs() {
        async fn start() -> cl::Result {
            let text = cl::TextInput::new("name", "Name").initial("x");
            cl::ChatSettings::new().input(text).send().await?;
            Ok(())
        }
        async fn ask() -> cl::Result {
            let answer = cl::AskUserMessage::new("Sure?").timeout(None).send().await?;
            cl::Message::new(answer.map_or(String::new(), |answer| answer.content)).send().await?;
            Ok(())
        }
        async fn updated() -> cl::Result {
            tokio::time::sleep(Duration::from_secs(1)).await;
            cl::Message::new("updated").send().await?;
            Ok(())
        }
        let app = App::new().on_chat_start(start).on_settings_update(updated).on_message(ask);
        let app = TestApp::start(app).await;
        let ada = app.user("ada").await;
        ada.send("go").await;
        assert_eq!(ada.screen().question(), Some("Sure?"));
        ada.change_settings(json!({ "name": "y" })).await;
        assert_eq!(ada.screen().last_answer(), Some("updated"));
        ada.answer("yes").await;
        assert_eq!(ada.screen().last_answer(), Some("yes"));
    }

    #[tokio::test]
    async fn a_profile_and_a_command_are_chosen() {
        async fn profiles() -> Vec<cl::ChatProfile> {
            vec![cl::ChatProfile::new("Fast", "quick"), cl::ChatProfile::new("Deep", "slow")]
        }
        async fn start(session: cl::Session) -> cl::Result {
            cl::set_commands([cl::Command::new("search", "Searches the web")]).await?;
            cl::Message::new(session.chat_profile().unwrap_or_default()).send().await?;
            Ok(())
        }
        async fn reply(message: cl::Message) -> cl::Result {
            cl::Message::new(message.command.unwrap_or_default()).send().await?;
            Ok(())
        }
        let app = App::new().set_chat_profiles(profiles).on_chat_start(start).on_message(reply);
        let app = TestApp::start(app).await;
        let ada = app.user_with_profile("ada", "Deep").await;
        ada.until(|screen| !screen.commands.is_empty() && !screen.running).await;
        ada.send_as("rust", json!({ "command": "search" })).await;
        assert_eq!(ada.screen().answers(), ["Deep", "search"]);
        ada.send_as("rust", json!({ "command": "destroy" })).await;
        let screen = ada.screen();
        assert!(screen.to_string().contains("destroy"), "the reason names the command:\n{screen}");
        assert!(!screen.answers().contains(&"destroy"));
    }

    #[cl::step(kind = "tool")]
    async fn add(a: i32, b: i32) -> i32 {
        a + b
    }

    #[tokio::test]
    async fn steps_stand_where_they_were_done() {
        async fn sum() -> cl::Result {
            let sum = add(2, 3).await;
            cl::Message::new(sum.to_string()).send().await?;
            Ok(())
        }
        let app = TestApp::start(App::new().on_message(sum)).await;
        let ada = app.user("ada").await;
        ada.send("2 + 3").await;
        let screen = ada.screen();
        assert_eq!(screen.to_string(), "User: 2 + 3\n[tool] add\nAssistant: 5\n");
        let step = screen.steps().next().unwrap();
        assert_eq!(step.output, "5");
        assert_eq!(step.input.split_whitespace().collect::<String>(), r#"{"a":2,"b":3}"#);
    }
}

/// The buttons and the elements of a question come before it.
#[tokio::test]
async fn a_question_is_answered_by_its_buttons() {
    async fn ask() -> cl::Result {
        let actions = ["yes", "no"].map(|name| cl::Action::new(name, json!({})));
        let chosen = cl::AskActionMessage::new("Sure?", actions).send().await?;
        let text = chosen.map_or("nothing".to_owned(), |action| action.name);
        cl::Message::new(text).send().await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(ask)).await;
    let mut ada = app.user("ada").await;
    ada.send("hello").await;
    assert_eq!(ada.screen().to_string(), "User: hello\nAssistant: Sure?\n  (yes)\n  (no)\n");
    ada.choose("no").await;
    assert_eq!(ada.screen().last_answer(), Some("no"));
    ada.send("again").await;
    ada.reload().await;
    ada.choose("yes").await;
    assert_eq!(ada.screen().last_answer(), Some("yes"));
}

#[tokio::test]
async fn the_element_of_a_question_stands_below_it() {
    async fn ask() -> cl::Result {
        let form = cl::CustomElement::new("Form");
        let answer: Option<cl::ElementAnswer<Value>> =
            cl::AskElementMessage::new("Fill in", form).send().await?;
        cl::Message::new(if answer.is_some() { "filled" } else { "nothing" }).send().await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(ask)).await;
    let ada = app.user("ada").await;
    ada.send("hello").await;
    assert_eq!(ada.screen().to_string(), "User: hello\nAssistant: Fill in\n  <custom> Form\n");
    assert!(ada.screen().elements.is_empty());
    ada.submit(json!({ "n": 1 })).await;
    assert_eq!(ada.screen().last_answer(), Some("filled"));
}

/// What components call in a browser.
#[tokio::test]
async fn a_component_is_used_without_a_browser() {
    async fn show(message: cl::Message) -> cl::Result {
        let counter = cl::CustomElement::new("Counter").prop("count", 0);
        Ok(cl::Message::new(message.content).element(counter).send().await?)
    }
    async fn double(action: cl::Action) -> cl::Json<Value> {
        cl::Json(json!(action.payload["count"].as_u64().unwrap_or_default() * 2))
    }
    let app = App::new().on_message(show).action_callback("double", double);
    let app = TestApp::start(app).await;
    let ada = app.user("ada").await;
    let early = ada.call_action("double", json!({ "count": 1 })).await;
    assert!(early.is_err(), "no component is shown: {early:?}");
    ada.send("first").await;
    let counter = || ada.screen().element("Counter").cloned().unwrap();
    ada.update_element(&counter(), json!({ "count": 4 })).await.unwrap();
    assert_eq!(counter()["props"], json!({ "count": 4 }));
    let doubled = ada.call_action("double", counter()["props"].clone()).await;
    assert_eq!(doubled, Ok(json!(8)));
    ada.send_user_message("second").await;
    assert_eq!(ada.screen().last_answer(), Some("second"));
    let second = counter();
    ada.delete_element(&second).await.unwrap();
    assert_ne!(counter()["id"], second["id"]);
    assert_eq!(ada.delete_element(&second).await, Err("Element not found".to_owned()));
    app.shutdown().await;
}

/// A form that closes itself is cancelled.
#[tokio::test]
async fn a_component_that_takes_its_question_away_cancels_it() {
    async fn ask(_: cl::Message) -> cl::Result {
        let question = cl::AskElementMessage::new("?", cl::CustomElement::new("Form"));
        let is_cancelled = question.send::<Value>().await? == Some(cl::ElementAnswer::Cancelled);
        Ok(cl::Message::new(is_cancelled.to_string()).send().await?)
    }
    let app = TestApp::start(App::new().on_message(ask)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let form = ada.screen().element("Form").cloned().unwrap();
    ada.delete_element(&form).await.unwrap();
    ada.until(|screen| screen.last_answer() == Some("true") && screen.ask.is_none()).await;
    app.shutdown().await;
}
