use chainlit as cl;

#[cl::step(kind = tool, show_input = 3, tags = "web", default_open = "yes", name)]
async fn search(query: String) -> String {
    query
}

fn main() {}
