//! Values behind the question mark of an address.

use percent_encoding::percent_decode_str;
use serde_json::json;

use super::HttpError;
use crate::config::{Theme, is_language};

/// What a language must look like, for the message; [`is_language`] checks it.
const LANGUAGE_PATTERN: &str =
    "^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,4})?(-[a-zA-Z0-9]{2,8})?(-x-[a-zA-Z0-9]{1,8})?$";

/// The decoded value of a name; the last one when it stands there more than once.
pub(super) fn value(query: &str, name: &str) -> Option<String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(key, _)| decode(key) == name)
        .map(|(_, value)| decode(value))
        .next_back()
}

/// `language`, English when it is absent.
pub(super) fn language(query: &str) -> Result<String, HttpError> {
    let language = value(query, "language").unwrap_or_else(|| "en-US".to_owned());
    if is_language(&language) {
        Ok(language)
    } else {
        Err(HttpError::pattern(["query", "language"], &json!(language), LANGUAGE_PATTERN))
    }
}

/// `theme`, light when it is absent.
pub(super) fn theme(query: &str) -> Result<Theme, HttpError> {
    match value(query, "theme").as_deref() {
        None | Some("light") => Ok(Theme::Light),
        Some("dark") => Ok(Theme::Dark),
        Some(other) => Err(HttpError::validation(json!({
            "type": "enum",
            "loc": ["query", "theme"],
            "msg": "Input should be 'light' or 'dark'",
            "input": other,
            "ctx": {"expected": "'light' or 'dark'"},
        }))),
    }
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_and_the_last_one_counts() {
        let query = "a=1&language=de&b=x%20y+z&language=fr-FR";
        assert_eq!(value(query, "language").as_deref(), Some("fr-FR"));
        assert_eq!(value(query, "b").as_deref(), Some("x y z"));
        assert_eq!(value(query, "c"), None);
        assert_eq!(language("").unwrap(), "en-US");
        assert!(language("language=..%2F..").is_err());
        assert!(language("language=").is_err());
        assert_eq!(theme("theme=dark").unwrap(), Theme::Dark);
        assert!(theme("theme=pink").is_err());
    }
}
