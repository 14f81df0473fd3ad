//! A form with every widget, on tabs; it grows while it is filled in. For `specs/settings.test.mjs`.

use chainlit as cl;
use serde_json::{Map, Value};

fn form(has_more: bool) -> cl::ChatSettings {
    let mut basics = cl::Tab::new("basics", "Basics")
        .input(cl::Switch::new("more", "More").initial(has_more))
        .input(cl::Checkbox::new("tick", "Tick"))
        .input(cl::Slider::new("heat", "Heat").max(2).step(0.1).initial(0.7))
        .input(cl::NumberInput::new("seed", "Seed").initial(3))
        .input(cl::TextInput::new("prompt", "Prompt").multiline(true).initial("Be kind"));
    if has_more {
        basics = basics.input(cl::TextInput::new("extra", "Extra").initial("there"));
    }
    let sizes = ["small", "large"];
    let lists = cl::Tab::new("lists", "Lists")
        .input(cl::Select::new("model", "Model").values(sizes).initial("small"))
        .input(cl::MultiSelect::new("tools", "Tools").values(["search", "code", "mail"]))
        .input(cl::RadioGroup::new("size", "Size").values(sizes).initial("large"))
        .input(cl::Tags::new("tags", "Tags").initial(["a"]));
    let days = cl::Tab::new("days", "Days")
        .input(cl::DatePicker::new("due", "Due").min("2026-01-01").initial("2026-01-02"))
        .input(cl::DateRangePicker::new("trip", "Trip").initial("2026-01-02", "2026-01-03"));
    cl::ChatSettings::new().tab(basics).tab(lists).tab(days)
}

#[cl::on_chat_start]
async fn start() -> cl::Result {
    form(false).send().await?;
    cl::Message::new("Fill it in.").send().await?;
    Ok(())
}

#[cl::on_settings_edit]
async fn edited(values: Map<String, Value>) -> cl::Result {
    let has_more = values.get("more") == Some(&Value::Bool(true));
    if has_more && !values.contains_key("extra") {
        form(true).refresh().await?;
    }
    Ok(())
}

#[cl::on_settings_update]
async fn updated(values: Map<String, Value>) -> cl::Result {
    let text = Value::from(values).to_string();
    cl::Message::new(text).language("json").send().await?;
    Ok(())
}

#[cl::on_message]
async fn reply() {}

fn main() -> cl::Result {
    cl::run()
}
