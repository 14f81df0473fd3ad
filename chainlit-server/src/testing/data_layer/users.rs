use chainlit_core::{SharedDataLayer, User};
use serde_json::json;

pub(super) async fn check(layer: &SharedDataLayer) {
    let identifier = format!("check-{}", uuid::Uuid::new_v4());
    let found = layer.get_user(&identifier).await.expect("an unknown user can be asked for");
    assert_eq!(found, None, "nobody has made that user");

    let mut user = User::new(&identifier).display_name("Ada");
    user.metadata =
        json!({"role": "admin", "deep": {"a": [1, null]}}).as_object().cloned().unwrap_or_default();
    let made = layer.create_user(&user).await.expect("a user is stored");
    assert_eq!(made.user, user, "the user comes back as it was given");
    assert!(made.created_at.is_some(), "a user has a time");
    let found = layer.get_user(&identifier).await.expect("a user is found");
    assert_eq!(found.as_ref(), Some(&made), "a user is found as it was made");

    user.display_name = None;
    user.metadata.clear();
    let again = layer.create_user(&user).await.expect("a known user is stored again");
    assert_eq!(again.id, made.id, "a known user keeps the id");
    assert_eq!(again.created_at, made.created_at, "a known user keeps the time");
    assert_eq!(again.user, user, "name and metadata are replaced");

    let other = layer.get_user(&identifier.to_uppercase()).await.expect("a user is asked for");
    assert_eq!(other, None, "an identifier in capitals is another one");
}
