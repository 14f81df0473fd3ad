//! Charts of Plotly.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Element;
use super::kind::kind;
use crate::error::Error;
use crate::files::Content;
use crate::wire::{ElementSize, ElementType};

kind! {
    /// A chart that the page draws with Plotly.
    ///
    /// ```
    /// use chainlit as cl;
    /// use serde_json::json;
    ///
    /// let figure = json!({ "data": [{ "type": "bar", "x": ["a", "b"], "y": [3, 1] }], "layout": {} });
    /// let chart = cl::Plotly::new(&figure)?.name("chart");
    /// assert!(cl::Plotly::new(&"no figure").is_err());
    /// # let _ = chart;
    /// # Ok::<(), cl::Error>(())
    /// ```
    ///
    /// Follows [`cl.Plotly`](https://docs.chainlit.io/api-reference/elements/plotly).
    Plotly
}

impl Plotly {
    /// From a figure: `data`, and maybe `layout`, `config` and `frames`, in Plotly's JSON shape.
    ///
    /// The chart takes the width that the page has for it, whatever the layout says.
    ///
    /// # Errors
    ///
    /// - [`Error::Json`] when the figure can't be written as JSON.
    /// - [`Error::Definition`] when it has no list `data`.
    pub fn new(figure: &impl Serialize) -> Result<Self, Error> {
        Self::of(serde_json::to_value(figure).map_err(Error::Json)?)
    }

    /// From a figure as JSON, as `Plot::to_json` of the `plotly` crate gives it.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let json = r#"{"data":[{"y":[1,2]}],"layout":{"width":300}}"#;
    /// assert!(cl::Plotly::json(json).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// - [`Error::Unreadable`] when the text is no JSON.
    /// - [`Error::Definition`] when the figure has no list `data`.
    pub fn json(figure: impl AsRef<str>) -> Result<Self, Error> {
        let figure = serde_json::from_str(figure.as_ref()).map_err(|error| Error::Unreadable {
            what: "the figure".to_owned(),
            wanted: "JSON".to_owned(),
            path: String::new(),
            reason: error.to_string(),
        })?;
        Self::of(figure)
    }

    /// Gives it another figure; [`update`](Element::update) shows it.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn set_figure(&mut self, figure: &impl Serialize) -> Result<(), Error> {
        self.0.set_content(content(serde_json::to_value(figure).map_err(Error::Json)?)?);
        Ok(())
    }

    fn of(figure: Value) -> Result<Self, Error> {
        let mut element = Element::from_content(ElementType::Plotly, content(figure)?);
        element.size = Some(ElementSize::Medium);
        element.mime = Some("application/json".to_owned());
        Ok(Self(element))
    }
}

/// The figure's JSON, in a size of the page's choice.
fn content(mut figure: Value) -> Result<Content, Error> {
    let Some(parts) =
        figure.as_object_mut().filter(|parts| parts.get("data").is_some_and(Value::is_array))
    else {
        return Err(Error::Definition {
            what: "Plotly figure".to_owned(),
            field: "data",
            problem: "must be a list in an object, for example \
                      `{\"data\": [{\"y\": [1, 2]}], \"layout\": {}}`"
                .to_owned(),
        });
    };
    let layout = parts.entry("layout").or_insert_with(|| Value::Object(Map::new()));
    if let Some(layout) = layout.as_object_mut() {
        layout.remove("width");
        layout.insert("autosize".to_owned(), Value::Bool(true));
    }
    Ok(figure.to_string().into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_page_decides_the_width() {
        let figure = json!({ "data": [], "layout": { "width": 300, "height": 200 } });
        let Content::Bytes(bytes) = content(figure).unwrap() else { panic!("in memory") };
        let written: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(written, json!({ "data": [], "layout": { "autosize": true, "height": 200 } }));
    }

    #[test]
    fn what_is_no_figure_is_refused() {
        for figure in [json!([]), json!({}), json!({ "data": {} }), json!(null)] {
            assert!(Plotly::new(&figure).is_err(), "{figure}");
        }
        let error = Plotly::json("{").unwrap_err().to_string();
        assert!(error.starts_with("the figure can't be read as JSON: EOF"), "{error}");
    }
}
