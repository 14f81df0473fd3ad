//! The path below which everything is served.

use crate::cli::UsageError;

/// Path below which everything is served: empty, or with a leading slash and without a closing one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RootPath(String);

impl RootPath {
    /// Takes `/chat`, `chat` and `/chat/` alike.
    ///
    /// # Errors
    ///
    /// [`UsageError`] when a part is empty, `.` or `..`, or holds other characters than letters, digits and `-._~`.
    pub fn new(text: &str) -> Result<Self, UsageError> {
        let inner = text.trim_matches('/');
        if inner.is_empty() {
            return Ok(Self::default());
        }
        let part_fits = |part: &str| {
            !matches!(part, "" | "." | "..")
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
        };
        if inner.split('/').all(part_fits) {
            Ok(Self(format!("/{inner}")))
        } else {
            Err(UsageError(format!(
                "invalid root path {text:?}; use letters, digits and -._~ between slashes, such as /chat"
            )))
        }
    }

    /// The path, as it stands before the paths of the routes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path that cookies are given for.
    pub(crate) fn cookie_path(&self) -> &str {
        if self.0.is_empty() { "/" } else { &self.0 }
    }

    /// What is left of a request's path below this one; none when it is outside. The rest starts with a slash, or is
    /// empty for the path itself.
    #[must_use]
    pub fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(self.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl std::fmt::Display for RootPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_paths() {
        for (text, path) in [("", ""), ("/", ""), ("chat", "/chat"), ("/a/b/", "/a/b")] {
            assert_eq!(RootPath::new(text).unwrap().as_str(), path);
        }
        for bad in ["a//b", "a b", "a/..", "<x>", "é", "a?b", "a%2e"] {
            assert!(RootPath::new(bad).is_err(), "{bad}");
        }
        let root = RootPath::new("/chat").unwrap();
        assert_eq!(root.strip("/chat"), Some(""));
        assert_eq!(root.strip("/chat/x"), Some("/x"));
        assert_eq!(root.strip("/chatx"), None);
        assert_eq!(root.strip("/x"), None);
    }
}
