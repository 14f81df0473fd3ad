//! The form with the chat's settings.

use std::sync::Arc;
use std::time::Duration;

use chainlit::testing::TestApp;
use chainlit::{self as cl, App, State};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use crate::support::{Client, TestServer};

#[derive(cl::Choice, Debug, PartialEq)]
enum Model {
    #[choice(value = "small")]
    Small,
    #[choice(value = "large", label = "Very large")]
    Large,
}

#[derive(cl::SettingsForm, Debug)]
struct Preferences {
    #[setting(radio, initial = Model::Large)]
    model: Model,
    #[setting(slider(min = 0, max = 2, step = 0.1), initial = 0.7)]
    temperature: f64,
    #[setting(label = "Most tokens", id = "tokens")]
    max_tokens: Option<u16>,
    #[setting(disabled = true, initial = "basic")]
    plan: String,
}

async fn show(preferences: Preferences) -> cl::Result {
    let Preferences { model, temperature, max_tokens, plan } = preferences;
    cl::Message::new(format!("{model:?} {temperature} {max_tokens:?} {plan}")).send().await?;
    Ok(())
}

fn app() -> App {
    async fn start() -> cl::Result {
        show(Preferences::form().send().await?).await
    }
    async fn edited(preferences: Preferences) -> cl::Result {
        cl::Message::new("edited").send().await?;
        show(preferences).await
    }
    async fn reply(_: cl::Message) -> cl::Result {
        show(Preferences::current()?).await
    }
    App::new()
        .on_chat_start(start)
        .on_settings_update(show)
        .on_settings_edit(edited)
        .on_message(reply)
}

/// The widgets' values, by id.
fn initial(form: &Value) -> Map<String, Value> {
    let widgets = form.as_array().unwrap().iter();
    widgets.map(|it| (it["id"].as_str().unwrap().to_owned(), it["initial"].clone())).collect()
}

async fn change(client: &mut Client, values: Value) -> Vec<String> {
    client.emit("chat_settings_change", values).await;
    client.answers().await
}

#[tokio::test]
async fn a_struct_is_a_form_and_comes_back_as_a_struct() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    let form = client.until("chat_settings").await.pop().unwrap().data;
    assert_eq!(
        form[0],
        json!({
            "type": "radio", "id": "model", "label": "Model", "initial": "large",
            "items": [{"label": "Small", "value": "small"}, {"label": "Very large", "value": "large"}],
            "tooltip": null, "description": null, "disabled": false,
        })
    );
    assert_eq!(form[1]["type"], "slider");
    assert_eq!(
        (&form[2]["type"], &form[2]["label"]),
        (&json!("numberinput"), &json!("Most tokens"))
    );
    assert_eq!(form[3]["disabled"], true);
    assert_eq!(client.answers().await, ["Large 0.7 None basic"]);

    assert_eq!(change(&mut client, json!({ "model": "small" })).await, ["Small 0.7 None basic"]);
    // Whatever way the page writes a number.
    let values = json!({ "temperature": 1, "tokens": "16", "plan": "basic" });
    assert_eq!(change(&mut client, values).await, ["Small 1 Some(16) basic"]);
    client.say("and now?").await;
    assert_eq!(client.answers().await, ["Small 1 Some(16) basic"]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_only_edited_is_not_kept() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    client.answers().await;
    client.emit("chat_settings_edit", json!({ "temperature": 2 })).await;
    assert_eq!(client.answers().await, ["edited", "Large 2 None basic"]);
    client.say("and now?").await;
    assert_eq!(client.answers().await, ["Large 0.7 None basic"]);
    server.stop().await;
}

