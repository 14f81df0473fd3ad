//! What the types alone cannot say about values.

use std::path::Path;

use super::{Config, ConfigError};

/// Refuses values that have the right type and no meaning.
pub(super) fn check(path: &Path, config: &Config) -> Result<(), ConfigError> {
    let refuse = |key: &str, problem: String| {
        Err(ConfigError::Value { path: path.to_owned(), key: key.to_owned(), problem })
    };
    let limits = &config.limits;
    for (key, value) in [
        ("limits.max_message_bytes", limits.max_message_bytes),
        ("limits.inbound_queue_events", limits.inbound_queue_events),
        ("limits.log_bytes", limits.log_bytes),
        ("limits.sessions", limits.sessions),
    ] {
        if value == 0 {
            return refuse(key, "must be at least 1".to_owned());
        }
    }
    if let Some(language) = config.ui.language.as_deref().filter(|l| !is_language(l)) {
        return refuse("UI.language", format!("{language:?} is not a language such as `en-US`"));
    }
    for origin in &config.project.allow_origins {
        if !is_origin(origin) {
            return refuse(
                "project.allow_origins",
                format!("{origin:?} is neither `*` nor an origin such as `https://example.org`"),
            );
        }
    }
    for (key, attributes) in [
        ("UI.custom_css_attributes", &config.ui.custom_css_attributes),
        ("UI.custom_js_attributes", &config.ui.custom_js_attributes),
    ] {
        if attributes.contains(['<', '>']) {
            return refuse(key, "must hold attributes only, without `<` and `>`".to_owned());
        }
    }
    let mut names: Vec<String> = Vec::new();
    for server in &config.features.mcp.servers {
        let name = server.name().trim().to_lowercase();
        if name.is_empty() || names.contains(&name) {
            return refuse(
                "features.mcp.servers",
                format!("has the name {:?} twice or empty", server.name()),
            );
        }
        names.push(name);
    }
    Ok(())
}

/// Whether a text is a language tag of the form that clients may send: `fr`, `en-US`, `zh-Hant-TW`, `de-x-formal`.
///
/// Such a text is safe as a part of a file name.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts: Vec<&str> = text.split('-').collect();
    let fits = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if let [.., "x", private] = parts[..]
        && fits(private, 1, 8)
    {
        parts.truncate(parts.len() - 2);
    }
    let Some((first, rest)) = parts.split_first() else {
        return false;
    };
    let first_fits = fits(first, 2, 3) && first.bytes().all(|b| b.is_ascii_alphabetic());
    first_fits
        && match rest {
            [] => true,
            [one] => fits(one, 2, 8),
            [one, two] => fits(one, 2, 4) && fits(two, 2, 8),
            _ => false,
        }
}

/// `scheme://host[:port]` and nothing behind it. A closing slash is tolerated, as it is a common mistake.
fn is_origin(text: &str) -> bool {
    text == "*"
        || text.strip_suffix('/').unwrap_or(text).parse::<http::Uri>().is_ok_and(|uri| {
            uri.scheme().is_some()
                && uri.authority().is_some_and(|host| !host.as_str().contains('@'))
                && matches!(uri.path(), "" | "/")
                && uri.query().is_none()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_that_clients_send() {
        for good in
            ["en", "en-US", "fil", "zh-Hant-TW", "sr-Latn", "de-x-formal", "es-419", "sl-rozaj"]
        {
            assert!(is_language(good), "{good}");
        }
        for bad in [
            "",
            "e",
            "bad_lang!",
            "en-",
            "../en",
            "en-US-toolongpart",
            "12",
            "en/US",
            "en-x-",
            "x-a",
            "en\n",
        ] {
            assert!(!is_language(bad), "{bad:?}");
        }
    }

    #[test]
    fn origins() {
        for good in ["*", "https://example.org", "http://localhost:3000", "https://example.org/"] {
            assert!(is_origin(good), "{good}");
        }
        for bad in
            ["example.org", "https://", "https://example.org/path", "https://u@example.org", ""]
        {
            assert!(!is_origin(bad), "{bad:?}");
        }
    }

    #[test]
    fn values_without_meaning_are_refused_by_key() {
        for (text, key) in [
            ("[limits]\nsessions = 0", "limits.sessions"),
            ("[UI]\nlanguage = \"../x\"", "UI.language"),
            ("[UI]\ncustom_js_attributes = \"defer><b\"", "UI.custom_js_attributes"),
            ("[project]\nallow_origins = [\"example.org\"]", "project.allow_origins"),
        ] {
            let error = Config::parse(Path::new("c"), text).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}
