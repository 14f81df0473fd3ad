//! The page: the frontend's `index.html` with the application's name, theme and additions filled in.

use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use serde::Deserialize;
use serde_json::{Value, json};
use warp::reply::Response;

use super::files;
use super::found::open_inside;
use super::reply::set;
use super::{AppState, HttpError, Request, csp};
use crate::config::Config;
use crate::ui::UiSource;

const TAGS: &str = "<!-- TAG INJECTION PLACEHOLDER -->";
const SCRIPTS: &str = "<!-- JS INJECTION PLACEHOLDER -->";
const STYLES: &str = "<!-- CSS INJECTION PLACEHOLDER -->";
const FONTS: (&str, &str) = ("<!-- FONT START -->", "<!-- FONT END -->");

/// The largest `theme.json` that is read.
const MAX_THEME_BYTES: u64 = 256 * 1024;

/// `public/theme.json`.
#[derive(Debug, Default, Deserialize)]
struct CustomTheme {
    /// Values of style variables, for `light` and `dark`.
    #[serde(default)]
    variables: Option<Value>,
    /// Style sheets of fonts that take the place of the page's own.
    #[serde(default)]
    custom_fonts: Option<Vec<String>>,
}

/// Every path that has no other answer.
pub(super) async fn index(state: &AppState, request: &Request) -> Result<Response, HttpError> {
    let template = state.ui().index().await.map_err(|error| {
        tracing::warn!("the frontend's index.html cannot be read: {error}");
        HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "The page cannot be read")
    })?;
    let theme = theme(state).await;
    let html = render(&template, state.config(), &theme, state.root_path().as_str());
    let policy = match state.ui() {
        UiSource::Embedded => csp::own(&csp::Needs {
            html: &html,
            ui: &state.config().ui,
            media_hosts: &state.config().features.allowed_media_hosts,
            has_components: has_components(state).await,
            fonts: theme.custom_fonts.as_deref().unwrap_or_default(),
        }),
        UiSource::Folder(_) => csp::foreign(),
    };
    let hash = files::hash_of(&[&html, &policy]);
    let mut response = files::content(request, html, "text/html; charset=utf-8", &hash, "no-cache");
    set(&mut response, CONTENT_SECURITY_POLICY, &policy);
    Ok(response)
}

/// Whether there is a component in `public/elements`. Asked each time, so that the first one of a running server works.
async fn has_components(state: &AppState) -> bool {
    let Ok(mut files) = tokio::fs::read_dir(state.app_root().join("public/elements")).await else {
        return false;
    };
    while let Ok(Some(file)) = files.next_entry().await {
        if file.path().extension().is_some_and(|extension| extension == "jsx") {
            return true;
        }
    }
    false
}

/// A theme that cannot be read leaves the page with its own.
async fn theme(state: &AppState) -> CustomTheme {
    let public = state.app_root().join("public");
    let Ok(found) = open_inside(&public, &["theme.json"]).await else {
        return CustomTheme::default();
    };
    let content = found.read(MAX_THEME_BYTES).await.unwrap_or_default();
    serde_json::from_slice(&content).unwrap_or_else(|error| {
        tracing::warn!("public/theme.json is not used: {error}");
        CustomTheme::default()
    })
}

fn render(template: &str, config: &Config, theme: &CustomTheme, root: &str) -> String {
    let mut html = template.to_owned();
    if !root.is_empty() {
        for attribute in ["href=\"", "src=\""] {
            html = prefix_addresses(&html, attribute, root);
        }
    }
    // Behind the prefixing: what is filled in already has its final form.
    html = html.replacen(TAGS, &tags(config, root), 1);
    html = html.replacen(SCRIPTS, &scripts(config, theme, root), 1);
    if let Some(address) = &config.ui.custom_css {
        let link = format!(
            "<link rel=\"stylesheet\" type=\"text/css\" href=\"{}\" {}>",
            escape(&local(address, root)),
            config.ui.custom_css_attributes
        );
        html = html.replacen(STYLES, &link, 1);
    }
    if let Some(fonts) = &theme.custom_fonts {
        html = replace_between(&html, FONTS, &font_links(fonts, root));
    }
    html
}

/// Puts the root path before addresses that start with one slash.
fn prefix_addresses(html: &str, attribute: &str, root: &str) -> String {
    let mut parts = html.split(attribute);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(attribute);
        if part.starts_with('/') && !part.starts_with("//") {
            out.push_str(root);
        }
        out.push_str(part);
    }
    out
}

fn local(address: &str, root: &str) -> String {
    if address.starts_with('/') && !address.starts_with("//") {
        format!("{root}{address}")
    } else {
        address.to_owned()
    }
}

