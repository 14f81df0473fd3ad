//! Buttons.

use chainlit::{self as cl, App};
use serde_json::{Value, json};

use super::Replay;

#[tokio::test]
async fn action_callback() {
    async fn start() -> cl::Result {
        let bad = cl::Action::new("bad", json!({}))
            .label("Bad")
            .tooltip("tt")
            .icon("mouse-pointer-click");
        cl::Message::new("buttons")
            .action(cl::Action::new("act", json!({ "n": 1 })).label("Act"))
            .action(bad)
            .send()
            .await?;
        Ok(())
    }
    async fn act(action: cl::Action) -> cl::Result<cl::Json<Value>> {
        cl::Message::new(format!("clicked {{'n': {}}}", action.payload["n"])).send().await?;
        action.remove().await?;
        Ok(cl::Json(json!({ "ok": true })))
    }
    async fn bad() -> cl::Result {
        Err("bad action".into())
    }
    let app =
        App::new().on_chat_start(start).action_callback("act", act).action_callback("bad", bad);
    Replay::new("action_callback", app).run().await;
}
