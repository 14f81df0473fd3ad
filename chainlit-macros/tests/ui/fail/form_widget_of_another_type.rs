use chainlit as cl;

#[derive(cl::SettingsForm)]
struct Preferences {
    #[setting(slider(max = 2))]
    stream: bool,
}

fn main() {}
