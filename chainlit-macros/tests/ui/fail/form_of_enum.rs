use chainlit as cl;

#[derive(cl::SettingsForm)]
enum Preferences {
    On,
}

fn main() {}
