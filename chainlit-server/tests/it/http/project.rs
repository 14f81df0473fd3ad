//! What a frontend asks before it opens the socket.

use chainlit_server::App;
use serde_json::{Value, json};

use super::server::Setup;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn settings_have_every_field_of_the_protocol() {
    let server = Setup::default().start().await;
    let mut settings = server.get("/project/settings?language=en-US").await.json();
    let readme = settings["markdown"].take();
    assert!(readme.as_str().unwrap().starts_with("# Welcome"), "{readme}");
    assert_eq!(
        settings,
        json!({
            "ui": {
                "name": "Assistant", "description": "", "cot": "full", "default_theme": "dark", "language": null,
                "layout": "default", "default_sidebar_state": "open", "chat_settings_location": "message_composer",
                "default_chat_settings_open": false, "confirm_new_chat": true, "github": null, "custom_css": null,
                "custom_css_attributes": "", "custom_js": null, "alert_style": "classic",
                "custom_js_attributes": "defer", "login_page_image": null, "login_page_image_filter": null,
                "login_page_image_dark_filter": null, "custom_meta_url": null, "custom_meta_image_url": null,
                "logo_file_url": null, "default_avatar_file_url": null, "avatar_size": null, "custom_build": null,
                "header_links": null,
            },
            "features": {
                "spontaneous_file_upload": {"enabled": true, "accept": ["*/*"], "max_files": 20, "max_size_mb": 500},
                "audio": {"sample_rate": 24000, "enabled": false},
                "mcp": {"enabled": false, "servers": [], "user_servers": {"enabled": false}},
                "slack": {"reaction_on_message_received": false}, "latex": false, "user_message_markdown": true,
                "user_message_autoscroll": true, "assistant_message_autoscroll": true, "unsafe_allow_html": false,
                "auto_tag_thread": true, "edit_message": true, "allow_thread_sharing": false, "favorites": false,
                "allowed_media_hosts": [],
            },
            "userEnv": [], "maskUserEnv": false, "dataPersistence": false, "threadResumable": false,
            "threadSharing": false, "markdown": null, "chatProfiles": [], "starters": [], "starterCategories": [],
            "debugUrl": null,
        })
    );
}

#[tokio::test]
async fn settings_tell_facts_and_no_secrets() {
    let server = Setup::default()
        .config(
            "[features]\nallow_thread_sharing = true\n[features.mcp]\nenabled = true\n\
             [[features.mcp.servers]]\nname = \"a\"\ntype = \"stdio\"\ncommand = \"run --token SECRET\"\n\
             [[features.mcp.servers]]\nname = \"b\"\ntype = \"streamable-http\"\nurl = \"http://SECRET\"\nheaders = { A = \"SECRET\" }\n\
             [features.mcp.user_servers]\nenabled = true\nallowed_urls = [\"https://SECRET/\"]\n\
             [UI]\nname = \"Bot\"\nshow_errors = true\n",
        )
        .start_app(App::new().on_message(async || {}).on_chat_resume(async || {}))
        .await;
    let answer = server.get("/project/settings").await;
    assert!(!answer.text().contains("SECRET"), "{}", answer.text());
    assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    let settings = answer.json();
    assert_eq!(
        settings["features"]["mcp"],
        json!({
            "enabled": true,
            "servers": [{"name": "a", "type": "stdio"}, {"name": "b", "type": "streamable-http"}],
            "user_servers": {"enabled": true},
        })
    );
    assert_eq!(settings["threadResumable"], true);
    for absent in ["dataPersistence", "threadSharing"] {
        assert_eq!(settings[absent], false, "{absent}");
    }
    assert!(!keys(&settings["ui"]).contains(&"show_errors"));
}

#[tokio::test]
async fn a_language_of_wrong_form_is_refused_before_it_becomes_a_file_name() {
    let server = Setup::default().start().await;
    let pattern = "^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,4})?(-[a-zA-Z0-9]{2,8})?(-x-[a-zA-Z0-9]{1,8})?$";
    for path in ["/project/settings", "/project/translations"] {
        let answer = server.get(&format!("{path}?language=bad_lang!")).await;
        assert_eq!(answer.status, 422);
        assert_eq!(
            answer.json(),
            json!({"detail": [{
                "type": "string_pattern_mismatch",
                "loc": ["query", "language"],
                "msg": format!("String should match pattern '{pattern}'"),
                "input": "bad_lang!",
                "ctx": {"pattern": pattern},
            }]})
        );
        for language in ["..%2F..%2Fsecret", "%2e%2e", "en%00", "en%0d%0aX:%20y", ""] {
            let answer = server.get(&format!("{path}?language={language}")).await;
            assert_eq!(answer.status, 422, "{language}");
        }
    }
}

#[tokio::test]
async fn texts_come_in_the_language_that_is_asked_for() {
    let server = Setup::default().start().await;
    for (query, send) in [
        ("", "Send"),
        ("?language=fr", "Envoyer"),
        ("?language=de-DE", "Senden"),
        ("?language=ja", "Send"),
    ] {
        let texts = server.get(&format!("/project/translations{query}")).await.json();
        assert_eq!(texts["translation"]["chat"]["input"]["actions"]["send"], send, "{query}");
    }
    assert_eq!(keys(&server.get("/project/translations").await.json()), ["translation"]);
}

#[tokio::test]
async fn the_configured_language_wins() {
    let server = Setup::default()
        .config("[UI]\nlanguage = \"de-DE\"\n")
        .file("chainlit_de-DE.md", "Guten Tag")
        .start()
        .await;
    let settings = server.get("/project/settings?language=fr-FR").await.json();
    assert_eq!(settings["markdown"], "Guten Tag");
    let texts = server.get("/project/translations?language=fr-FR").await.json();
    assert_eq!(texts["translation"]["chat"]["input"]["actions"]["send"], "Senden");
}

#[tokio::test]
async fn login_is_described() {
    let server = Setup::default().start().await;
    assert_eq!(
        server.get("/auth/config").await.json(),
        json!({
            "requireLogin": false, "passwordAuth": false, "headerAuth": false, "oauthProviders": [],
            "default_theme": "dark",
            "ui": {"login_page_image": null, "login_page_image_filter": null, "login_page_image_dark_filter": null},
        })
    );
}
