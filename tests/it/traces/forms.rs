//! The form with the chat's settings.

use chainlit::{
    self as cl, App, ChatSettings, Checkbox, DatePicker, DateRangePicker, MultiSelect, NumberInput,
    RadioGroup, Select, Slider, Switch, Tab, Tags, TextInput,
};
use serde_json::{Map, Value};

use super::Replay;

#[tokio::test]
async fn chat_settings() {
    async fn start() -> cl::Result {
        let settings = ChatSettings::new()
            .input(Switch::new("sw", "Switch").initial(true))
            .input(Slider::new("sl", "Slider").initial(1).max(2).step(0.1))
            .input(Select::new("se", "Select").values(["a", "b"]).initial_index(1))
            .input(Select::new("se2", "Select2").items([("a", "Label A")]).initial("a"))
            .input(TextInput::new("ti", "Text").initial("x").placeholder("p").multiline(true))
            .input(NumberInput::new("ni", "Num").initial(3))
            .input(Tags::new("tg", "Tags").initial(["a"]))
            .input(MultiSelect::new("ms", "Multi").values(["a", "b"]).initial(["a"]))
            .input(Checkbox::new("cb", "Check"))
            .input(RadioGroup::new("rg", "Radio").values(["a", "b"]).initial("a"))
            .input(DatePicker::new("dp", "Date").initial("2026-01-02").min("2026-01-01"))
            .input(DateRangePicker::new("dr", "Range").initial("2026-01-02", "2026-01-03"))
            .send()
            .await?;
        cl::Message::new(settings["se"].as_str().unwrap_or_default()).send().await?;
        let tab = Tab::new("t1", "Tab").input(Switch::new("ts", "In tab"));
        ChatSettings::new().tab(tab).send().await?;
        Ok(())
    }
    async fn edited(values: Map<String, Value>) -> cl::Result {
        assert_eq!(values["ts"], true);
        cl::Message::new("edit {'ts': True}").send().await?;
        Ok(())
    }
    async fn updated() {
        panic!("the values are wrong");
    }
    let app = App::new().on_chat_start(start).on_settings_edit(edited).on_settings_update(updated);
    Replay::new("chat_settings", app).run().await;
}
