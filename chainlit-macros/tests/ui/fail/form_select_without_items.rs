use chainlit as cl;

#[derive(cl::SettingsForm)]
struct Preferences {
    #[setting(select)]
    model: String,
}

fn main() {}
