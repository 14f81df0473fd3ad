use chainlit as cl;

struct Model;

#[derive(cl::SettingsForm)]
struct Preferences {
    model: Model,
}

fn main() {}
