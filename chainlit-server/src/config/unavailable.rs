//! Settings of Chainlit's whose feature this version does not have.

use super::Config;

/// The keys that ask for something that is not there, as one reads them in the file.
pub(super) fn keys(config: &Config) -> Vec<&'static str> {
    let (project, features, ui) = (&config.project, &config.features, &config.ui);
    let usual = Config::default();
    let asked = [
        ("features.latex", features.latex),
        ("features.mcp.enabled", features.mcp.enabled),
        (
            "features.slack.reaction_on_message_received",
            features.slack.reaction_on_message_received,
        ),
        ("features.unsafe_allow_html", features.unsafe_allow_html),
        ("project.persist_user_env", project.persist_user_env),
        // These are for the page; Chainlit's own has them.
        ("UI.alert_style", ui.alert_style != usual.ui.alert_style),
        ("UI.default_sidebar_state", ui.default_sidebar_state != usual.ui.default_sidebar_state),
    ];
    asked.into_iter().filter(|(_, is_asked)| *is_asked).map(|(key, _)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_in_vain_is_told() {
        let text = "[features.mcp]\nenabled = true\n[UI]\nname = \"x\"\nalert_style = \"modern\"\n";
        let config = Config::parse(std::path::Path::new("config.toml"), text).unwrap();
        assert_eq!(keys(&config), ["features.mcp.enabled", "UI.alert_style"]);
        assert!(keys(&Config::default()).is_empty());
    }
}
