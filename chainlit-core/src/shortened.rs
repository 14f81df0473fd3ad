use std::fmt::Display;

/// Characters that are shown of a complaint about what a client sent.
const MAX_SHOWN: usize = 300;

/// A complaint about what a client sent, at a length that can be shown, kept and logged: the libraries that read JSON
/// repeat a wrong text as long as it is.
#[must_use]
pub fn shortened(complaint: impl Display) -> String {
    let mut text = complaint.to_string();
    if let Some((end, _)) = text.char_indices().nth(MAX_SHOWN) {
        text.truncate(end);
        text.push('…');
        // It may be kept for long.
        text.shrink_to_fit();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_goes() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened("ä".repeat(300)), "ä".repeat(300));
        assert_eq!(shortened("ä".repeat(301)), format!("{}…", "ä".repeat(300)));
    }
}
