//! Lists, search and long threads in a database with very many threads of one user.
//!
//!     cargo bench --bench data --features postgres -- sqlite:///tmp/bench.db
//!
//! The database is filled when it is empty; `--threads` says with how many (100000). Times are of the fastest and
//! of the slowest of five, in milliseconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chainlit as cl;
use chainlit::wire::{Facts, MessageDict};
use chainlit::{
    DataLayer, Record, SqlDataLayer, StepRange, ThreadQuery, ThreadStep, ThreadUpdate, Timestamp,
    User,
};

/// Words of which texts are made; the text of each thread has one of its own besides.
const WORDS: [&str; 16] = [
    "the", "quick", "brown", "fox", "jumps", "over", "lazy", "dog", "while", "seven", "wizards",
    "brew", "strong", "coffee", "for", "everyone",
];
const MESSAGES: usize = 4;
const LONG: usize = 10_000;

#[tokio::main]
async fn main() -> cl::Result {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let url = arguments.next().ok_or("which database? give its address")?;
    let threads = match (arguments.next().as_deref(), arguments.next()) {
        (Some("--threads"), Some(count)) => count.parse()?,
        _ => 100_000,
    };
    let layer = SqlDataLayer::open(&url).await?;
    let user = match layer.get_user("bench").await? {
        Some(user) => user,
        None => {
            let user = layer.create_user(&User::new("bench")).await?;
            fill(&layer, &user.id, threads).await?;
            user
        }
    };
    measure(&layer, &user.id).await
}

fn message(thread: &Arc<str>, text: String) -> Record {
    let time = Some(Timestamp::now());
    let message = MessageDict {
        id: uuid::Uuid::new_v4().to_string().into(),
        thread_id: Arc::clone(thread),
        parent_id: None,
        created_at: time,
        command: None,
        modes: None,
        start: time,
        end: time,
        output: text,
        name: "Assistant".to_owned(),
        kind: cl::MessageType::Assistant,
        language: None,
        streaming: false,
        is_error: false,
        wait_for_answer: false,
        metadata: Facts::default(),
        tags: None,
    };
    Record::Step(ThreadStep::Message(message.into()))
}

fn text(seed: usize) -> String {
    let words = (0..60).map(|place| {
        WORDS[(seed.wrapping_mul(31) + place * place + place * seed % 7) % WORDS.len()]
    });
    words.collect::<Vec<_>>().join(" ")
}

async fn fill(layer: &SqlDataLayer, user: &str, threads: usize) -> cl::Result {
    let begin = Instant::now();
    let mut batch = Vec::new();
    for number in 0..threads {
        let thread: Arc<str> = uuid::Uuid::new_v4().to_string().into();
        batch.push(Record::Thread(ThreadUpdate {
            name: Some(format!("Conversation {number}")),
            user_id: Some(user.to_owned()),
            user_identifier: Some("bench".to_owned()),
            ..ThreadUpdate::new(Arc::clone(&thread))
        }));
        for place in 0..MESSAGES {
            batch.push(message(&thread, format!("{} needle{number}", text(number + place))));
        }
        if batch.len() >= 500 || number + 1 == threads {
            layer.record(&batch).await?;
            batch.clear();
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "recorded {} messages in {seconds:.1} s: {:.0}/s",
        threads * MESSAGES,
        (threads * MESSAGES) as f64 / seconds
    );
    let thread: Arc<str> = "00000000-0000-4000-8000-000000000001".into();
    let steps: Vec<Record> = (0..LONG).map(|place| message(&thread, text(place))).collect();
    for steps in steps.chunks(500) {
        layer.record(steps).await?;
    }
    Ok(())
}

async fn measure(layer: &SqlDataLayer, user: &str) -> cl::Result {
    let query = ThreadQuery { user_id: user.to_owned(), first: 20, ..ThreadQuery::default() };
    let mut cursor = None;
    for name in ["first page", "second page"] {
        let query = ThreadQuery { cursor: cursor.clone(), ..query.clone() };
        time(name, async || layer.list_threads(&query).await.map(|page| page.threads.len()))
            .await?;
        cursor = layer.list_threads(&query).await?.threads.last().map(|thread| thread.id.clone());
    }
    let deep = ThreadQuery { first: 50_000, ..query.clone() };
    let deep = layer.list_threads(&deep).await?.threads.last().map(|thread| thread.id.clone());
    let deep = ThreadQuery { cursor: deep, ..query.clone() };
    time("page 2500", async || layer.list_threads(&deep).await.map(|page| page.threads.len()))
        .await?;
    for search in
        ["needle4711", "wizards brew", "everyone needle99", "not there", "coffee", "zq", "an"]
    {
        let query = ThreadQuery { search: Some(search.to_owned()), ..query.clone() };
        let name = format!("search {search:?}");
        time(&name, async || layer.list_threads(&query).await.map(|page| page.threads.len()))
            .await?;
    }
    let rated = ThreadQuery { feedback: Some(cl::FeedbackValue::Positive), ..query.clone() };
    time("feedback, none there", async || {
        layer.list_threads(&rated).await.map(|page| page.threads.len())
    })
    .await?;
    time("favourites", async || layer.get_favorite_steps(user).await.map(|steps| steps.len()))
        .await?;
    let thread = "00000000-0000-4000-8000-000000000001";
    for (name, range) in
        [("last 100 of 10000 steps", StepRange::Last(100)), ("all of 10000 steps", StepRange::All)]
    {
        time(name, async || {
            let thread = layer.get_thread(thread, range).await?;
            Ok(thread.map_or(0, |thread| thread.steps.len()))
        })
        .await?;
    }
    let page =
        layer.get_thread(thread, StepRange::Last(5000)).await?.ok_or("the thread is there")?;
    let range = StepRange::Before { id: page.steps[0].id(), count: 100 };
    time("100 steps in the middle", async || {
        let thread = layer.get_thread(thread, range).await?;
        Ok(thread.map_or(0, |thread| thread.steps.len()))
    })
    .await?;
    let thread: Arc<str> = thread.into();
    time("one message recorded", async || {
        layer.record(&[message(&thread, text(1))]).await.map(|()| 1)
    })
    .await?;
    let batch: Vec<Record> = (0..100).map(|place| message(&thread, text(place))).collect();
    time("100 messages recorded", async || layer.record(&batch).await.map(|()| 100)).await
}

async fn time(name: &str, work: impl AsyncFn() -> cl::DataResult<usize>) -> cl::Result {
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..5 {
        let begin = Instant::now();
        found = work().await?;
        times.push(begin.elapsed());
    }
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("{name:<28} {:>9.2} {:>9.2}  ({found})", ms(times[0]), ms(times[4]));
    Ok(())
}
