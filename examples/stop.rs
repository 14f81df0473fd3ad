//! Run with: cargo run --example stop
//!
//! Every message starts a count to 1000. The stop button ends it at once: the handler's future is
//! dropped, so whatever it holds is released by `Drop`. The next run says how many tasks are still
//! running: none.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chainlit as cl;

static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// Counts a task for as long as it lives, however it ends.
struct Running;

impl Running {
    fn start() -> Self {
        RUNNING.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cl::on_message]
async fn count() -> cl::Result {
    let others = RUNNING.load(Ordering::Relaxed);
    let note = format!("Tasks still running: {others}. Counting to 1000, press stop to interrupt.");
    cl::Message::new(note).send().await?;

    let _running = Running::start();
    let mut numbers = cl::Message::new("");
    for n in 1..=1000 {
        numbers.stream_token(format!("{n} ")).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    numbers.update().await?;
    Ok(())
}

#[cl::on_stop]
async fn stopped() -> cl::Result {
    cl::Message::new("I stopped counting.").send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
