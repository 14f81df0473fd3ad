//! Days of the libraries that have a type for them, as fields of a form.

use chainlit::{self as cl, App};
use serde_json::{Value, json};

use crate::support::{Client, TestServer};

#[derive(cl::SettingsForm, Debug)]
struct Stay {
    #[setting(initial = Some(jiff::civil::date(2026, 1, 31)))]
    day: Option<jiff::civil::Date>,
    #[setting(date(min = "2026-01-01"))]
    other: Option<chrono::NaiveDate>,
    third: Option<time::Date>,
    nights: Option<[jiff::civil::Date; 2]>,
}

async fn show(stay: Stay) -> cl::Result {
    let Stay { day, other, third, nights } = stay;
    cl::Message::new(format!("{day:?} {other:?} {third:?} {nights:?}")).send().await?;
    Ok(())
}

/// What the application says to these values.
async fn change(client: &mut Client, values: Value) -> Vec<String> {
    client.emit("chat_settings_change", values).await;
    client.answers().await
}

#[tokio::test]
async fn days_are_picked_and_left_empty() {
    async fn start() -> cl::Result {
        show(Stay::form().send().await?).await
    }
    let app = App::new().on_chat_start(start).on_settings_update(show);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    let form = client.until("chat_settings").await.pop().unwrap().data;
    let shown = |at: usize| (&form[at]["type"], &form[at]["mode"], &form[at]["initial"]);
    let picker = json!("datepicker");
    assert_eq!(shown(0), (&picker, &json!("single"), &json!("2026-01-31")));
    assert_eq!(shown(1), (&picker, &json!("single"), &Value::Null));
    assert_eq!(shown(3), (&picker, &json!("range"), &Value::Null));
    assert_eq!(client.answers().await, ["Some(2026-01-31) None None None"]);
    // As Chainlit's page sends a day: the moment it begins.
    let picked = json!({
        "day": null,
        "other": "2026-02-01",
        "third": "2026-02-02T23:00:00.000Z",
        "nights": ["2026-02-01", "2026-02-03T00:00:00.000Z"],
    });
    let wanted = "None Some(2026-02-01) Some(2026-02-03) Some([2026-02-01, 2026-02-03])";
    assert_eq!(change(&mut client, picked).await, [wanted]);
    client.emit("chat_settings_change", json!({ "third": "2026-02-30" })).await;
    client.expect("chat_settings").await;
    let refused = client.expect("toast").await.data;
    assert!(refused["message"].as_str().unwrap().contains("`third`"), "{refused}");
    server.stop().await;
}
