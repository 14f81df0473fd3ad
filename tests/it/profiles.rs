//! Chat profiles and what a new chat offers.

use chainlit::testing::TestApp;
use chainlit::{self as cl, App, ChatProfile, ConfigOverrides};
use serde_json::{Value, json};

use crate::support::{Client, Refused, TestServer, auth};

async fn profiles() -> Vec<ChatProfile> {
    let poet = ConfigOverrides::new()
        .set("UI.name", "Poet")
        .set("features.edit_message", false)
        .set("project.user_env", vec!["POET_KEY"]);
    vec![
        ChatProfile::new("plain", "Speaks *plainly*.").default(true),
        ChatProfile::new("a poet é", "Rhymes.")
            .icon("/public/poet.svg")
            .starter(cl::Starter::new("Spring", "Spring!").command("rhyme"))
            .config_overrides(poet),
        ChatProfile::new("broken", "").config_overrides(ConfigOverrides::new().set("UI.nam", "x")),
    ]
}

async fn tell(message: cl::Message, session: cl::Session) -> cl::Result {
    let text = format!("{:?} {:?}", session.chat_profile(), message.command);
    cl::Message::new(text).send().await?;
    Ok(())
}

async fn categories(session: cl::Session) -> Option<Vec<cl::StarterCategory>> {
    let profile = session.chat_profile()?;
    Some(vec![cl::StarterCategory::new(profile).starter(cl::Starter::new("a", "b"))])
}

fn app() -> App {
    App::new().set_chat_profiles(profiles).set_starter_categories(categories).on_message(tell)
}

async fn join(server: &TestServer, profile: &str, env: &str) -> Result<Client, Refused> {
    let mut auth = auth(&uuid::Uuid::new_v4().to_string());
    auth["chatProfile"] = json!(profile);
    auth["userEnv"] = json!(env);
    let mut client = server.connect(auth).await?;
    client.emit("connection_successful", None).await;
    client.until("clear_call_fn").await;
    Ok(client)
}

async fn settings(server: &TestServer, profile: &str) -> Value {
    let path = format!("/project/settings?language=en-US&chat_profile={profile}");
    let (status, settings) = server.request("GET", &path, None).await;
    assert_eq!(status, 200);
    settings
}

