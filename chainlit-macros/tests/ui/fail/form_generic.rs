use chainlit as cl;

#[derive(cl::SettingsForm)]
struct Preferences<T> {
    value: T,
}

fn main() {}
