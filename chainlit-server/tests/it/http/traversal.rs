//! Ways out of the folders that are served. The secret lies beside the application's folder.

use super::server::{Server, Setup};

/// Ways to name the secret, or something that would be one, below a folder two levels under it.
const ATTACKS: &[&str] = &[
    "../../secret.txt",
    "../chainlit.md",
    "..%2F..%2Fsecret.txt",
    "%2e%2e/%2e%2e/secret.txt",
    "%2E%2E%2Fchainlit.md",
    "%252e%252e%252fchainlit.md",
    "%252e%252e/chainlit.md",
    "..\\..\\secret.txt",
    "..%5c..%5csecret.txt",
    "....//....//secret.txt",
    "./../../secret.txt",
    "inner/../../../secret.txt",
    "/etc/passwd",
    "%2Fetc%2Fpasswd",
    "//etc/passwd",
    "C:/Windows/win.ini",
    "C:%5CWindows%5Cwin.ini",
    "file:///etc/passwd",
    "%00",
    "ok.txt%00.png",
    "..%00/secret.txt",
    "..%c0%af..%c0%afsecret.txt",
    "%ef%bc%8e%ef%bc%8e/secret.txt",
    "~/secret.txt",
    "ok.txt/",
    "ok.txt/.",
    "ok.txt.",
    "ok.txt%20",
    "OK.TXT",
    "inner",
    "inner/",
    "",
    ".",
    "..",
    "link.txt",
    "linked/secret.txt",
    "chain",
    "pipe",
];

#[cfg(unix)]
fn plant(folder: &std::path::Path, secret: &std::path::Path) {
    use std::os::unix::fs::symlink;
    std::fs::create_dir_all(folder.join("inner")).unwrap();
    std::fs::write(folder.join("ok.txt"), "ok").unwrap();
    symlink(secret, folder.join("link.txt")).unwrap();
    symlink(secret.parent().unwrap(), folder.join("linked")).unwrap();
    symlink("link.txt", folder.join("chain")).unwrap();
    symlink("ok.txt", folder.join("inside.txt")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.join("pipe")).status();
    assert!(made.is_ok_and(|status| status.success()));
}

async fn refuses_all(server: &Server, route: &str) {
    assert_eq!(server.get(&format!("{route}/ok.txt")).await.text(), "ok");
    assert_eq!(server.get(&format!("{route}/inside.txt")).await.text(), "ok");
    let long = "a".repeat(5000);
    let longest = format!("{}x", "d/".repeat(3000));
    for attack in ATTACKS.iter().copied().chain([long.as_str(), longest.as_str()]) {
        let answer = server.get(&format!("{route}/{attack}")).await;
        let text = answer.text();
        assert!(matches!(answer.status, 400 | 404), "{route}/{attack}: {} {text}", answer.status);
        assert!(
            text == r#"{"detail":"File not found"}"# || text == r#"{"detail":"Invalid filename"}"#,
            "{route}/{attack}: {text}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn public_files_stay_inside_their_folder() {
    let server = Setup::default().start().await;
    let secret = server.root().parent().unwrap().join("secret.txt");
    plant(&server.root().join("public"), &secret);
    refuses_all(&server, "/public").await;
}

#[cfg(unix)]
#[tokio::test]
async fn assets_of_another_frontend_stay_inside_their_folder() {
    let server = Setup::default()
        .config("[UI]\ncustom_build = \"dist\"\n")
        .file("dist/index.html", "<p>other</p>")
        .start()
        .await;
    let secret = server.root().parent().unwrap().join("secret.txt");
    plant(&server.root().join("dist/assets"), &secret);
    refuses_all(&server, "/assets").await;
    // Nor is the frontend's folder itself open.
    assert_eq!(server.get("/assets/%2e%2e/index.html").await.status, 400);
}

#[tokio::test]
async fn embedded_assets_are_found_by_their_plain_name_only() {
    let server = Setup::default().start().await;
    for attack in ATTACKS {
        let answer = server.get(&format!("/assets/{attack}")).await;
        assert!(
            matches!(answer.status, 400 | 404),
            "{attack}: {} {}",
            answer.status,
            answer.text()
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn pictures_stay_inside_their_folder() {
    use std::os::unix::fs::symlink;
    let server = Setup::default().file("public/avatars/bot.txt", "bot").start().await;
    let secret = server.root().parent().unwrap().join("secret.txt");
    let public = server.root().join("public");
    for name in ["favicon.txt", "logo_dark.txt", "avatars/eve.txt", "theme.json"] {
        symlink(&secret, public.join(name)).unwrap();
    }
    for path in ["/favicon", "/logo?theme=dark", "/avatars/eve"] {
        let answer = server.get(path).await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (400, r#"{"detail":"Invalid filename"}"#),
            "{path}"
        );
    }
    assert_eq!(server.get("/").await.status, 200);
    assert_eq!(server.get("/avatars/bot").await.text(), "bot");
}

#[tokio::test]
async fn an_avatar_is_a_name_and_never_a_path() {
    let server = Setup::default().file("public/avatars/my_bot.png", "picture").start().await;
    let page = |text: &str| text.starts_with("<!doctype html>");
    for path in
        ["/avatars/..%2Fx", "/avatars/%2e%2e/x", "/avatars/../x", "/avatars/a/b", "/avatars"]
    {
        let answer = server.get(path).await;
        assert!(answer.status == 200 && page(&answer.text()), "{path}");
    }
    let long = format!("/avatars/{}", "a".repeat(5000));
    for path in ["/avatars/..", "/avatars/.", "/avatars/C-drive", &long] {
        let answer = server.get(path).await;
        assert!(answer.status == 200 && answer.text().starts_with("<svg"), "{path}");
    }
    for path in [
        "/avatars/",
        "/avatars/a%5cb",
        "/avatars/%00",
        "/avatars/%252e",
        "/avatars/%C3%A9",
        "/avatars/*",
    ] {
        let answer = server.get(path).await;
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (400, r#"{"detail":"Invalid avatar_id"}"#),
            "{path}"
        );
    }
    for path in
        ["/avatars/My%20Bot", "/avatars/my.bot", "/avatars/MY_BOT", "/avatars/%20my%20bot%20"]
    {
        assert_eq!(server.get(path).await.text(), "picture", "{path}");
    }
}
