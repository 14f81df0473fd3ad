use chainlit as cl;

#[derive(cl::SettingsForm)]
struct Preferences {
    stream: bool,
}

#[cl::on_app_startup]
async fn startup(_: Preferences) {}

fn main() {}
