//! What a component of the application does in the user's page.

use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::screen::Screen;
use super::user::TestUser;

impl TestUser {
    /// The component of that element of the screen calls `updateElement`: it has these props from
    /// now on. Waits until the screen shows them.
    ///
    /// # Errors
    ///
    /// Why the server refused it.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn update_element(&self, element: &Value, props: Value) -> Result<(), String> {
        let mut changed = element.clone();
        changed["props"] = props;
        self.tell_of_element(Method::PUT, &changed).await?;
        self.until(|screen| {
            screen.with_id(element).is_none_or(|shown| shown["props"] == changed["props"])
        })
        .await;
        Ok(())
    }

    /// The component of that element of the screen calls `deleteElement`. Waits until it is gone.
    /// The element of an open question cancels the question.
    ///
    /// # Errors
    ///
    /// Why the server refused it.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn delete_element(&self, element: &Value) -> Result<(), String> {
        self.tell_of_element(Method::DELETE, element).await?;
        self.until(|screen| screen.with_id(element).is_none()).await;
        Ok(())
    }

    /// A component of the screen calls `callAction`: an action that nobody has offered. Gives what
    /// its function answered. What the function has sent is on the screen then.
    ///
    /// # Errors
    ///
    /// What the component is told when it failed.
    pub async fn call_action(&self, name: &str, payload: Value) -> Result<Value, String> {
        let id = Uuid::new_v4().to_string();
        let action =
            json!({ "id": id, "name": name, "payload": payload, "label": "", "tooltip": "" });
        self.act(&action).await
    }

    /// A component of the screen calls `sendUserMessage`: the user says this, without files or a
    /// command. Waits, and gives the message's id, as [`send`](Self::send) does.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn send_user_message(&self, text: &str) -> String {
        self.send(text).await
    }

    async fn tell_of_element(&self, method: Method, element: &Value) -> Result<(), String> {
        let body = json!({ "sessionId": self.session_id, "element": element });
        let answer = self.network.json(method, "/project/element", &body).await?;
        match answer["success"] == true {
            true => Ok(()),
            false => Err(format!("{} is not a component's element", element["name"])),
        }
    }
}

impl Screen {
    /// The element as it is shown now.
    fn with_id(&self, element: &Value) -> Option<&Value> {
        let of_entries = self.entries.iter().flat_map(|entry| &entry.elements);
        of_entries.chain(&self.elements).find(|shown| shown["id"] == element["id"])
    }
}
