//! Rights that change while a page is open.

use chainlit::testing::MemoryDataLayer;

use super::*;

fn with_role(name: &str, role: &str) -> cl::User {
    let mut user = cl::User::new(name);
    user.metadata.insert("role".to_owned(), json!(role));
    user
}

#[tokio::test]
async fn a_changed_user_is_another_one_at_once() {
    for kept in [false, true] {
        let mut app = app();
        if kept {
            app = app.data_layer(MemoryDataLayer::new());
        }
        let logins = app.logins();
        let app = TestApp::start(app).await;
        let ada = app.login("ada", "pw-ada").await.unwrap();
        ada.send("before").await;
        assert_eq!(ada.screen().last_answer(), Some("ada, no role: before"));
        logins.refresh_user(with_role("ada", "admin")).await.unwrap();
        ada.send("after").await;
        assert_eq!(ada.screen().last_answer(), Some("ada, admin: after"));
        // Not only in the chat that was open, though the token says otherwise.
        let user = ada.call("GET", "/user", &Value::Null).await.unwrap();
        assert_eq!(user["metadata"]["role"], "admin");
        ada.drop_connection();
        ada.reconnect().await;
        ada.send("later").await;
        assert_eq!(ada.screen().last_answer(), Some("ada, admin: later"));
    }
}

#[tokio::test]
async fn a_row_that_another_process_changes_reaches_live_chats() {
    let kept = MemoryDataLayer::new();
    let app = TestApp::start(app().data_layer(kept.clone())).await;
    let ada = app.login("ada", "pw-ada").await.unwrap();
    cl::SharedDataLayer::from(kept).create_user(&with_role("ada", "guest")).await.unwrap();
    loop {
        ada.send("who am I?").await;
        if ada.screen().last_answer() == Some("ada, guest: who am I?") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_blocked_user_is_out() {
    async fn block(action: cl::Action<String>, cl::State(logins): cl::State<cl::Logins>) {
        logins.logout_user(&action.payload).await;
    }
    let app = app().action_callback("block", block).on_chat_start(async || {
        cl::Message::new("").action(cl::Action::new("block", "bob")).send().await
    });
    let app = TestApp::start(app).await;
    let (ada, bob) =
        (app.login("ada", "pw-ada").await.unwrap(), app.login("bob", "pw-bob").await.unwrap());
    ada.click("block").await.unwrap();
    bob.until(|screen| !screen.connected).await;
    assert!(bob.call("GET", "/user", &Value::Null).await.is_err());
    ada.send("still here").await;
}
