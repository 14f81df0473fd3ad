//! Tokens and the cookies that carry them.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::*;

/// A token that ends in the year 2100.
fn token(header: &Value, claims: &Value, secret: &str) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", part(header), part(claims));
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(&signed);
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
}

fn claims() -> Value {
    json!({"identifier": "ada", "metadata": {"role": "admin"}, "exp": 4_102_444_800_u64})
}

/// What `GET /user` says to that token, as a cookie and as a program sends it, which is the same.
async fn user_of(server: &TestServer, token: &str) -> Answer {
    let by_cookie =
        send(server, "GET", "/user", &format!("cookie: access_token={token}\r\n"), "").await;
    let bearer = format!("authorization: Bearer {token}\r\n");
    let by_header = send(server, "GET", "/user", &bearer, "").await;
    assert_eq!(by_cookie.text(), by_header.text());
    by_header
}

#[tokio::test]
async fn only_what_our_secret_signed_and_holds_counts() {
    let server = TestServer::start(app()).await;
    let hs256 = json!({"alg": "HS256", "typ": "JWT"});
    let good = token(&hs256, &claims(), SECRET);
    let known = user_of(&server, &good).await;
    assert_eq!(known.status, 200);
    let known: Value = serde_json::from_str(&known.text()).unwrap();
    assert_eq!([&known["identifier"], &known["display_name"]], [&json!("ada"), &Value::Null]);
    assert_eq!(known["metadata"], json!({"role": "admin"}));
    let mut expired = claims();
    expired["exp"] = json!(1);
    let mut endless = claims();
    endless.as_object_mut().unwrap().remove("exp");
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let mut root = claims();
    root["identifier"] = json!("root");
    let forged = BASE64URL_NOPAD.encode(root.to_string().as_bytes());
    for (what, token) in [
        ("expired", token(&hs256, &expired, SECRET)),
        ("without an end", token(&hs256, &endless, SECRET)),
        ("of a foreign secret", token(&hs256, &claims(), "another secret of thirty-two bytes")),
        ("of no algorithm", token(&json!({"alg": "none"}), &claims(), SECRET)),
        ("of another algorithm", token(&json!({"alg": "RS256"}), &claims(), SECRET)),
        ("unsigned", format!("{signed}.")),
        ("forged", format!("{header}.{forged}.{signature}")),
        ("cut", good[..good.len() - 2].to_owned()),
        ("nonsense", "a.b.c".to_owned()),
        ("empty", String::new()),
    ] {
        assert_eq!(user_of(&server, &token).await.status, 401, "a token {what}");
        let cookie = format!("cookie: access_token={token}\r\n");
        let refused = connect(&server, &cookie, "s").await;
        assert_eq!(refused, r#"44{"message":"authentication failed"}"#, "a token {what}");
    }
    let bearer = connect(&server, &format!("authorization: Bearer {good}\r\n"), "s").await;
    assert_eq!(bearer, r#"44{"message":"authentication failed"}"#, "sockets take the cookie only");
    let cookie = connect(&server, &format!("cookie: access_token={good}\r\n"), "s").await;
    assert!(cookie.starts_with(r#"40{"sid""#), "{cookie}");
}

#[tokio::test]
async fn the_cookie_is_for_this_application_alone() {
    let options = cl::ServeOptions::default();
    let server = TestServer::start(app().options(options)).await;
    let answer = log_in(&server, "ada", "").await;
    let cookie = answer.all("set-cookie").next().unwrap();
    assert!(cookie.starts_with("access_token=ey"), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; Max-Age=1296000; Path=/; SameSite=lax"), "{cookie}");
    // This machine is a proxy that is believed.
    let over_tls = log_in(&server, "ada", "x-forwarded-proto: https\r\n").await;
    let cookie = over_tls.all("set-cookie").next().unwrap();
    assert!(cookie.ends_with("; SameSite=lax; Secure"), "{cookie}");
}

#[tokio::test]
async fn who_is_no_proxy_of_ours_is_not_believed() {
    let server =
        TestServer::start_with(header_app(), |config| config.login.trusted_proxies.clear()).await;
    let said = "x-user: ada\r\nx-forwarded-proto: https\r\n";
    let refused = send(&server, "POST", "/auth/header", said, "").await;
    assert_eq!((refused.status, &*refused.detail()), (401, "credentialssignin"));
    let server = TestServer::start(header_app()).await;
    let answer = send(&server, "POST", "/auth/header", said, "").await;
    assert_eq!(answer.status, 200);
    assert!(answer.all("set-cookie").next().unwrap().ends_with("Secure"));
    let user = send(&server, "GET", "/user", &cookie_header(&answer), "").await;
    assert!(user.text().contains(r#""identifier":"ada""#));
    assert_eq!(send(&server, "POST", "/auth/header", "", "").await.status, 401, "nobody is named");
    assert_eq!(log_in(&server, "ada", "").await.detail(), "No auth_callback defined");
}

fn header_app() -> cl::App {
    app_with(cl::App::new().header_auth_callback(async |headers: cl::Headers| {
        headers.get("x-user").map(cl::User::new)
    }))
}

#[tokio::test]
async fn a_long_token_comes_in_pieces_and_a_missing_piece_is_no_login() {
    let server = TestServer::start(app_with(cl::App::new().password_auth_callback(
        async |credentials: cl::Credentials| {
            let mut user = cl::User::new(credentials.username);
            let length: usize = credentials.password.trim_start_matches("pw-").len() * 2000;
            user.metadata = Map::from_iter([("long".to_owned(), json!("x".repeat(length)))]);
            Some(user)
        },
    )))
    .await;
    let answer =
        log_in(&server, "name", "cookie: access_token=old; access_token_9=old; other=1\r\n").await;
    let names: Vec<&str> =
        answer.all("set-cookie").map(|one| one.split('=').next().unwrap()).collect();
    let pieces = ["access_token_0", "access_token_1", "access_token_2", "access_token_3"];
    assert_eq!(names[..2], ["access_token", "access_token_9"], "what an older login has left");
    assert_eq!(names[2..], pieces);
    let header = cookie_header(&answer).replace("access_token=; access_token_9=; ", "");
    assert_eq!(send(&server, "GET", "/user", &header, "").await.status, 200);
    let whole: Vec<&str> = header.trim_start_matches("cookie: ").trim().split("; ").collect();
    for missing in 0..whole.len() {
        let mut cut = whole.clone();
        cut.remove(missing);
        let header = format!("cookie: {}\r\n", cut.join("; "));
        assert_eq!(send(&server, "GET", "/user", &header, "").await.status, 401, "{missing}");
    }
    let gone = send(&server, "POST", "/logout", &header, "").await;
    let gone: Vec<&str> =
        gone.all("set-cookie").map(|one| one.split(';').next().unwrap()).collect();
    assert_eq!(gone, pieces.map(|name| format!("{name}=")));
    let too_long = log_in(&server, "a-name-of-many-letters-and-more", "").await;
    assert_eq!(too_long.status, 500, "no browser keeps that");
}

#[tokio::test]
async fn a_token_is_exchanged_for_a_cookie() {
    let server = TestServer::start(app()).await;
    for (header, told) in [
        ("", "Authorization header missing"),
        ("authorization: Bearer\r\n", "Invalid authorization header format"),
        ("authorization: Bearer a b\r\n", "Invalid authorization header format"),
        ("authorization: Basic abc\r\n", "Invalid authentication scheme. Please use Bearer"),
        ("authorization: Bearer abc\r\n", "Invalid token"),
    ] {
        let answer = send(&server, "POST", "/auth/jwt", header, "").await;
        assert_eq!((answer.status, &*answer.detail()), (401, told));
    }
    let made = token(&json!({"alg": "HS256"}), &claims(), SECRET);
    let bearer = format!("authorization: Bearer {made}\r\n");
    let answer = send(&server, "POST", "/auth/jwt", &bearer, "").await;
    assert_eq!((answer.status, &*answer.text()), (200, r#"{"success":true}"#));
    let own = cookie_header(&answer);
    assert!(send(&server, "GET", "/user", &own, "").await.text().contains("admin"));
    // A login of ours does not become longer by that.
    let token = own.trim().strip_prefix("cookie: access_token=").unwrap();
    let again =
        send(&server, "POST", "/auth/jwt", &format!("authorization: Bearer {token}\r\n"), "").await;
    let end = |header: &str| {
        let body = header.split('.').nth(1).unwrap();
        let claims: Value =
            serde_json::from_slice(&BASE64URL_NOPAD.decode(body.as_bytes()).unwrap()).unwrap();
        (claims["exp"].clone(), claims["jti"].clone())
    };
    assert_eq!(end(&own), end(&cookie_header(&again)));
}

#[tokio::test]
async fn two_applications_on_one_host_have_cookies_of_their_own() {
    let mut options = cl::ServeOptions::default();
    options.root_path = cl::RootPath::new("/chat").unwrap();
    let server = TestServer::start(app().options(options)).await;
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let answer = send(&server, "POST", "/chat/login", form, "username=ada&password=pw-ada").await;
    assert!(answer.all("set-cookie").next().unwrap().contains("; Path=/chat;"));
    let header = cookie_header(&answer);
    let gone = send(&server, "POST", "/chat/logout", &header, "").await;
    assert!(gone.all("set-cookie").next().unwrap().contains("; Path=/chat;"));
}
