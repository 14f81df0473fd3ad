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

fn call(name: &str) -> Result<serde_json::Value, String> {
    let registry = cl::Registry::from_inventory();
    let handler = registry.action(name).expect("it is registered");
    let action = cl::Action::new(name, serde_json::Value::Null);
    let context = cl::Context::new(cl::Session::http("s1").build());
    let event = cl::EventContext::new(action, context.clone(), cl::AppParts::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(context.scope(handler.call(event))).map_err(|error| error.to_string())
}

fn main() {
    use serde_json::json;

    assert_eq!(call("nothing"), Ok(json!(null)));
    assert_eq!(call("value"), Ok(json!({ "number": 7 })));
    assert_eq!(call("own"), Ok(json!({ "number": 7 })));
    assert_eq!(call("result"), Ok(json!({ "number": 7 })));
    assert_eq!(call("alias"), Err("no".to_owned()));
    assert_eq!(call("fallible"), Ok(json!(null)));
    assert_eq!(call("option"), Ok(json!(null)));
    assert_eq!(call("opaque"), Ok(json!([1, 2, 3])));
    assert_eq!(call("marked"), Ok(json!(1)));
}
