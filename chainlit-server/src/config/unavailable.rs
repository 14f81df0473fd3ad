//! Settings of Chainlit's whose feature this version does not have.

use super::{Config, Transport};

/// The keys that ask for something that is not there, as one reads them in the file.
pub(super) fn keys(config: &Config) -> Vec<&'static str> {
    let features = &config.features;
    let asked = [
        ("features.allow_thread_sharing", features.allow_thread_sharing),
        ("features.audio.enabled", features.audio.enabled),
        ("features.favorites", features.favorites),
        ("features.latex", features.latex),
        ("features.mcp.enabled", features.mcp.enabled),
        ("features.unsafe_allow_html", features.unsafe_allow_html),
        (
            "project.transports",
            config.project.transports.iter().flatten().any(|way| *way == Transport::Polling),
        ),
    ];
    asked.into_iter().filter(|(_, is_asked)| *is_asked).map(|(key, _)| key).collect()
}
