//! Run with: cargo run --example custom_element
//!
//! Write anything. A counter appears whose buttons work in the page: `+1` changes the component's
//! props, `Double` calls a function of this program, `Done` takes the component away. Write `total`
//! to see that the program knows what was counted.
//!
//! The component is `public/elements/Counter.jsx` beside this file: this example brings its own
//! application folder.

use chainlit::{self as cl, App, AppRoot, CustomElement, SessionKey};
use serde::{Deserialize, Serialize};

static COUNTER: SessionKey<CustomElement> = SessionKey::new("counter");

/// What the component gets, and what it sends back.
#[derive(Serialize, Deserialize)]
struct Counter {
    count: u32,
}

#[cl::on_message]
async fn show(message: cl::Message) -> cl::Result {
    if message.content.trim() == "total" {
        let counter = COUNTER.get().map(|mut counter| counter.refresh().then_some(counter));
        let text = match counter.flatten() {
            // What comes from a component comes from the user: it is read as what it must be.
            Some(counter) => {
                format!("You have counted to {}.", counter.read_props::<Counter>()?.count)
            }
            None => "There is no counter.".to_owned(),
        };
        cl::Message::new(text).send().await?;
        return Ok(());
    }
    let counter = CustomElement::typed("Counter", &Counter { count: 0 })?;
    COUNTER.set(counter.clone());
    cl::Message::new("Count with me.").element(counter).send().await?;
    Ok(())
}

/// The component calls this with what it shows.
#[cl::action_callback("double")]
async fn double(action: cl::Action<Counter>) -> cl::Result {
    let Some(mut counter) = COUNTER.get() else { return Ok(()) };
    let count = action.payload.count.saturating_mul(2);
    counter.set_props(&Counter { count })?;
    counter.update().await?;
    Ok(())
}

fn main() -> cl::Result {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/custom_element");
    App::discover().root(AppRoot::new(folder)?).run()
}

#[cfg(test)]
mod tests {
    use chainlit::testing::TestApp;
    use serde_json::json;

    /// What `Counter.jsx` calls in the page, without a browser.
    #[tokio::test]
    async fn the_component_and_the_program_count_together() {
        let app = TestApp::discover().await;
        let ada = app.user("ada").await;
        ada.send("hello").await;
        let counter = || ada.screen().element("Counter").cloned().expect("a counter is shown");
        ada.update_element(&counter(), json!({ "count": 3 })).await.expect("it may count");
        ada.call_action("double", json!({ "count": 3 })).await.expect("it may be called");
        ada.until(|_| counter()["props"] == json!({ "count": 6 })).await;
        ada.send("total").await;
        assert_eq!(ada.screen().last_answer(), Some("You have counted to 6."));
        ada.delete_element(&counter()).await.expect("it may go");
        ada.send("total").await;
        assert_eq!(ada.screen().last_answer(), Some("There is no counter."));
    }
}
