use chainlit as cl;

#[derive(cl::SettingsForm)]
struct Preferences {
    #[setting(lable = "Temperature", slider(mni = 0))]
    temperature: f64,
    #[setting(min = 0)]
    tokens: u32,
    #[setting(switch(on = true), checkbox)]
    stream: bool,
    #[setting(label = "", label = "A")]
    name: String,
    #[setting(label = 7)]
    role: String,
    #[setting(colour = "red")]
    note: String,
    #[setting(initial)]
    rest: String,
    #[setting]
    last: String,
    #[setting(switch = true)]
    very_last: bool,
}

fn main() {}
