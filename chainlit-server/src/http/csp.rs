//! The content security policy of the page.

use data_encoding::BASE64;
use http::Uri;
use sha2::{Digest, Sha256};

use crate::config::Ui;

/// What the policy of our own page depends on.
pub(super) struct Needs<'a> {
    /// The whole page: its inline scripts are allowed by their hashes.
    pub(super) html: &'a str,
    /// The configuration, for scripts, style sheets and pictures from elsewhere.
    pub(super) ui: &'a Ui,
    /// Hosts that elements may show pictures, sounds and films from.
    pub(super) media_hosts: &'a [String],
    /// Whether the application has components of its own, which the page compiles and then loads as blobs.
    pub(super) has_components: bool,
    /// Style sheets of fonts in `theme.json`.
    pub(super) fonts: &'a [String],
}

/// The policy of our own page: everything comes from this server, and what the configuration brings from elsewhere
/// may come from just there. Pictures and media may come from anywhere by HTTPS: the page waits for a click.
pub(super) fn own(needs: &Needs<'_>) -> String {
    let Needs { html, ui, media_hosts, has_components, fonts } = needs;
    let scripts: Vec<String> = inline_scripts(html)
        .map(|script| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(script))))
        .chain(ui.custom_js.as_deref().and_then(foreign_origin))
        .chain(has_components.then(|| "blob:".to_owned()))
        .collect();
    let custom_css = ui.custom_css.as_deref();
    let styles = custom_css.into_iter().chain(fonts.iter().map(String::as_str));
    let links = ui.header_links.iter().flatten().map(|link| link.icon_url.as_str());
    let pictures = [&ui.logo_file_url, &ui.default_avatar_file_url, &ui.login_page_image]
        .into_iter()
        .filter_map(Option::as_deref)
        .chain(links);
    let hosts = || media_hosts.iter().cloned();
    let connect = ui.custom_js.as_deref().and_then(foreign_origin);
    let mut policy = vec![
        "default-src 'self'".to_owned(),
        list("script-src 'self'", scripts),
        list("style-src 'self' 'unsafe-inline'", styles.filter_map(foreign_origin)),
        // What a reader asks for by a click may be anywhere; the page asks for nothing else by itself.
        list(
            "img-src 'self' data: blob: https:",
            pictures.filter_map(foreign_origin).chain(hosts()),
        ),
        list("media-src 'self' https:", hosts()),
        list("connect-src 'self'", connect),
        "object-src 'none'".to_owned(),
        "base-uri 'self'".to_owned(),
        "frame-ancestors 'self'".to_owned(),
    ];
    if custom_css.is_some() || !fonts.is_empty() {
        // Style sheets of fonts name their files on hosts of their own.
        policy.push("font-src 'self' data: https:".to_owned());
    }
    policy.join("; ")
}

/// The policy of a page that was built elsewhere: we do not know what it needs, so it only cannot be told that its
/// relative addresses belong to another server.
pub(super) fn foreign() -> String {
    "base-uri 'self'".to_owned()
}

fn list(start: &str, sources: impl IntoIterator<Item = String>) -> String {
    let mut text = start.to_owned();
    for source in sources {
        if !text.split(' ').any(|there| there == source) {
            text.push(' ');
            text.push_str(&source);
        }
    }
    text
}

/// `scheme://host[:port]` of an address on another server.
fn foreign_origin(address: &str) -> Option<String> {
    let address = match address.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => address.to_owned(),
    };
    let start = address.split(['?', '#']).next().unwrap_or_default();
    let uri: Uri = start.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let authority = uri.authority()?;
    Some(match authority.port() {
        Some(port) => format!("{scheme}://{}:{port}", authority.host()),
        None => format!("{scheme}://{}", authority.host()),
    })
}

/// The contents of the script elements that have no `src`.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = lower[from..].find("<script").map(|at| from + at) {
        let Some(open) = lower[start..].find('>').map(|at| start + at + 1) else {
            break;
        };
        let Some(close) = lower[open..].find("</script").map(|at| open + at) else {
            break;
        };
        if !lower[start..open].contains(" src=") {
            found.push(&html[open..close]);
        }
        from = close;
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(ui: &Ui) -> Needs<'_> {
        Needs { html: "", ui, media_hosts: &[], has_components: false, fonts: &[] }
    }

    #[test]
    fn components_run_as_blobs() {
        let ui = Ui::default();
        let policy = own(&Needs { has_components: true, ..plain(&ui) });
        assert!(policy.contains("; script-src 'self' blob:; "), "{policy}");
    }

    #[test]
    fn media_come_from_named_hosts() {
        let (ui, hosts) = (Ui::default(), ["*.example.org".to_owned()]);
        let policy = own(&Needs { media_hosts: &hosts, ..plain(&ui) });
        assert!(policy.contains("; img-src 'self' data: blob: https: *.example.org; "), "{policy}");
        assert!(policy.contains("; media-src 'self' https: *.example.org; "), "{policy}");
    }

    #[test]
    fn inline_scripts_only() {
        let html = "<SCRIPT>one</SCRIPT><script type=module src=\"x\"></script><script data-a>\ntwo\n</script><script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["one", "\ntwo\n"]);
    }

    #[test]
    fn the_plain_page_loads_from_its_server_only() {
        let ui = Ui::default();
        let needs = Needs { html: "<script>1</script>", ..plain(&ui) };
        assert_eq!(
            own(&needs),
            "default-src 'self'; script-src 'self' 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='; \
             style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; \
             media-src 'self' https:; connect-src 'self'; object-src 'none'; \
             base-uri 'self'; frame-ancestors 'self'"
        );
    }

    #[test]
    fn what_the_configuration_brings_is_allowed_and_no_more() {
        let ui = Ui {
            custom_js: Some("https://cdn.example:8443/x.js?v=1".to_owned()),
            custom_css: Some("/public/x.css".to_owned()),
            logo_file_url: Some("//img.example/logo.png".to_owned()),
            default_avatar_file_url: Some("javascript:alert(1)".to_owned()),
            ..Ui::default()
        };
        let fonts = ["https://fonts.example/css2?family=A:wght@400;700".to_owned()];
        let policy = own(&Needs { fonts: &fonts, ..plain(&ui) });
        assert!(policy.contains("script-src 'self' https://cdn.example:8443;"), "{policy}");
        assert!(
            policy.contains("style-src 'self' 'unsafe-inline' https://fonts.example;"),
            "{policy}"
        );
        assert!(
            policy.contains("img-src 'self' data: blob: https: https://img.example;"),
            "{policy}"
        );
        assert!(policy.contains("connect-src 'self' https://cdn.example:8443;"), "{policy}");
        assert!(policy.ends_with("font-src 'self' data: https:"), "{policy}");
    }

    #[test]
    fn an_address_cannot_add_a_directive() {
        assert_eq!(foreign_origin("https://a.example; script-src *"), None);
        assert_eq!(
            foreign_origin("https://user@a.example/x").as_deref(),
            Some("https://a.example")
        );
        assert_eq!(foreign_origin("/public/x"), None);
    }
}
