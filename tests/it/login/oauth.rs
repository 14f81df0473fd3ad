//! Logins by a provider: what it is asked, who gets in, and what is refused.

use std::sync::{Arc, Mutex};

use chainlit as cl;
use chainlit::config::Env;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{SECRET, cookie_header, send};
use crate::support::{Answer, TestServer};

/// What a provider answers: content type and body.
type Script = Box<dyn Fn(&Asked) -> (&'static str, String) + Send + Sync>;

/// A request to the provider.
#[derive(Clone, Debug)]
struct Asked {
    /// Method and path.
    line: String,
    head: String,
    body: String,
}

impl Asked {
    fn field(&self, name: &str) -> Option<String> {
        field(&self.body, name)
    }
}

/// A provider that answers as told. GitHub's form: a token as a form, and addresses apart.
struct Provider {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Provider {
    async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (log, script) = (Arc::clone(&asked), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    while let Some(asked) = read(&mut stream).await {
                        log.lock().unwrap().push(asked.clone());
                        let (kind, body) = script(&asked);
                        let head = format!(
                            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
                            body.len()
                        );
                        if stream.write_all((head + &body).as_bytes()).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        Self { url, asked }
    }

    async fn github() -> Self {
        Self::start(Box::new(github)).await
    }

    fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("CHAINLIT_AUTH_SECRET", SECRET.to_owned()),
            ("OAUTH_GITHUB_CLIENT_ID", "chat".to_owned()),
            ("OAUTH_GITHUB_CLIENT_SECRET", "shared & secret".to_owned()),
            ("OAUTH_GITHUB_AUTH_URL", format!("{}/authorize", self.url)),
            ("OAUTH_GITHUB_TOKEN_URL", format!("{}/access_token", self.url)),
            ("OAUTH_GITHUB_USER_INFO_URL", format!("{}/user", self.url)),
        ]
    }

    fn app(&self) -> cl::App {
        cl::App::new()
            .env(Env::from_pairs(self.env()))
            .oauth_callback(async |login: cl::OAuthLogin| {
                let is_welcome = login.default_user.identifier != "blocked";
                let mut user = login.default_user;
                user.metadata.insert("token".to_owned(), login.token.into());
                user.metadata.insert("raw".to_owned(), login.raw_user["emails"].clone());
                is_welcome.then_some(user)
            })
            .on_message(async || {})
    }

    fn lines(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|asked| asked.line.clone()).collect()
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    let mut words = head.split(' ');
    let line = format!("{} {}", words.next()?, words.next()?);
    Some(Asked { line, head, body: String::from_utf8(body).ok()? })
}

/// GitHub's answers: the code is the user, who is in the token as well.
fn github(asked: &Asked) -> (&'static str, String) {
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    let token = asked.head.lines().find_map(|line| line.strip_prefix("authorization: token for-"));
    let name = token.unwrap_or_default();
    match asked.line.as_str() {
        "post /access_token" => match asked.field("code").unwrap() {
            code if code == "wrong" => (form, "error=bad_verification_code".to_owned()),
            code => (form, format!("access_token=for-{code}&scope=user%3Aemail&token_type=bearer")),
        },
        "get /user" => {
            ("application/json", json!({"login": name, "avatar_url": "a.png"}).to_string())
        }
        "get /user/emails" => {
            ("application/json", json!([{"email": format!("{name}@x.example")}]).to_string())
        }
        other => panic!("{other}"),
    }
}

fn field(form: &str, name: &str) -> Option<String> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        let mut bytes = text.bytes();
        let mut decoded = Vec::new();
        while let Some(byte) = bytes.next() {
            if byte == b'%' {
                let code = [bytes.next().unwrap(), bytes.next().unwrap()];
                decoded.push(u8::from_str_radix(str::from_utf8(&code).unwrap(), 16).unwrap());
            } else {
                decoded.push(byte);
            }
        }
        String::from_utf8(decoded).unwrap()
    };
    let mut pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| decode(value))
}

/// A browser that was sent to the provider: the address, and the header with its cookie.
async fn leave(server: &TestServer, headers: &str) -> (String, String) {
    let answer = send(server, "GET", "/auth/oauth/github", headers, "").await;
    assert_eq!(answer.status, 307, "{}", answer.text());
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("oauth_state=") && cookie.contains("; HttpOnly; "), "{cookie}");
    assert!(cookie.ends_with("; Max-Age=180; Path=/; SameSite=lax"), "{cookie}");
    (answer.header("location").to_owned(), cookie_header(&answer))
}