#[tokio::test]
async fn the_page_learns_the_profiles_and_what_is_otherwise_with_one() {
    let server = TestServer::start(app()).await;
    let common = settings(&server, "").await;
    assert_eq!(
        common["chatProfiles"][0],
        json!({
            "name": "plain", "markdown_description": "Speaks *plainly*.", "icon": null,
            "display_name": null, "default": true, "starters": null,
        })
    );
    assert_eq!(common["chatProfiles"][1]["starters"][0]["command"], "rhyme");
    assert_eq!(common["ui"]["name"], "Assistant");
    assert_eq!(common["starterCategories"][0]["label"], "plain");

    let poet = settings(&server, "a%20poet%20%C3%A9").await;
    assert_eq!(poet["ui"]["name"], "Poet");
    assert_eq!(poet["features"]["edit_message"], false);
    assert_eq!(poet["userEnv"], json!(["POET_KEY"]));
    assert_eq!(poet["starterCategories"][0]["label"], "a poet é");
    assert_eq!(poet["ui"]["layout"], common["ui"]["layout"]);

    for name in ["nobody", "broken"] {
        assert_eq!(settings(&server, name).await["ui"], common["ui"], "{name}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_chat_is_as_its_profile_says() {
    let server = TestServer::start(app()).await;
    let refused = join(&server, "a%20poet%20%C3%A9", "{}").await.err().unwrap();
    assert_eq!(refused.0, "Missing user environment variable: POET_KEY");
    let mut client = join(&server, "a%20poet%20%C3%A9", r#"{"POET_KEY":"k"}"#).await.unwrap();
    let id = client.say("hi").await;
    let events = client.until("task_end").await;
    let answer = events.iter().rfind(|event| event.name == "new_message").unwrap();
    assert_eq!(answer.output(), r#"Some("a poet é") None"#);
    assert_eq!(answer.data["name"], "Poet");
    let message = json!({ "id": id, "output": "ho" });
    client.emit("edit_message", json!({ "message": message })).await;
    let answers = client.answers().await;
    assert_eq!(answers.last().unwrap(), "Messages can't be edited here.");
    // Its own starters' commands.
    let mut message = crate::support::user_message("x");
    message["command"] = json!("rhyme");
    client.emit("client_message", json!({ "message": message })).await;
    assert_eq!(client.answers().await, [r#"Some("a poet é") Some("rhyme")"#]);

    let mut plain = join(&server, "plain", "{}").await.unwrap();
    let mut message = crate::support::user_message("x");
    message["command"] = json!("rhyme");
    plain.emit("client_message", json!({ "message": message })).await;
    assert_eq!(plain.answers().await, ["The command `rhyme` is not offered here."]);
    let mut none = join(&server, "", "{}").await.unwrap();
    none.say("hi").await;
    assert_eq!(none.answers().await, [r#"Some("plain") None"#]);
    server.stop().await;
}

/// With Chainlit a client can have any profile.
#[tokio::test]
async fn a_profile_that_is_not_offered_is_refused() {
    let server = TestServer::start(app()).await;
    for (name, wanted) in [
        ("nobody", "The chat profile `nobody` is not offered here"),
        ("%ff", "`chatProfile` must be a percent-encoded name"),
        ("broken", "The chat profile `broken` is configured wrongly; the server's log says how"),
    ] {
        assert_eq!(join(&server, name, "{}").await.err().unwrap().0, wanted);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_list_that_can_not_be_offers_nothing() {
    async fn twins() -> Vec<ChatProfile> {
        vec![ChatProfile::new("a", ""), ChatProfile::new("a", "")]
    }
    async fn ignore() {}
    let server = TestServer::start(App::new().set_chat_profiles(twins).on_message(ignore)).await;
    assert_eq!(settings(&server, "").await["chatProfiles"], json!([]));
    assert!(join(&server, "a", "{}").await.is_err());
    server.stop().await;
}

/// One profile, in whose chats one key is otherwise.
fn with_override(app: App, key: &'static str, value: impl Into<Value>) -> App {
    let overrides = ConfigOverrides::new().set(key, value);
    let profile = ChatProfile::new("own", "").config_overrides(overrides);
    app.set_chat_profiles(move || {
        let profile = profile.clone();
        async move { vec![profile, ChatProfile::new("common", "")] }
    })
}

#[tokio::test]
async fn steps_are_hidden_where_the_profile_says_so() {
    async fn think() -> cl::Result {
        let step = cl::Step::new("thinking").start().await?;
        step.set_output("the secret");
        step.end().await?;
        Ok(())
    }
    let app = with_override(App::new().on_message(think), "UI.cot", "hidden");
    let app = TestApp::start(app).await;
    for (profile, is_shown) in [("own", false), ("common", true)] {
        let ada = app.user_with_profile("ada", profile).await;
        ada.send("hello").await;
        assert_eq!(format!("{:?}", ada.screen()).contains("the secret"), is_shown, "{profile}");
    }
}

#[tokio::test]
async fn errors_are_shown_where_the_profile_says_so() {
    async fn fail() -> cl::Result {
        Err("the disk is full".into())
    }
    for (common, own) in [(true, false), (false, true)] {
        let app = with_override(App::new().on_message(fail), "UI.show_errors", own);
        let app = TestApp::start_with(app, |config| config.ui.show_errors = common).await;
        for (profile, is_shown) in [("own", own), ("common", common)] {
            let ada = app.user_with_profile("ada", profile).await;
            ada.send("hello").await;
            let screen = ada.screen().to_string();
            assert_eq!(screen.contains("the disk is full"), is_shown, "{profile}: {screen}");
        }
    }
}

#[tokio::test]
async fn users_may_speak_where_the_profile_says_so() {
    async fn allow() -> bool {
        true
    }
    async fn hear(chunk: cl::InputAudioChunk) -> cl::Result {
        cl::Message::new(format!("heard {} bytes", chunk.data.len())).send().await?;
        Ok(())
    }
    for (common, own) in [(true, false), (false, true)] {
        let app = App::new().on_audio_start(allow).on_audio_chunk(hear);
        let app = with_override(app, "features.audio.enabled", own);
        let app = TestApp::start_with(app, |config| config.features.audio.enabled = common).await;
        for (profile, may_speak) in [("own", own), ("common", common)] {
            let ada = app.user_with_profile("ada", profile).await;
            ada.start_audio().await;
            assert_eq!(ada.screen().audio, may_speak, "{profile}");
            if may_speak {
                ada.speak(&[0; 4], true);
                ada.until(|screen| screen.last_answer() == Some("heard 4 bytes")).await;
            }
        }
    }
}

#[tokio::test]
async fn a_profile_can_not_change_the_page_of_all() {
    let app = with_override(App::new(), "UI.custom_js", "/public/own.js");
    let server = TestServer::start(app).await;
    let refused = join(&server, "own", "{}").await.err().unwrap();
    assert!(refused.0.contains("is configured wrongly"), "{refused:?}");
    assert!(join(&server, "common", "{}").await.is_ok());
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_names_no_profile_has_the_default_one() {
    async fn profiles(user: Option<cl::User>) -> Vec<ChatProfile> {
        assert!(user.is_none());
        let overrides =
            ConfigOverrides::new().set("UI.name", "Own").set("project.user_env", vec!["KEY"]);
        let own = ChatProfile::new("own", "").default(true).config_overrides(overrides);
        vec![ChatProfile::new("common", ""), own]
    }
    let server = TestServer::start(App::new().set_chat_profiles(profiles).on_message(tell)).await;
    let page = settings(&server, "").await;
    assert_eq!((&page["ui"]["name"], &page["userEnv"]), (&json!("Own"), &json!(["KEY"])));
    let refused = join(&server, "", "{}").await.err().unwrap();
    assert_eq!(refused.0, "Missing user environment variable: KEY");
    let mut client = join(&server, "", r#"{"KEY":"k"}"#).await.unwrap();
    client.say("hi").await;
    let events = client.until("task_end").await;
    let answer = events.iter().rfind(|event| event.name == "new_message").unwrap();
    assert_eq!((answer.output(), &answer.data["name"]), (r#"Some("own") None"#, &json!("Own")));
    server.stop().await;
}

#[tokio::test]
async fn without_a_default_a_chat_may_have_no_profile() {
    let app = with_override(App::new().on_message(tell), "UI.name", "Own");
    let server = TestServer::start(app).await;
    assert_eq!(settings(&server, "").await["ui"]["name"], "Assistant");
    let mut client = join(&server, "", "{}").await.unwrap();
    client.say("hi").await;
    assert_eq!(client.answers().await, ["None None"]);
    server.stop().await;
}
