//! All results of an action.

use chainlit as cl;

#[derive(serde::Serialize)]
struct Receipt {
    number: u32,
}

type Outcome<T> = Result<T, String>;

#[cl::action_callback("nothing")]
async fn nothing() {}

#[cl::action_callback("value")]
async fn value() -> serde_json::Value {
    serde_json::json!({ "number": 7 })
}

#[cl::action_callback("own")]
async fn own() -> Receipt {
    Receipt { number: 7 }
}

#[cl::action_callback("result")]
async fn result() -> Result<Receipt, std::io::Error> {
    Ok(Receipt { number: 7 })
}

#[cl::action_callback("alias")]
async fn alias() -> Outcome<Vec<Receipt>> {
    Err("no".to_owned())
}

#[cl::action_callback("fallible")]
async fn fallible() -> cl::Result {
    cl::Message::new("done").send().await?;
    Ok(())
}

#[cl::action_callback("option")]
async fn option() -> Option<&'static str> {
    None
}

#[cl::action_callback("opaque")]
async fn opaque() -> impl serde::Serialize {
    [1, 2, 3]
}

#[cl::action_callback("marked")]
async fn marked() -> cl::Json<u8> {
    cl::Json(1)
}

fn main() {}
