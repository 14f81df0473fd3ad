use futures_util::StreamExt;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::*;

/// Keeps why it was closed.
struct Client(Arc<Mutex<Option<CloseReason>>>);

impl Connection for Client {
    async fn message(&mut self, _text: Utf8Bytes) {}

    async fn binary(&mut self, _bytes: Bytes) {}

    fn is_established(&self) -> bool {
        true
    }

    fn close(self, reason: CloseReason) {
        *self.0.lock() = Some(reason);
    }
}

struct Test {
    polling: Arc<Polling<Client>>,
    closed: Arc<Mutex<Option<CloseReason>>>,
    keeper: tokio::task::JoinHandle<bool>,
    opened: Instant,
}

impl Test {
    fn start() -> Self {
        let closed = Arc::default();
        let polling = Arc::new(Polling::new(
            Identity::of(&http::HeaderMap::new(), &"access_token".into()),
            Arc::default(),
            Client(Arc::clone(&closed)),
            &Settings::default(),
        ));
        let keeper = Arc::clone(&polling);
        let keeper = tokio::spawn(async move { keeper.keep(CancellationToken::new()).await });
        Self { polling, closed, keeper, opened: Instant::now() }
    }

    async fn post(&self, body: &'static str) -> Result<(), Refusal> {
        let body = std::future::ready(Ok(Bytes::from_static(body.as_bytes())));
        Arc::clone(&self.polling).push(None, body).await
    }

    async fn poll(&self) -> Result<Body<Client>, Refusal> {
        Arc::clone(&self.polling).poll(None).await
    }

    /// A poll whose answer is written.
    async fn polled(&self) -> Result<Bytes, Refusal> {
        let body = self.poll().await?;
        let chunks: Vec<_> = body.into_stream().collect().await;
        Ok(chunks.into_iter().map(Result::unwrap).next().unwrap())
    }

    /// Why it ended, and after how many seconds.
    async fn end(self) -> (CloseReason, u64) {
        assert!(self.keeper.await.unwrap());
        let reason = self.closed.lock().expect("it was not closed");
        (reason, self.opened.elapsed().as_secs())
    }
}

/// The packets are gone: whoever comes back must get them from the layers above.
#[tokio::test(start_paused = true)]
async fn packets_that_nobody_wrote_break_the_connection() {
    let test = Test::start();
    test.polling.outbox.push("4a");
    drop(test.poll().await.unwrap());
    assert_eq!(test.polled().await, Err(Refusal::UnknownSid));
    assert_eq!(test.end().await.0, CloseReason::TransportError);
}

#[tokio::test(start_paused = true)]
async fn packets_that_were_written_do_not() {
    let test = Test::start();
    test.post("4").await.unwrap();
    test.polling.outbox.push("4a");
    assert_eq!(test.polled().await.unwrap(), "4a");
    test.polling.outbox.push("4b");
    assert_eq!(test.polled().await.unwrap(), "4b");
}

#[tokio::test(start_paused = true)]
async fn a_ping_comes_and_its_answer_prolongs_the_life() {
    let test = Test::start();
    test.post("4").await.unwrap();
    assert_eq!(test.polled().await.unwrap(), "2");
    assert_eq!(test.opened.elapsed().as_secs(), 25);
    test.post("3").await.unwrap();
    assert_eq!(test.polled().await.unwrap(), "2");
    // 25 + 45, without the answer it would be 45.
    assert_eq!(test.end().await, (CloseReason::PingTimeout, 70));
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_no_ping_does_not() {
    let test = Test::start();
    tokio::time::advance(Duration::from_secs(20)).await;
    test.post("3\x1e4").await.unwrap();
    assert_eq!(test.end().await, (CloseReason::PingTimeout, 45));
}

#[tokio::test(start_paused = true)]
async fn who_never_says_who_it_is_has_less_time() {
    assert_eq!(Test::start().end().await, (CloseReason::ServerClosed, 30));
}

#[tokio::test(start_paused = true)]
async fn the_last_packet_waits_for_a_poll() {
    let test = Test::start();
    test.post("1").await.unwrap();
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(test.polled().await.unwrap(), "6");
    assert_eq!(test.polled().await, Err(Refusal::UnknownSid));
    assert_eq!(test.end().await, (CloseReason::ClientClosed, 5));
}
