//! What the types alone cannot say about values.

use std::path::Path;

use super::{Config, ConfigError};

/// Refuses values that have the right type and no meaning.
pub(super) fn check(path: &Path, config: &Config) -> Result<(), ConfigError> {
    let refuse = |key: &str, problem: String| {
        Err(ConfigError::Value { path: path.to_owned(), key: key.to_owned(), problem })
    };
    if let Some((key, problem)) = config.limits.problem() {
        return refuse(key, problem);
    }
    if let Some((key, problem)) = config.login.problem() {
        return refuse(key, problem);
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
    for host in &config.project.allowed_hosts {
        if !is_host(host) || host.contains(['*', ':']) {
            return refuse(
                "project.allowed_hosts",
                format!("{host:?} is no name such as `chat.example.org`, without a port"),
            );
        }
    }
    for host in &config.features.allowed_media_hosts {
        if !is_host(host) {
            return refuse(
                "features.allowed_media_hosts",
                format!(
                    "{host:?} is no host such as `img.example.org`, `*.example.org` or `localhost:9000`"
                ),
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

/// `host[:port]`, where `*.` in front stands for all hosts below.
fn is_host(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "443"));
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    host.strip_prefix("*.").unwrap_or(host).split('.').all(is_label) && port.parse::<u16>().is_ok()
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
    fn hosts() {
        for good in ["img.example.org", "*.example.org", "localhost:9000", "127.0.0.1"] {
            assert!(is_host(good), "{good}");
        }
        for bad in
            ["", "*", "https://a.example", "a.example/x", "a; script-src *", "a b", "a:b", "a..b"]
        {
            assert!(!is_host(bad), "{bad:?}");
        }
    }

    #[test]
    fn zero_is_no_limit_where_it_says_so() {
        for key in ["events_per_second", "connects_per_minute", "connections_per_address"] {
            assert!(
                Config::parse(Path::new("c"), &format!("[limits]\n{key} = 0")).is_ok(),
                "{key}"
            );
        }
    }

    #[test]
    fn values_without_meaning_are_refused_by_key() {
        for (text, key) in [
            ("[limits]\nsessions = 0", "`limits.sessions` must be at least 1"),
            (
                "[limits]\nwrite_timeout_seconds = 0",
                "`limits.write_timeout_seconds` must be at least 1",
            ),
            (
                "[limits]\nshutdown_seconds = 86401",
                "`limits.shutdown_seconds` must be at most 86400",
            ),
            ("[limits]\nblocked_threads = 10001", "`limits.blocked_threads` must be at most 10000"),
            ("[limits]\nevents_burst = 0", "`limits.events_burst` must be at least 1"),
            ("[limits]\nchat_end_seconds = \"soon\"", "`limits.chat_end_seconds`"),
            ("[UI]\nlanguage = \"../x\"", "UI.language"),
            ("[UI]\ncustom_js_attributes = \"defer><b\"", "UI.custom_js_attributes"),
            ("[project]\nallow_origins = [\"example.org\"]", "project.allow_origins"),
            ("[project]\nallowed_hosts = [\"example.org:80\"]", "project.allowed_hosts"),
            (
                "[features]\nallowed_media_hosts = [\"x; script-src *\"]",
                "features.allowed_media_hosts",
            ),
        ] {
            let error = Config::parse(Path::new("c"), text).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
    }
}
