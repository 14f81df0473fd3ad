//! What `UI.cot = "hidden"` hides, it hides in stored conversations too.

use serde_json::json;

use super::*;

#[tokio::test]
async fn what_is_hidden_in_the_chat_is_hidden_here() {
    let config = "[UI]\ncot = \"hidden\"\n[features]\nallow_thread_sharing = true\n";
    let history = History::start_with(config, |app| app).await;
    let ada = history.login("ada").await;
    let of_tool = "6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0010";
    history.kept.create_element(&element(of_tool, TOOL)).await.unwrap();
    let body = json!({"threadId": THREAD, "isShared": true});
    assert_eq!(history.send(&ada, "PUT", "/project/thread/share", body).await.status, 200);
    for path in [
        format!("/project/thread/{THREAD}"),
        format!("/project/thread/{THREAD}/steps"),
        format!("/project/thread/{THREAD}/export"),
        format!("/project/thread/{THREAD}/export?format=html"),
        format!("/project/thread/{THREAD}/export?format=markdown"),
        format!("/project/share/{THREAD}"),
    ] {
        let text = history.get(&ada, &path).await.text();
        assert!(text.contains("What?") && text.contains("This"), "{path}: {text}");
        assert!(!text.contains("tool's") && !text.contains("tool&#39;s"), "{path}: {text}");
        assert!(!text.contains(of_tool), "{path}: {text}");
    }
    let path = format!("/project/thread/{THREAD}/element/{of_tool}");
    assert_eq!(history.get(&ada, &path).await.json(), json!(null));
    let path = format!("/project/thread/{THREAD}/element/{ELEMENT}");
    assert_eq!(history.get(&ada, &path).await.json()["id"], ELEMENT);
}
