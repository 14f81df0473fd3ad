//! The page itself.

use super::server::Setup;

/// What a frontend built elsewhere looks like to us.
const FOREIGN: &str = "<!doctype html><html><head><!-- TAG INJECTION PLACEHOLDER -->\
    <!-- FONT START --><link href=\"https://fonts.example/x\"><!-- FONT END -->\
    <!-- JS INJECTION PLACEHOLDER --><!-- CSS INJECTION PLACEHOLDER --><script>const a = 1;</script>\
    <script type=\"module\" crossorigin src=\"/assets/index-B2u6IBgX.js\"></script></head></html>";

#[tokio::test]
async fn the_page_is_asked_for_each_time_and_sent_when_it_changed() {
    let server = Setup::default().start().await;
    let page = server.get("/").await;
    assert_eq!(page.header("cache-control").as_deref(), Some("no-cache"));
    let etag = page.header("etag").unwrap();
    assert_eq!(server.get_with("/", &[("If-None-Match", &etag)]).await.status, 304);
    std::fs::create_dir(server.root().join("public")).unwrap();
    std::fs::write(
        server.root().join("public/theme.json"),
        r#"{"custom_fonts": ["/public/f.css"]}"#,
    )
    .unwrap();
    assert_eq!(server.get_with("/", &[("If-None-Match", &etag)]).await.status, 200);
}

#[tokio::test]
async fn the_name_stands_in_the_page_and_cannot_break_it() {
    let server = Setup::default()
        .config("[UI]\nname = \"<b>\\\"Bot\\\" & co\"\ndescription = \"\\\"><script>x</script>\"\n")
        .start()
        .await;
    let page = server.get("/").await.text();
    assert!(page.contains("<title>&lt;b&gt;&quot;Bot&quot; &amp; co</title>"), "{page}");
    assert!(!page.contains("<script>x"), "{page}");
    assert!(!page.contains("PLACEHOLDER") || page.contains("CSS INJECTION"), "{page}");
}

#[tokio::test]
async fn our_page_has_a_policy_that_lets_its_own_scripts_run() {
    let server = Setup::default().config("[project]\ntransports = [\"websocket\"]\n").start().await;
    let page = server.get("/").await;
    assert!(page.text().contains("window.transports = [\"websocket\"];"), "{}", page.text());
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self'; script-src 'self' 'sha256-"), "{policy}");
    assert!(
        !policy.contains("'unsafe-eval'") && !policy.contains("script-src 'self' 'unsafe-inline'"),
        "{policy}"
    );
}

#[tokio::test]
async fn components_run_where_the_application_has_some() {
    let server = Setup::default()
        .config("[features]\nallowed_media_hosts = [\"img.example\"]\n")
        .file("public/elements/Counter.jsx", "export default () => null")
        .start()
        .await;
    let policy = server.get("/").await.header("content-security-policy").unwrap();
    let scripts = policy.split("; ").find(|part| part.starts_with("script-src ")).unwrap();
    assert!(scripts.ends_with(" blob:"), "{policy}");
    assert!(policy.contains("img-src 'self' data: blob: https: img.example;"), "{policy}");
    assert!(policy.contains("media-src 'self' https: img.example"), "{policy}");
    let source = server.get("/public/elements/Counter.jsx").await;
    assert_eq!(source.header("content-type").unwrap(), "text/javascript; charset=utf-8");

    let server = Setup::default().file("public/elements/notes.txt", "none yet").start().await;
    let policy = server.get("/").await.header("content-security-policy").unwrap();
    let scripts = policy.split("; ").find(|part| part.starts_with("script-src ")).unwrap();
    assert!(!scripts.contains("blob:"), "{policy}");
}

#[tokio::test]
async fn a_page_built_elsewhere_comes_out_right() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), FOREIGN).unwrap();
    let server = Setup::default()
        .ui_dir(folder.path())
        .root_path("/chat")
        .config("[UI]\nname = \"Bot\"\ncustom_css = \"/public/x.css\"\ncustom_js = \"/public/x.js\"\ncustom_build = \"none\"\n")
        .file("public/theme.json", r#"{"variables": {"light": {"--a": "1"}}, "custom_fonts": ["https://f.example/f.css"]}"#)
        .start()
        .await;
    let answer = server.get("/chat/thread/1").await;
    let page = answer.text();
    for expected in [
        "<title>Bot</title>",
        "<meta property=\"og:root_path\" content=\"/chat\">",
        "window.theme = {\"light\":{\"--a\":\"1\"}};",
        "<script src=\"/chat/public/x.js\" defer></script>",
        "<link rel=\"stylesheet\" type=\"text/css\" href=\"/chat/public/x.css\" >",
        "<link rel=\"stylesheet\" href=\"https://f.example/f.css\">",
        "<script>const a = 1;</script>",
        "src=\"/chat/assets/index-B2u6IBgX.js\"",
    ] {
        assert!(page.contains(expected), "{expected} in {page}");
    }
    assert!(!page.contains("fonts.example") && !page.contains("undefined"), "{page}");
    assert_eq!(answer.header("content-security-policy").as_deref(), Some("base-uri 'self'"));
}

#[tokio::test]
async fn a_broken_theme_leaves_the_page_as_it_is() {
    let server = Setup::default().file("public/theme.json", "{broken").start().await;
    let page = server.get("/").await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("window.theme"));
}
