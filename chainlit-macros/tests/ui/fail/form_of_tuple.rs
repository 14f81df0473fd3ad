use chainlit as cl;

#[derive(cl::SettingsForm)]
struct Preferences(bool);

fn main() {}
