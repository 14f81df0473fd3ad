//! Whoever guesses passwords does not get far.

use std::time::Duration;

use super::*;

/// What `POST /login` says to wrong passwords, until it says something else.
async fn wrong_until_refused(server: &TestServer, name: &str) -> (usize, Answer) {
    for count in 0..1000 {
        let answer =
            send(server, "POST", "/login", "", &format!("username={name}&password=x")).await;
        if answer.status != 401 {
            return (count, answer);
        }
        assert_eq!(answer.detail(), "credentialssignin");
    }
    panic!("nobody stops it");
}

#[tokio::test]
async fn a_user_is_guessed_ten_times() {
    let server = TestServer::start(app()).await;
    let (count, answer) = wrong_until_refused(&server, "ada").await;
    assert!((10..20).contains(&count), "{count}");
    assert_eq!(answer.status, 429);
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=6).contains(&seconds), "{seconds}");
    // Not even the right password is looked at.
    assert_eq!(log_in(&server, "ada", "").await.status, 429);
    assert_eq!(log_in(&server, "bob", "").await.status, 200);
    // Another address does not help, the user being the same.
    assert_eq!(log_in(&server, "ada", "x-forwarded-for: 203.0.113.1\r\n").await.status, 429);
}

#[tokio::test]
async fn who_has_logged_in_from_there_before_is_not_locked_out_by_others() {
    let server = TestServer::start(app()).await;
    let home = "x-forwarded-for: 203.0.113.7\r\n";
    assert_eq!(log_in(&server, "ada", home).await.status, 200);
    wrong_until_refused(&server, "ada").await;
    assert_eq!(log_in(&server, "ada", home).await.status, 200);
}

#[tokio::test]
async fn an_address_guesses_twenty_times_whoever_it_is() {
    let server = TestServer::start(app()).await;
    for n in 0..20 {
        let answer =
            send(&server, "POST", "/login", "", &format!("username=u{n}&password=x")).await;
        assert_eq!(answer.status, 401);
    }
    assert_eq!(log_in(&server, "ada", "").await.status, 429);
    assert_eq!(log_in(&server, "ada", "x-forwarded-for: 203.0.113.1\r\n").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn after_a_while_one_may_try_again() {
    let app = TestApp::start(app()).await;
    for _ in 0..10 {
        assert_eq!(app.login("ada", "x").await.unwrap_err(), "credentialssignin");
    }
    let told = app.login("ada", "pw-ada").await.unwrap_err();
    assert_eq!(told, "Too many attempts, try again later");
    tokio::time::advance(Duration::from_secs(6)).await;
    assert!(app.login("ada", "pw-ada").await.is_ok());
}
