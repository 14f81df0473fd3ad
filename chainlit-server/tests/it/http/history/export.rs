//! Conversations as files.

use serde_json::Value;

use super::*;

const EVIL: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\" ' &amp;\n## Forged\r## Forged too\n```";

async fn evil() -> (History, Caller) {
    let history = History::start().await;
    let ada = history.login("ada").await;
    let step = message("6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0007", THREAD, "user_message", EVIL, 4);
    let ThreadStep::Message(mut step) = step else { unreachable!() };
    Arc::make_mut(&mut step).name = "</b><script>\n# x".to_owned();
    history.kept.create_step(&ThreadStep::Message(step)).await.unwrap();
    let mut element = element("6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0008", ANSWER);
    element.name = "<svg onload=alert(1)>](javascript:alert(1))".to_owned();
    history.kept.create_element(&element).await.unwrap();
    let body = serde_json::json!({"threadId": THREAD, "name": "</title><script>\"; x=\".html"});
    assert_eq!(history.send(&ada, "PUT", "/project/thread", body).await.status, 200);
    (history, ada)
}

async fn export(history: &History, caller: &Caller, format: &str) -> Answer {
    history.get(caller, &format!("/project/thread/{THREAD}/export?format={format}")).await
}

#[tokio::test]
async fn a_page_holds_words_and_nothing_that_runs() {
    let (history, ada) = evil().await;
    let answer = export(&history, &ada, "html").await;
    let page = answer.text();
    assert_eq!(answer.header("content-type").unwrap(), "text/html; charset=utf-8");
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("sandbox;") && policy.contains("default-src 'none'"), "{policy}");
    assert!(
        page.contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'")
    );
    for text in ["What?", "This.", "tool's output", "Forged", "search"] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    // Every tag is one of ours.
    let ours = [
        "!doctype", "html", "head", "meta", "title", "style", "body", "h1", "article", "header",
        "b", "time", "pre", "details", "summary", "p",
    ];
    for tag in page.split('<').skip(1) {
        let name = tag.trim_start_matches('/');
        let name = &name[..name.find([' ', '>']).unwrap()];
        assert!(ours.contains(&name), "<{name}> is in {page}");
    }
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
    assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
}

#[tokio::test]
async fn markdown_quotes_what_was_said() {
    let (history, ada) = evil().await;
    let text = export(&history, &ada, "markdown").await.text();
    let lines: Vec<&str> = text.split(['\n', '\r']).collect();
    let headings = lines.iter().filter(|line| line.starts_with('#')).count();
    // The title, three messages and a step; nothing that somebody wrote.
    assert_eq!(headings, 5, "{text}");
    assert!(lines.contains(&"> ## Forged") && lines.contains(&"> ## Forged too"), "{text}");
    assert!(text.contains("\\<svg onload\\=alert\\(1\\)\\>\\]\\("), "{text}");
}

#[tokio::test]
async fn json_holds_everything() {
    let (history, ada) = evil().await;
    let answer = export(&history, &ada, "json").await;
    let thread: Value = answer.json();
    assert_eq!(thread["steps"].as_array().unwrap().len(), 4);
    assert_eq!(thread["steps"][3]["output"], EVIL);
    assert!(answer.header("content-disposition").unwrap().contains(".json"));
    assert_eq!(export(&history, &ada, "pdf").await.status, 422);
}
