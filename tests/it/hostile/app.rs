use std::sync::LazyLock;

use chainlit::{self as cl, App, Config};
use serde_json::{Value, json};

static SETTINGS: LazyLock<cl::ChatSettings> = LazyLock::new(|| {
    cl::ChatSettings::new()
        .input(cl::Slider::new("heat", "Heat").max(2).step(0.1).initial(1))
        .input(cl::NumberInput::new("number", "Number"))
        .input(cl::TextInput::new("text", "Text"))
        .input(cl::Tags::new("tags", "Tags"))
        .input(cl::Switch::new("switch", "Switch"))
        .input(cl::Select::new("select", "Select").values(["a", "b"]))
        .input(cl::TextInput::new("plan", "Plan").initial("basic").disabled(true))
});

/// An application with a function for everything that a client can say.
pub(super) fn everything() -> App {
    async fn start() -> cl::Result {
        cl::set_commands([cl::Command::new("search", "Search")]).await?;
        let llm = cl::Mode::new("llm", "Model").option(cl::ModeOption::new("small", "Small"));
        cl::set_modes([llm]).await?;
        SETTINGS.send().await?;
        Ok(())
    }
    async fn edited(values: cl::Json<Value>) -> cl::Result {
        Ok(cl::send_window_message(&json!({ "settings": values.0 })).await?)
    }
    async fn said(data: Value) -> cl::Result {
        Ok(cl::send_window_message(&json!({ "window": data })).await?)
    }
    async fn call(action: cl::Action) -> cl::Json<Value> {
        cl::Json(json!([action.payload, action.for_id]))
    }
    async fn ignore() {}
    App::new()
        .on_chat_start(start)
        .on_message(echo)
        .on_settings_update(edited)
        .on_settings_edit(edited)
        .on_window_message(said)
        .on_audio_start(ignore)
        .on_audio_chunk(ignore)
        .on_audio_end(ignore)
        .on_stop(ignore)
        .action_callback("call", call)
}

/// Answers with the same text; on `component`, with one that has a component and a button.
async fn echo(message: cl::Message) -> cl::Result {
    let mut answer = cl::Message::new(message.content.clone());
    if message.content == "component" {
        let component = cl::CustomElement::new("Counter").prop("count", 1);
        answer = answer.element(component).action(cl::Action::new("call", json!({ "by": 1 })));
    }
    answer.send().await?;
    Ok(())
}

/// What all of it needs; floods are told apart from their slowing down.
pub(super) fn without_pace(config: &mut Config) {
    config.features.audio.enabled = true;
    config.limits.events_per_second = 0;
    config.limits.connects_per_minute = 0;
}
