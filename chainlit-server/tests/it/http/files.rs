//! Conditional and partial requests, compressed forms, pictures.

use super::server::{Server, Setup};

async fn with_file() -> Server {
    Setup::default().file("public/a b.txt", "0123456789").file("public/empty.bin", "").start().await
}

#[tokio::test]
async fn a_copy_that_is_still_right_is_not_sent_again() {
    let server = with_file().await;
    let first = server.get("/public/a%20b.txt").await;
    assert_eq!(first.text(), "0123456789");
    assert_eq!(first.header("content-type").as_deref(), Some("text/plain; charset=utf-8"));
    assert_eq!(first.header("cache-control").as_deref(), Some("no-cache"));
    let (etag, modified) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
    for known in
        [("If-None-Match", etag.as_str()), ("If-None-Match", "*"), ("If-Modified-Since", &modified)]
    {
        let again = server.get_with("/public/a%20b.txt", &[known]).await;
        assert_eq!((again.status, again.text().as_str()), (304, ""), "{known:?}");
        assert_eq!(again.header("etag").as_ref(), Some(&etag));
    }
    // The tag counts more than the date.
    let both = [("If-None-Match", "\"other\""), ("If-Modified-Since", modified.as_str())];
    assert_eq!(server.get_with("/public/a%20b.txt", &both).await.status, 200);
}

#[tokio::test]
async fn parts_of_a_file() {
    let server = with_file().await;
    for (range, status, body, content_range) in [
        ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
        ("bytes=7-", 206, "789", Some("bytes 7-9/10")),
        ("bytes=-3", 206, "789", Some("bytes 7-9/10")),
        ("bytes=0-99", 206, "0123456789", Some("bytes 0-9/10")),
        ("bytes=0-0", 206, "0", Some("bytes 0-0/10")),
        ("bytes=0-1,4-5", 200, "0123456789", None),
        ("lines=1-2", 200, "0123456789", None),
        ("bytes=10-", 416, "", Some("bytes */10")),
        ("bytes=18446744073709551615-", 416, "", Some("bytes */10")),
    ] {
        let answer = server.get_with("/public/a%20b.txt", &[("Range", range)]).await;
        assert_eq!((answer.status, answer.text().as_str()), (status, body), "{range}");
        assert_eq!(answer.header("content-range").as_deref(), content_range, "{range}");
        assert_eq!(answer.header("content-length"), Some(body.len().to_string()), "{range}");
    }
    assert_eq!(server.get_with("/public/empty.bin", &[("Range", "bytes=0-")]).await.status, 416);
}

#[tokio::test]
async fn a_part_of_another_version_is_the_whole() {
    let server = with_file().await;
    let etag = server.get("/public/a%20b.txt").await.header("etag").unwrap();
    for (condition, status) in [(etag.as_str(), 206), ("\"other\"", 200)] {
        let headers = [("Range", "bytes=0-1"), ("If-Range", condition)];
        assert_eq!(
            server.get_with("/public/a%20b.txt", &headers).await.status,
            status,
            "{condition}"
        );
    }
}

#[tokio::test]
async fn assets_come_compressed_and_are_kept() {
    let server = Setup::default()
        .config("[UI]\ncustom_build = \"dist\"\n")
        .file("dist/index.html", "<p>other</p>")
        .file("dist/assets/app-A1b2C3d4.js", "plain")
        .file("dist/assets/app-A1b2C3d4.js.br", "brotli")
        .file("dist/assets/app-A1b2C3d4.js.gz", "gzip")
        .file("dist/assets/raw.css", "style")
        .start()
        .await;
    let path = "/assets/app-A1b2C3d4.js";
    for (accept, body, encoding) in [
        ("gzip, deflate, br", "brotli", Some("br")),
        ("gzip", "gzip", Some("gzip")),
        ("br;q=0, gzip;q=0", "plain", None),
        ("identity", "plain", None),
    ] {
        let answer = server.get_with(path, &[("Accept-Encoding", accept)]).await;
        assert_eq!(answer.text(), body, "{accept}");
        assert_eq!(answer.header("content-encoding").as_deref(), encoding, "{accept}");
        assert_eq!(
            answer.header("content-type").as_deref(),
            Some("text/javascript; charset=utf-8")
        );
        assert_eq!(
            answer.header("cache-control").as_deref(),
            Some("public, max-age=31536000, immutable")
        );
        assert!(answer.header("vary").unwrap().contains("Accept-Encoding"), "{accept}");
    }
    let plain = server.get_with("/assets/raw.css", &[("Accept-Encoding", "br")]).await;
    assert_eq!(plain.text(), "style");
    assert_eq!(plain.header("cache-control").as_deref(), Some("no-cache"));
}

#[tokio::test]
async fn pictures_of_the_application_come_first() {
    let bare = Setup::default().start().await;
    for path in ["/favicon", "/logo", "/logo?theme=dark", "/avatars/Assistant", "/avatars/default"]
    {
        let answer = bare.get(path).await;
        assert!(answer.text().starts_with("<svg"), "{path}");
        assert_eq!(answer.header("content-type").as_deref(), Some("image/svg+xml"), "{path}");
    }
    assert_ne!(bare.get("/logo").await.text(), bare.get("/logo?theme=dark").await.text());
    let bad = bare.get("/logo?theme=pink").await;
    assert_eq!(bad.status, 422);
    assert_eq!(bad.json()["detail"][0]["ctx"]["expected"], "'light' or 'dark'");

    let own = Setup::default()
        .config("[UI]\nname = \"Mr. Bot\"\n")
        .file("public/favicon.ico", "icon")
        .file("public/logo_dark.png", "dark")
        .file("public/avatars/mr__bot.png", "bot")
        .start()
        .await;
    for (path, body) in [
        ("/favicon", "icon"),
        ("/logo?theme=dark", "dark"),
        ("/avatars/default", "bot"),
        ("/avatars/Mr.%20Bot", "bot"),
        ("/avatars/somebody", "icon"),
    ] {
        assert_eq!(own.get(path).await.text(), body, "{path}");
    }
}