fn tags(config: &Config, root: &str) -> String {
    let ui = &config.ui;
    let (name, description) = (escape(&ui.name), escape(&ui.description));
    let mut tags = vec![
        format!("<title>{name}</title>"),
        format!("<link rel=\"icon\" href=\"{root}/favicon\" />"),
        format!("<meta name=\"description\" content=\"{description}\">"),
    ];
    let mut property = |property: &str, content: &str| {
        tags.push(format!("<meta property=\"og:{property}\" content=\"{content}\">"));
    };
    property("type", "website");
    property("title", &name);
    property("description", &description);
    if let Some(address) = &ui.custom_meta_image_url {
        property("image", &escape(address));
    }
    if let Some(address) = &ui.custom_meta_url {
        property("url", &escape(address));
    }
    // The frontend takes its own address from this one.
    property("root_path", root);
    tags.join("\n    ")
}

fn scripts(config: &Config, theme: &CustomTheme, root: &str) -> String {
    let mut lines = String::new();
    if let Some(variables) = &theme.variables {
        lines.push_str(&format!("window.theme = {};\n", script_json(variables)));
    }
    if let Some(transports) = &config.project.transports {
        lines.push_str(&format!("window.transports = {};\n", script_json(&json!(transports))));
    }
    let mut html = String::new();
    if !lines.is_empty() {
        html.push_str(&format!("<script>\n{lines}</script>"));
    }
    if let Some(address) = &config.ui.custom_js {
        html.push_str(&format!(
            "<script src=\"{}\" {}></script>",
            escape(&local(address, root)),
            config.ui.custom_js_attributes
        ));
    }
    html
}

fn font_links(fonts: &[String], root: &str) -> String {
    let link = |address: &String| {
        format!("<link rel=\"stylesheet\" href=\"{}\">", escape(&local(address, root)))
    };
    fonts.iter().map(link).collect::<Vec<_>>().join("\n")
}

fn replace_between(html: &str, (start, end): (&str, &str), content: &str) -> String {
    let Some((before, rest)) = html.split_once(start) else {
        return html.to_owned();
    };
    let Some((_, after)) = rest.split_once(end) else {
        return html.to_owned();
    };
    format!("{before}{start}\n{content}\n{end}{after}")
}

/// For texts and for attributes in double quotes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// JSON that cannot end the script it stands in.
fn script_json(value: &Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Transport;

    const TEMPLATE: &str = "<head><!-- TAG INJECTION PLACEHOLDER -->\
        <link href=\"//cdn.example/a.css\"><!-- FONT START --><link href=\"/f\"><!-- FONT END -->\
        <!-- JS INJECTION PLACEHOLDER --><script src=\"/assets/a.js\"></script><!-- CSS INJECTION PLACEHOLDER --></head>";

    #[test]
    fn names_cannot_become_markup() {
        let mut config = Config::default();
        config.ui.name = "</title><script>alert(1)</script>\" href=\"/x".to_owned();
        config.ui.custom_js = Some("/public/\"><x".to_owned());
        let html = render(TEMPLATE, &config, &CustomTheme::default(), "/chat");
        assert!(!html.contains("<script>alert"), "{html}");
        assert!(!html.contains("href=\"/chat/x"), "{html}");
        assert!(
            html.contains("<script src=\"/chat/public/&quot;&gt;&lt;x\" defer></script>"),
            "{html}"
        );
    }

    #[test]
    fn the_root_path_goes_before_local_addresses_only() {
        let html = render(TEMPLATE, &Config::default(), &CustomTheme::default(), "/chat");
        assert!(html.contains("src=\"/chat/assets/a.js\""), "{html}");
        assert!(html.contains("href=\"//cdn.example/a.css\""), "{html}");
        assert!(html.contains("<link rel=\"icon\" href=\"/chat/favicon\" />"), "{html}");
        assert!(html.contains("<meta property=\"og:root_path\" content=\"/chat\">"), "{html}");
        assert!(!html.contains("undefined") && !html.contains("og:image"), "{html}");
        assert!(!html.contains("window.transports"), "the choice is the client's: {html}");
    }

    #[test]
    fn theme_and_transports_are_filled_in() {
        let mut config = Config::default();
        config.ui.custom_css = Some("https://cdn.example/x.css".to_owned());
        config.project.transports = Some(vec![Transport::Polling, Transport::Websocket]);
        let theme = CustomTheme {
            variables: Some(json!({"light": {"--a": "</script>"}})),
            custom_fonts: Some(vec!["/public/font.css".to_owned()]),
        };
        let html = render(TEMPLATE, &config, &theme, "/chat");
        assert!(html.contains(r#"window.theme = {"light":{"--a":"\u003c/script>"}};"#), "{html}");
        assert!(html.contains(r#"window.transports = ["polling","websocket"];"#), "{html}");
        assert!(
            html.contains("<link rel=\"stylesheet\" href=\"/chat/public/font.css\">"),
            "{html}"
        );
        assert!(html.contains("href=\"https://cdn.example/x.css\" >"), "{html}");
        assert!(!html.contains("href=\"/chat/f\""), "{html}");
    }
}