/// A page shows values as confirmed at once: the form that counts corrects it, and nothing is to be sent again.
#[tokio::test]
async fn a_refused_change_is_settled_and_the_form_that_counts_is_shown() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    client.answers().await;
    let change = json!(["chat_settings_change", { "temperature": 3 }]);
    client.send(format!("427{change}")).await;
    let mut frames = Vec::new();
    for _ in 0..3 {
        frames.push(client.frame().await.unwrap());
    }
    assert!(frames.contains(&"437[]".to_owned()), "{frames:?}");
    frames.retain(|frame| frame != "437[]");
    let form: Value = serde_json::from_str(&frames[0]["42".len()..]).unwrap();
    assert_eq!(form[0], "chat_settings");
    assert_eq!(initial(&form[1])["temperature"], 0.7);
    assert!(frames[1].contains("must be between 0 and 2"), "{frames:?}");
    server.stop().await;
}

/// With Chainlit whatever a client sends is kept.
#[tokio::test]
async fn a_value_that_the_form_does_not_allow_is_refused_as_a_whole() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    client.answers().await;
    for (values, wanted) in [
        (json!({ "temperature": 3 }), "Temperature (`temperature`) must be between 0 and 2."),
        (json!({ "temperature": null }), "Temperature (`temperature`) must be a number."),
        (json!({ "model": "huge" }), "Model (`model`) must be one of `small`, `large`."),
        (json!({ "model": null }), "Model (`model`) must be one of the items."),
        (
            json!({ "tokens": 1.5 }),
            "Most tokens (`tokens`) must be a whole number from 0 to 65535.",
        ),
        (
            json!({ "tokens": 70_000 }),
            "Most tokens (`tokens`) must be a whole number from 0 to 65535.",
        ),
        (json!({ "model": "small", "plan": "gold" }), "Plan (`plan`) can't be changed."),
        (json!({ "model": "small", "nothing": 1 }), "The settings have no field `nothing`."),
    ] {
        client.emit("chat_settings_change", values).await;
        // The page shows again what counts.
        let form = client.expect("chat_settings").await.data;
        assert_eq!(initial(&form)["model"], "large");
        let toast = client.expect("toast").await.data;
        assert_eq!(toast, json!({ "message": wanted, "type": "error" }));
    }
    client.emit("chat_settings_edit", json!({ "temperature": -1 })).await;
    client.expect("toast").await;
    client.emit("chat_settings_change", json!("nonsense")).await;
    assert!(client.answers().await[0].starts_with("the event's payload is wrong"));
    client.say("and now?").await;
    assert_eq!(client.answers().await, ["Large 0.7 None basic"]);
    server.stop().await;
}

#[tokio::test]
async fn values_without_a_form_are_refused() {
    async fn ignore() {}
    let server = TestServer::start(App::new().on_message(ignore).on_settings_update(ignore)).await;
    let mut client = server.join().await;
    client.emit("chat_settings_change", json!({ "a": 1 })).await;
    assert_eq!(client.expect("toast").await.data["message"], "This chat has no settings.");
    server.stop().await;
}

#[tokio::test]
async fn a_reloaded_page_shows_the_present_values() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    client.answers().await;
    change(&mut client, json!({ "model": "small", "tokens": 5 })).await;
    client.cut();
    let mut client = server.join_as("tab").await;
    let form = client.expect("chat_settings").await.data;
    let values = initial(&form);
    assert_eq!((&values["model"], &values["tokens"]), (&json!("small"), &json!(5.0)));
    server.stop().await;
}

