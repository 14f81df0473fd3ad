use chainlit as cl;

#[derive(cl::SettingsForm)]
struct Preferences {
    #[setting(tab = "Model", id = "name")]
    model: String,
    name: String,
}

fn main() {}
