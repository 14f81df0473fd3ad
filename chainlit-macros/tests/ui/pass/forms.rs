//! Forms of every field and widget.

use chainlit as other;

#[derive(other::Choice, Default, Debug, PartialEq)]
enum Tone {
    Friendly,
    #[default]
    Strict,
}

mod inner {
    #[derive(chainlit::SettingsForm, Debug, PartialEq)]
    #[setting(crate = chainlit)]
    pub struct Everything {
        pub(crate) switch: bool,
        #[setting(checkbox, initial = true)]
        checkbox: bool,
        number: f64,
        #[setting(number(placeholder = "7"))]
        optional: Option<u8>,
        #[setting(slider(min = -3, max = 3))]
        slider: i32,
        text: String,
        #[setting(text(multiline = true, placeholder = "…"), disabled = false)]
        long: Option<String>,
        #[setting(select(values = ["a", "b"]), initial = "b")]
        select: String,
        #[setting(radio(items = [("a", "A")]))]
        radio: Option<String>,
        tone: super::Tone,
        #[setting(radio)]
        perhaps: Option<super::Tone>,
        tones: Vec<super::Tone>,
        #[setting(initial = ["x", "y"])]
        tags: Vec<String>,
        #[setting(multiselect(values = ["wiki", "mail"]), initial = ["wiki"])]
        sources: Vec<String>,
        #[setting(date(min = "2026-01-01"), initial = "2026-01-31")]
        day: String,
        #[setting(date_range(format = "P"), initial = ["2026-01-01", "2026-01-02"])]
        stay: Option<[String; 2]>,
        r#type: String,
    }
}

#[derive(other::SettingsForm)]
struct Tabs {
    #[setting(tab = "Model")]
    temperature: f32,
    #[setting(tab = "Rest", label = "Is it on?", tooltip = "t", description = "d")]
    on: bool,
    #[setting(tab = "Model")]
    seed: Option<i64>,
}

async fn try_out() -> other::Result {
    let values = inner::Everything::form().send().await?;
    assert_eq!(values, inner::Everything::current()?);
    assert!(!values.switch);
    let again = inner::Everything::form().values(&values).send().await?;
    assert_eq!(values, again);
    let text = format!("{values:?}");
    for part in ["checkbox: true", "slider: -3", "select: \"b\"", "tone: Strict", "perhaps: None"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(text.contains("stay: Some([\"2026-01-01\", \"2026-01-02\"])"), "{text}");
    let tabs = Tabs::form().send().await?;
    assert_eq!((tabs.temperature, tabs.on, tabs.seed), (0.0, false, None));
    Tabs::form().refresh().await?;
    Ok(())
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let session = other::Session::http("s").build();
    runtime.block_on(other::Context::new(session).scope(try_out())).unwrap();
}