fn state(location: &str) -> String {
    field(location.split_once('?').unwrap().1, "state").unwrap()
}

async fn come_back(server: &TestServer, query: &str, headers: &str) -> Answer {
    send(server, "GET", &format!("/auth/oauth/github/callback?{query}"), headers, "").await
}

fn is_refused(answer: &Answer) -> bool {
    let names = answer.all("set-cookie").any(|cookie| cookie.starts_with("access_token"));
    answer.status == 302 && answer.header("location") == "/login?error=oauthSignin" && !names
}

fn is_in(answer: &Answer) -> bool {
    answer.status == 302 && answer.header("location") == "/login/callback?success=True"
}

#[tokio::test]
async fn a_provider_vouches_for_a_user() {
    let provider = Provider::github().await;
    let server = TestServer::start(provider.app()).await;
    let config = send(&server, "GET", "/auth/config", "", "").await.text();
    let config: Value = serde_json::from_str(&config).unwrap();
    assert_eq!(config["oauthProviders"], json!(["github"]));
    assert_eq!(config["requireLogin"], true);

    let (location, cookie) = leave(&server, "").await;
    let (page, query) = location.split_once('?').unwrap();
    assert_eq!(page, format!("{}/authorize", provider.url));
    let redirect = format!("http://{}/auth/oauth/github/callback", server.address);
    for (name, value) in [
        ("client_id", "chat"),
        ("redirect_uri", &*redirect),
        ("scope", "user:email"),
        ("response_type", "code"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(field(query, name).as_deref(), Some(value), "{location}");
    }

    let query = format!("code=octo&state={}", state(&location));
    let answer = come_back(&server, &query, &cookie).await;
    assert!(is_in(&answer), "{answer:?}");
    let user = send(&server, "GET", "/user", &cookie_header(&answer), "").await.text();
    let user: Value = serde_json::from_str(&user).unwrap();
    assert_eq!([&user["identifier"], &user["display_name"]], [&json!("octo"), &Value::Null]);
    assert_eq!(
        user["metadata"],
        json!({
            "image": "a.png", "provider": "github", "token": "for-octo",
            "raw": [{"email": "octo@x.example"}],
        })
    );
    assert_eq!(provider.lines(), ["post /access_token", "get /user", "get /user/emails"]);
    let asked = provider.asked.lock().unwrap()[0].clone();
    assert_eq!(asked.field("client_secret").as_deref(), Some("shared & secret"));
    assert_eq!(asked.field("redirect_uri"), Some(redirect));
    let verifier = asked.field("code_verifier").unwrap();
    let challenge = data_encoding::BASE64URL_NOPAD.encode(&sha256(&verifier));
    assert_eq!(field(location.split_once('?').unwrap().1, "code_challenge"), Some(challenge));
}

fn sha256(text: &str) -> Vec<u8> {
    use sha2::Digest;
    sha2::Sha256::digest(text).to_vec()
}

#[tokio::test]
async fn a_state_counts_once_and_in_its_own_browser_only() {
    let provider = Provider::github().await;
    let server = TestServer::start(provider.app()).await;
    let (location, cookie) = leave(&server, "").await;
    let (other_location, other_cookie) = leave(&server, "").await;
    let query = format!("code=octo&state={}", state(&location));
    for (query, headers) in [
        (&*query, &*other_cookie),
        (&query, ""),
        (&query, "cookie: oauth_state=\r\n"),
        ("code=octo", &cookie),
        (&format!("state={}", state(&location)), &cookie),
        (&format!("code=octo&state={}", state(&other_location)), &cookie),
        ("code=octo&state=x", &cookie),
        (&format!("error=access_denied&{query}"), &cookie),
    ] {
        let answer = come_back(&server, query, headers).await;
        assert!(is_refused(&answer), "{query} {headers} {answer:?}");
    }
    assert!(provider.lines().is_empty(), "the provider is not even asked");
    let path = format!("/auth/oauth/github/callback?{query}");
    assert_eq!(send(&server, "HEAD", &path, &cookie, "").await.status, 204);
    assert!(is_in(&come_back(&server, &query, &cookie).await));
    assert!(is_refused(&come_back(&server, &query, &cookie).await), "a second time");
    assert_eq!(provider.lines().len(), 3);
}

#[tokio::test]
async fn two_tabs_and_two_users_do_not_disturb_each_other() {
    let provider = Provider::github().await;
    let server = TestServer::start(provider.app()).await;
    let (first, cookie) = leave(&server, "").await;
    let (second, same) = leave(&server, &cookie).await;
    assert_eq!(same, cookie, "the other tab finds its way back, too");
    let (third, other_browser) = leave(&server, "").await;
    let logins =
        [("ada", second, &cookie), ("grace", third, &other_browser), ("eve", first, &cookie)];
    let logins = logins.map(|(name, location, cookie)| {
        let (server, query) = (&server, format!("code={name}&state={}", state(&location)));
        async move {
            let answer = come_back(server, &query, cookie).await;
            assert!(is_in(&answer), "{answer:?}");
            let user = send(server, "GET", "/user", &cookie_header(&answer), "").await.text();
            let user: Value = serde_json::from_str(&user).unwrap();
            assert_eq!(user["identifier"], name);
            assert_eq!(user["metadata"]["token"], format!("for-{name}"));
            assert_eq!(user["metadata"]["raw"][0]["email"], format!("{name}@x.example"));
        }
    });
    futures_util::future::join_all(logins).await;
}

#[tokio::test]
async fn whom_provider_or_application_refuse_is_led_to_the_login() {
    let provider = Provider::github().await;
    let server = TestServer::start(provider.app()).await;
    for code in ["wrong", "blocked"] {
        let (location, cookie) = leave(&server, "").await;
        let query = format!("code={code}&state={}", state(&location));
        assert!(is_refused(&come_back(&server, &query, &cookie).await), "{code}");
    }
    let answer = send(&server, "GET", "/auth/oauth/nobody", "", "").await;
    assert_eq!((answer.status, &*answer.detail()), (404, "Provider nobody not found"));
    let answer = send(&server, "GET", "/auth/oauth/gitlab/callback?code=x", "", "").await;
    assert_eq!((answer.status, &*answer.detail()), (404, "Provider gitlab not found"));
}

#[tokio::test]
async fn a_provider_that_answers_nonsense_lets_nobody_in() {
    let answers: [(&str, &'static str, String); 6] = [
        ("post /access_token", "text/html", "<html>".to_owned()),
        ("post /access_token", "application/json", "{}".to_owned()),
        ("post /access_token", "application/json", " ".repeat(300_000)),
        ("get /user", "application/json", "[]".to_owned()),
        ("get /user", "application/json", "nonsense".to_owned()),
        ("get /user/emails", "application/json", format!("[{}1]", "1,".repeat(200_000))),
    ];
    for (line, kind, body) in answers {
        let script = move |asked: &Asked| {
            if asked.line == line { (kind, body.clone()) } else { github(asked) }
        };
        let provider = Provider::start(Box::new(script)).await;
        let server = TestServer::start(provider.app()).await;
        let (location, cookie) = leave(&server, "").await;
        let query = format!("code=octo&state={}", state(&location));
        assert!(is_refused(&come_back(&server, &query, &cookie).await), "{line} {kind}");
        assert_eq!(provider.lines().last().unwrap(), line, "nothing is asked after that");
    }
}

#[tokio::test]
async fn whoever_names_the_server_does_not_choose_where_users_are_sent() {
    let provider = Provider::github().await;
    let server = TestServer::start(provider.app()).await;
    let raw = |host: &str| {
        format!("GET /auth/oauth/github HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")
    };
    let answer = server.raw(raw("evil.example").as_bytes()).await;
    assert!(is_refused(&answer), "{answer:?}");
    assert_eq!(answer.header("set-cookie"), "");

    let mut env = provider.env();
    env.push(("CHAINLIT_URL", "https://chat.example/pre/".to_owned()));
    let server = TestServer::start(provider.app().env(Env::from_pairs(env))).await;
    let answer = server.raw(raw("evil.example").as_bytes()).await;
    let (_, query) = answer.header("location").split_once('?').unwrap();
    assert_eq!(
        field(query, "redirect_uri").as_deref(),
        Some("https://chat.example/pre/auth/oauth/github/callback")
    );
    assert!(answer.header("set-cookie").ends_with("; SameSite=lax; Secure"), "{answer:?}");
    let query = format!("code=octo&state={}", field(query, "state").unwrap());
    let answer = come_back(&server, &query, &cookie_header(&answer)).await;
    let target = "https://chat.example/pre/login/callback?success=True";
    assert_eq!((answer.status, answer.header("location")), (302, target));
}

#[tokio::test]
async fn a_strict_cookie_finds_the_way_back() {
    let provider = Provider::github().await;
    let mut env = provider.env();
    env.push(("CHAINLIT_COOKIE_SAMESITE", "strict".to_owned()));
    let server = TestServer::start(provider.app().env(Env::from_pairs(env))).await;
    let (location, cookie) = leave(&server, "").await;
    let query = format!("code=octo&state={}", state(&location));
    let answer = come_back(&server, &query, &cookie).await;
    assert!(answer.header("set-cookie").contains("SameSite=strict"), "{answer:?}");
}

#[tokio::test]
async fn a_form_from_another_site_needs_its_state() {
    let provider = Provider::github().await;
    let mut env = provider.env();
    for (name, value) in [("CLIENT_ID", "chat"), ("CLIENT_SECRET", "s"), ("TENANT_ID", "t")] {
        let name: &'static str = format!("OAUTH_AZURE_AD_HYBRID_{name}").leak();
        env.push((name, value.to_owned()));
    }
    env.push(("OAUTH_AZURE_AD_HYBRID_AUTHORITY", provider.url.clone()));
    let server = TestServer::start(provider.app().env(Env::from_pairs(env))).await;
    let path = "/auth/oauth/azure-ad-hybrid";
    let answer = send(&server, "GET", path, "", "").await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("oauth_state_form="), "{cookie}");
    assert!(cookie.ends_with("; SameSite=none; Secure"), "a form takes no other along: {cookie}");
    let (_, query) = answer.header("location").split_once('?').unwrap();
    assert_eq!(field(query, "response_type").as_deref(), Some("code id_token"));
    assert_eq!(field(query, "response_mode").as_deref(), Some("form_post"));
    assert!(field(query, "nonce").is_some_and(|nonce| nonce.len() == 43));
    let state = field(query, "state").unwrap();
    let foreign = "origin: https://login.microsoftonline.com\r\nsec-fetch-site: cross-site\r\n";
    let with_cookie = format!("{foreign}{}", cookie_header(&answer));
    for (headers, body) in [
        (foreign, format!("code=c&state={state}&id_token=a.b.c")),
        (&with_cookie, "code=c&id_token=a.b.c".to_owned()),
        (&with_cookie, "error=access_denied".to_owned()),
        (&with_cookie, format!("code=c&state={state}")),
    ] {
        let answer = send(&server, "POST", &format!("{path}/callback"), headers, &body).await;
        assert_eq!(answer.status, 303, "{body}");
        assert_eq!(answer.header("location"), "/login?error=oauthSignin", "{body}");
    }
    assert!(provider.lines().is_empty(), "no code is changed without an ID token");
    let huge = "x".repeat(100_000);
    let answer = send(&server, "POST", &format!("{path}/callback"), &with_cookie, &huge).await;
    assert_eq!(answer.status, 413);
    let answer = send(&server, "POST", "/auth/oauth/github/callback", foreign, "code=c").await;
    assert_eq!(answer.status, 403, "no other provider sends forms");
}

#[tokio::test]
async fn a_function_without_a_provider_does_not_start() {
    let start = |pairs: Vec<(&'static str, &'static str)>| {
        let app = cl::App::new().oauth_callback(async |login: cl::OAuthLogin| login.default_user);
        let app = app.env(Env::from_pairs(pairs)).config(cl::Config::default());
        app.into_service().map(drop).map_err(|error| error.to_string())
    };
    let secret = ("CHAINLIT_AUTH_SECRET", SECRET);
    let github = [("OAUTH_GITHUB_CLIENT_ID", "id"), ("OAUTH_GITHUB_CLIENT_SECRET", "s")];
    assert!(start(vec![secret]).unwrap_err().contains("OAUTH_GITHUB_CLIENT_ID"));
    assert!(start(vec![secret, github[0]]).unwrap_err().contains("needs a provider"));
    assert!(start(github.to_vec()).unwrap_err().contains("create-secret"));
    let url = ("CHAINLIT_URL", "chat.example");
    assert!(start(vec![secret, github[0], github[1], url]).unwrap_err().contains("CHAINLIT_URL"));
    assert_eq!(start(vec![secret, github[0], github[1]]), Ok(()));
}
