//! Components that the application brings itself.

use std::sync::LazyLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::kind::kind;
use super::{Element, replace_shown};
use crate::context::Context;
use crate::error::Error;
use crate::extract::short_name;
use crate::files::NewFile;
use crate::session::Session;
use crate::wire::{ElementDict, ElementType};

/// What a file of props is.
const MIME: &str = "application/json";

kind! {
    /// A component of the application: the page runs `public/elements/<name>.jsx` with the props.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let counter = cl::CustomElement::new("Counter").prop("count", 1);
    /// assert_eq!(counter.props()["count"], 1);
    /// let message = cl::Message::new("Count with me.").element(counter);
    /// ```
    ///
    /// The component can change its props (`updateElement`), take itself away (`deleteElement`),
    /// and call actions (`callAction`): the application finds the changed props by
    /// [`refresh`](Self::refresh) or
    /// [`Session::element_props`]. What comes from a component comes
    /// from the user: check it.
    ///
    /// Follows [`cl.CustomElement`](https://docs.chainlit.io/api-reference/elements/custom).
    /// Different from there, the file with the props has what was sent last.
    CustomElement
}

impl CustomElement {
    /// The component of that name, without props. The name is that of its file: letters, digits,
    /// `_`, `-`, `.` and blanks, not beginning with a point.
    pub fn new(name: impl Into<String>) -> Self {
        let mut element = Element::from_content(ElementType::Custom, "{}".into());
        element.name = name.into();
        element.mime = Some(MIME.to_owned());
        element.props = Some(Map::new());
        Self(element)
    }

    /// The component of that name, with props of any type that is written as an object.
    ///
    /// # Errors
    ///
    /// Those of [`set_props`](Self::set_props).
    pub fn typed(name: impl Into<String>, props: &impl Serialize) -> Result<Self, Error> {
        let mut element = Self::new(name);
        element.set_props(props)?;
        Ok(element)
    }

    /// Sets one of the props.
    pub fn prop(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set_prop(key, value);
        self
    }

    /// Changes one of the props; [`update`](Element::update) shows it.
    pub fn set_prop(&mut self, key: impl Into<String>, value: impl Into<Value>) {
        self.0.props.get_or_insert_default().insert(key.into(), value.into());
        self.0.are_props_new = true;
    }

    /// Changes all props; [`update`](Element::update) shows them.
    ///
    /// # Errors
    ///
    /// - [`Error::Json`] when they can't be written as JSON.
    /// - [`Error::Definition`] when they are no object.
    pub fn set_props(&mut self, props: &impl Serialize) -> Result<(), Error> {
        let Value::Object(props) = serde_json::to_value(props).map_err(Error::Json)? else {
            return Err(Error::Definition {
                what: format!("element `{}`", self.name),
                field: "props",
                problem: "must be an object: a struct with fields, or a map".to_owned(),
            });
        };
        self.take_props(props);
        Ok(())
    }

    /// The props, as this value knows them.
    #[must_use]
    pub fn props(&self) -> &Map<String, Value> {
        static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        self.0.props.as_ref().unwrap_or(&NONE)
    }

    /// The props as a type of the application.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when they do not fit the type.
    pub fn read_props<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_path_to_error::deserialize(self.props().clone()).map_err(|error| {
            let path = error.path().to_string();
            Error::Unreadable {
                what: format!("the props of the element `{}`", self.name),
                wanted: format!("`{}`", short_name::<T>()),
                path: if path == "." { String::new() } else { path },
                reason: error.into_inner().to_string(),
            }
        })
    }

    /// Takes over the props that the page shows now, which the component may have changed. False
    /// when the page does not show the element any more.
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`].
    #[track_caller]
    pub fn refresh(&mut self) -> bool {
        let Some(props) = Context::current().session().element_props(&self.id) else {
            return false;
        };
        self.take_props(props);
        true
    }

    fn take_props(&mut self, props: Map<String, Value>) {
        self.0.props = Some(props);
        self.0.are_props_new = true;
    }
}

impl Session {
    /// The element with that id as the page shows it now; `None` when it does not.
    #[must_use]
    pub fn element(&self, id: &str) -> Option<ElementDict> {
        self.emitter().element(id)
    }

    /// The props of the custom element with that id as they are now: the component in the page may
    /// have changed them. `None` when the page does not show it.
    ///
    /// ```
    /// # use chainlit as cl;
    /// # let session = cl::Session::http("s1").build();
    /// assert_eq!(session.element_props("none of its elements"), None);
    /// ```
    #[must_use]
    pub fn element_props(&self, id: &str) -> Option<Map<String, Value>> {
        let element = self.element(id).filter(|element| element.kind == ElementType::Custom)?;
        Some(element.props.unwrap_or_default())
    }

    // For the server, which lets a component change its own props and nothing else.
    #[doc(hidden)]
    /// Shows the custom element with that id with other props; false when the page shows no such
    /// element.
    pub async fn set_element_props(
        &self,
        id: &str,
        props: Map<String, Value>,
    ) -> Result<bool, Error> {
        let shown = || self.element(id).filter(|element| element.kind == ElementType::Custom);
        let Some(element) = shown() else { return Ok(false) };
        let key = if self.keeps_files() {
            let file = NewFile::new(element.name, content(&props)).mime(MIME.to_owned());
            Some(self.files().save(file).await?.id)
        } else {
            None
        };
        // It may have changed while the file was written, or gone.
        let Some(element) = shown() else {
            if let Some(key) = key {
                self.files().remove(&key);
            }
            return Ok(false);
        };
        replace_shown(self, &ElementDict { props: Some(props), chainlit_key: key, ..element });
        Ok(true)
    }
}

/// What is kept of props: what the page gets of them.
pub(super) fn content(props: &Map<String, Value>) -> Vec<u8> {
    serde_json::to_vec(props).expect("JSON can be written as JSON")
}

/// Refuses a name that can't be a file's, or that leads the page elsewhere.
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    if !name.is_empty() && !name.starts_with('.') && name.chars().all(is_plain) {
        return Ok(());
    }
    Err(Error::Definition {
        what: format!("custom element {name:?}"),
        field: "name",
        problem: "must be that of its file in `public/elements`, without `.jsx`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_lead_to_a_file_of_the_folder() {
        for good in ["Counter", "my-form_2", "Grün", "a.b", "Two Words"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "../secret", "a/b", "a\\b", ".hidden", "a?b", "a#b", "%2e%2e", "a\n"] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn props_are_objects() {
        assert!(CustomElement::typed("A", &[1, 2]).is_err());
        let mut element = CustomElement::typed("A", &json!({ "n": 1 })).unwrap().prop("m", "x");
        assert_eq!(Value::Object(element.props().clone()), json!({ "n": 1, "m": "x" }));
        element.set_props(&json!({})).unwrap();
        assert!(element.props().is_empty());
    }

    #[test]
    fn props_of_another_shape_are_named() {
        #[derive(Debug, serde::Deserialize)]
        struct Form {
            #[expect(dead_code, reason = "only read from JSON")]
            items: Vec<u8>,
        }
        let element = CustomElement::typed("Form", &json!({ "items": [1, "x"] })).unwrap();
        let error = element.read_props::<Form>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "the props of the element `Form` can't be read as `Form` at `items[1]`: invalid type: \
             string \"x\", expected u8"
        );
    }
}
