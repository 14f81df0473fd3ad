//! A reader that stops reading makes its own handler wait, and nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chainlit::{self as cl, App, State};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Client, TestServer};

const MESSAGES: usize = 200;
const BYTES: usize = 100_000;

#[derive(Default)]
struct Sent {
    count: AtomicUsize,
    all: tokio::sync::Notify,
}

/// Twenty megabytes for "flood", an echo for anything else.
async fn flood(message: cl::Message, State(sent): State<Arc<Sent>>) -> cl::Result {
    if message.content != "flood" {
        cl::Message::new(message.content).send().await?;
        return Ok(());
    }
    for n in 0..MESSAGES {
        cl::Message::new(format!("{n} {}", "x".repeat(BYTES))).send().await?;
        sent.count.fetch_add(1, Ordering::SeqCst);
    }
    sent.all.notify_one();
    Ok(())
}

async fn chat(server: &TestServer) {
    let mut other = server.join().await;
    for _ in 0..50 {
        other.say("hi").await;
        assert_eq!(other.answers().await, ["hi"]);
    }
}

#[tokio::test]
async fn a_handler_waits_for_its_reader_who_then_gets_everything() {
    let sent = Arc::new(Sent::default());
    let server = TestServer::start(App::new().state(Arc::clone(&sent)).on_message(flood)).await;
    let reader = Client::open_narrow(server.address).await;
    let mut reader = server.join_with(reader, "slow").await;
    reader.say("flood").await;
    reader.until("first_interaction").await;
    chat(&server).await;
    // The log, the kernel's part of it and the network's hold a few, not all.
    assert!(sent.count.load(Ordering::SeqCst) < MESSAGES);
    let answers = reader.answers().await;
    assert_eq!(answers.len(), MESSAGES);
    for (n, answer) in answers.iter().enumerate() {
        assert!(answer.starts_with(&format!("{n} x")) && answer.len() > BYTES);
    }
    server.stop().await;
}

/// How many messages of the flood a client is shown before it is cut off, if it is.
async fn shown(mut client: Client) -> usize {
    let mut count = 0;
    while count < MESSAGES
        && let Some(event) = client.next().await
    {
        let is_message = event.name == "new_message" && !event.is_run();
        count += usize::from(is_message && event.output().len() > BYTES);
    }
    count
}

/// Whichever is over first ends the waiting: the time of a write, or that of the handler.
#[tokio::test]
async fn a_reader_that_takes_nothing_is_given_up_and_can_come_back() {
    for (write, patience) in [(100, 60_000), (60_000, 100)] {
        let sent = Arc::new(Sent::default());
        let app = App::new().state(Arc::clone(&sent)).on_message(flood);
        let server = TestServer::start_with(app, |config| {
            config.limits.write_timeout = Duration::from_millis(write);
            config.limits.reader_patience = Duration::from_millis(patience);
            config.limits.log_bytes = 2 * MESSAGES * BYTES;
        })
        .await;
        let reader = Client::open_narrow(server.address).await;
        let mut reader = server.join_with(reader, "slow").await;
        reader.say("flood").await;
        reader.until("first_interaction").await;
        sent.all.notified().await;
        drop(reader);
        // Where everything is slow it may be given up once more.
        while shown(server.join_as("slow").await).await < MESSAGES {}
        server.stop().await;
    }
}

/// Who asks for a file and does not read it loses the connection, and with it the place among its
/// address's.
#[tokio::test]
async fn an_answer_that_nobody_reads_ends_its_connection() {
    let server = TestServer::start_with(App::new(), |config| {
        config.limits.write_timeout = Duration::from_secs(1);
        config.limits.connections_per_address = 1;
    })
    .await;
    server.write("public/large.bin", &vec![7; 32 * 1024 * 1024]);
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut unread = socket.connect(server.address).await.unwrap();
    unread.write_all(b"GET /public/large.bin HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let begin = tokio::time::Instant::now();
    while !is_answered(server.address).await {
        assert!(begin.elapsed() < Duration::from_secs(20), "the place is still taken");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut got = Vec::new();
    let _ = unread.read_to_end(&mut got).await;
    assert!(got.len() < 32 * 1024 * 1024);
    server.stop().await;
}

async fn is_answered(address: std::net::SocketAddr) -> bool {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut answer = Vec::new();
    stream.write_all(request).await.is_ok()
        && stream.read_to_end(&mut answer).await.is_ok()
        && answer.starts_with(b"HTTP/1.1 200")
}
