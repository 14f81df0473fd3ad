//! Settings of Chainlit's whose feature this version does not have.

use super::Config;

/// Why most of them have no effect.
const LACKING: &str = "this version lacks it";

/// The keys that ask for something that is not there, as one reads them in the file, and why it is not.
pub(super) fn keys(config: &Config) -> Vec<(&'static str, &'static str)> {
    let features = &config.features;
    let asked = [
        ("features.mcp.enabled", features.mcp.enabled),
        (
            "features.slack.reaction_on_message_received",
            features.slack.reaction_on_message_received,
        ),
    ];
    let mut keys: Vec<_> = asked
        .into_iter()
        .filter(|(_, is_asked)| *is_asked)
        .map(|(key, _)| (key, LACKING))
        .collect();
    if features.unsafe_allow_html {
        keys.push(("features.unsafe_allow_html", "HTML of a model would run in its reader's page"));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_in_vain_is_told() {
        let text = "[features.mcp]\nenabled = true\n[UI]\ndefault_sidebar_state = \"closed\"\n";
        let config = Config::parse(std::path::Path::new("config.toml"), text).unwrap();
        assert_eq!(keys(&config), [("features.mcp.enabled", LACKING)]);
        assert!(keys(&Config::default()).is_empty());
    }

    #[test]
    fn html_in_messages_is_refused_with_the_reason() {
        let mut config = Config::default();
        config.features.unsafe_allow_html = true;
        let told = keys(&config);
        assert!(matches!(told[..], [("features.unsafe_allow_html", why)] if why.contains("HTML")));
    }

    #[test]
    fn formulas_and_alerts_are_there() {
        let text = "[features]\nlatex = true\n[UI]\nalert_style = \"modern\"\n";
        let config = Config::parse(std::path::Path::new("config.toml"), text).unwrap();
        assert!(keys(&config).is_empty());
    }
}