/// Settings do not wait behind a message, and Stop reaches them.
#[tokio::test]
async fn a_change_is_handled_while_a_message_is() {
    async fn start() -> cl::Result {
        cl::ChatSettings::new().input(cl::Switch::new("on", "On")).send().await?;
        Ok(())
    }
    async fn hang(_: cl::Message) -> cl::Result {
        cl::Message::new("hanging").send().await?;
        std::future::pending().await
    }
    async fn update(cl::Json(values): cl::Json<Value>) -> cl::Result {
        cl::Message::new(values.to_string()).send().await?;
        std::future::pending().await
    }
    let app = App::new().on_chat_start(start).on_message(hang).on_settings_update(update);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    client.say("hang").await;
    while client.until("new_message").await.pop().unwrap().is_run() {}
    client.emit("chat_settings_change", json!({ "on": true })).await;
    let events = client.until("new_message").await;
    assert_eq!(events.last().unwrap().output(), r#"{"on":true}"#);
    client.emit("stop", None).await;
    client.until("task_end").await;
    server.stop().await;
}

#[tokio::test]
async fn a_form_can_change_while_it_is_edited() {
    fn form(models: &[&str]) -> cl::ChatSettings {
        let select = cl::Select::new("model", "Model").values(models.iter().copied());
        cl::ChatSettings::new().input(select.initial(models[0]))
    }
    async fn start() -> cl::Result {
        form(&["a", "b"]).send().await?;
        Ok(())
    }
    async fn edited(values: Map<String, Value>) -> cl::Result {
        assert_eq!(values["model"], "b");
        form(&["b", "c"]).refresh().await?;
        Ok(())
    }
    async fn updated(session: cl::Session) -> cl::Result {
        cl::Message::new(session.chat_settings()["model"].to_string()).send().await?;
        Ok(())
    }
    async fn ignore() {}
    let app = App::new()
        .on_chat_start(start)
        .on_settings_edit(edited)
        .on_settings_update(updated)
        .on_message(ignore);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    client.emit("chat_settings_edit", json!({ "model": "b" })).await;
    client.until("chat_settings").await;
    client.until("task_end").await;
    assert_eq!(change(&mut client, json!({ "model": "c" })).await, ["\"c\""]);
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_definition_names_the_widget_and_the_field() {
    use cl::{ChatSettings, DatePicker, DateRangePicker, MultiSelect, NumberInput, Select, Slider};
    use cl::{Switch, Tab, Tags};
    let form = ChatSettings::new;
    let cases = [
        (form().input(Switch::new("", "A")), "switch ``: `id` must not be empty"),
        (form().input(Switch::new("a", " ")), "switch `a`: `label` must not be empty"),
        (
            form().input(Switch::new("a", "A")).input(Tags::new("a", "A")),
            "tags `a`: `id` is the id of another widget of the form too",
        ),
        (
            form().input(Slider::new("s", "S").min(3).max(2)),
            "slider `s`: `min` must be less than `max`, which is 2",
        ),
        (form().input(Slider::new("s", "S").step(0)), "slider `s`: `step` must be more than 0"),
        (
            form().input(Slider::new("s", "S").initial(11)),
            "slider `s`: `initial` must be between 0 and 10",
        ),
        (form().input(Select::new("m", "M")), "select `m`: `items` must not be empty"),
        (
            form().input(Select::new("m", "M").values(["a"]).initial("b")),
            "select `m`: `initial` must be one of `a`",
        ),
        (
            form().input(Select::new("m", "M").values(["a"]).initial_index(1)),
            "select `m`: `initial_index` must be less than 1",
        ),
        (
            form().input(MultiSelect::new("m", "M").values(["a", "a"])),
            "multi-select `m`: `items` have the value `a` twice",
        ),
        (
            form().input(NumberInput::new("n", "N").initial(f64::NAN)),
            "number input `n`: `initial` must be a finite number",
        ),
        (
            form().input(DatePicker::new("d", "D").initial("31.1.2026")),
            "date picker `d`: `initial` must be a day such as `2026-01-31`",
        ),
        (
            form().input(DatePicker::new("d", "D").min("2026-02-01").initial("2026-01-31")),
            "date picker `d`: `initial` must not be before 2026-02-01",
        ),
        (
            form().input(DateRangePicker::new("d", "D").initial("2026-02-01", "2026-01-31")),
            "date range picker `d`: `initial` must begin before it ends",
        ),
        (
            form().input(Switch::new("a", "A")).tab(Tab::new("t", "T")),
            "tab `t`: `inputs` can't stand beside widgets without a tab: put each widget of the \
             form into a tab",
        ),
        (form().tab(Tab::new("t", "")), "tab `t`: `label` must not be empty"),
    ];
    for (form, wanted) in cases {
        let session = cl::Session::http("s").build();
        let sent = cl::Context::new(session.clone()).scope(form.send()).await;
        assert_eq!(sent.unwrap_err().to_string(), wanted);
        assert!(session.chat_settings().is_empty());
    }
}

/// The form keeps no more than a limit, whatever a client writes into its texts.
#[tokio::test]
async fn values_are_bounded() {
    async fn start() -> cl::Result {
        cl::ChatSettings::new().input(cl::TextInput::new("t", "T")).send().await?;
        Ok(())
    }
    async fn ignore() {}
    let server = TestServer::start(App::new().on_chat_start(start).on_message(ignore)).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    client.emit("chat_settings_change", json!({ "t": "x".repeat(70_000) })).await;
    client.expect("chat_settings").await;
    let toast = client.expect("toast").await;
    assert!(toast.data["message"].as_str().unwrap().contains("65536 bytes"));
    server.stop().await;
}

static HEARD: cl::SessionKey<Vec<i64>> = cl::SessionKey::new("heard");

fn number(values: &Map<String, Value>) -> i64 {
    values["n"].as_i64().unwrap()
}

/// A form with the number `n`.
async fn ask_number() -> cl::Result {
    cl::ChatSettings::new().input(cl::Slider::new("n", "N").max(10)).send().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn what_is_confirmed_while_the_function_works_is_heard_in_its_last_state() {
    async fn hear(cl::Json(values): cl::Json<Map<String, Value>>) {
        tokio::time::sleep(Duration::from_secs(5)).await;
        HEARD.update(|heard| heard.push(number(&values)));
    }
    async fn tell(session: cl::Session) -> cl::Result {
        let heard = HEARD.get().unwrap_or_default();
        let (last, now) = (heard.last().copied(), number(&session.chat_settings()));
        cl::Message::new(format!("heard {last:?}, now {now}")).send().await?;
        Ok(())
    }
    let app = App::new().on_chat_start(ask_number).on_settings_update(hear).on_message(tell);
    let few = |config: &mut cl::Config| config.limits.inbound_queue_events = 2;
    let app = TestApp::start_with(app, few).await;
    let ada = app.user("ada").await;
    let changes = (1..=6).map(|n| ada.change_settings(json!({ "n": n })));
    futures_util::future::join_all(changes).await;
    ada.send("and now?").await;
    assert_eq!(ada.screen().to_string(), "User: and now?\nAssistant: heard Some(6), now 6\n");
    assert!(ada.screen().toasts.is_empty());
}

#[tokio::test]
async fn a_server_that_goes_down_keeps_no_settings() {
    async fn wait(session: cl::Session, State(permits): State<Arc<Semaphore>>) -> cl::Result {
        cl::Message::new("waiting").send().await?;
        permits.acquire().await?.forget();
        cl::Message::new(number(&session.chat_settings()).to_string()).send().await?;
        Ok(())
    }
    async fn hear() {}
    let permits = Arc::new(Semaphore::new(0));
    let app = App::new().state(Arc::clone(&permits)).on_chat_start(ask_number).on_message(wait);
    let patient = |config: &mut cl::Config| config.limits.shutdown = Duration::from_secs(600);
    let server = TestServer::start_with(app.on_settings_update(hear), patient).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    client.say("go").await;
    while client.until("new_message").await.pop().unwrap().output() != "waiting" {}
    server.begin_stop();
    client.until("toast").await;
    client.send(r#"421["chat_settings_change",{"n":7}]"#).await;
    let told = client.expect("toast").await;
    assert!(told.data["message"].as_str().unwrap().contains("no more"), "{told:?}");
    permits.add_permits(1);
    assert_eq!(client.answers().await.last().unwrap(), "0");
    server.stop().await;
}
