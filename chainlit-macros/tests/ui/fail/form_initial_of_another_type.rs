use chainlit as cl;

#[derive(cl::SettingsForm)]
struct Preferences {
    #[setting(initial = "yes")]
    stream: bool,
    #[setting(initial = 1)]
    name: String,
}

fn main() {}
