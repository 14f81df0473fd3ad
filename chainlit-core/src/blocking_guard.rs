//! A handler that blocks its thread must not take the server with it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use futures_util::future::BoxFuture;
use pin_project_lite::pin_project;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::watch::{self, CodePlace};

/// Polls of application code that run on a worker of some runtime, which waits for them. Several
/// runtimes share the count: each is then more careful than it needs to be.
static ON_WORKERS: AtomicUsize = AtomicUsize::new(0);

/// Threads that handlers may block at once, beside the runtime's own workers.
#[derive(Clone, Debug)]
pub struct BlockedThreads(Arc<Semaphore>);

impl BlockedThreads {
    /// Room for that many; a further handler waits until one is free.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Semaphore::new(limit.clamp(1, Semaphore::MAX_PERMITS))))
    }
}

impl Default for BlockedThreads {
    fn default() -> Self {
        Self::new(256)
    }
}

/// Runs application code.
///
/// Whether a poll will block its thread shows only when it does. So at most some of the runtime's
/// workers poll application code themselves; a further poll first hands its worker to another
/// thread. However many block, a worker is left for the sockets and the other chats. Where one
/// thread runs everything (a `current_thread` runtime) nothing can be done.
pub fn guarded<F: Future>(room: &BlockedThreads, place: CodePlace, future: F) -> Guarded<'_, F> {
    Guarded { future, room, place, workers: worker_limit(), permit: None, waiting: None }
}

pin_project! {
    /// What [`guarded`] gives. No `async fn`: that would have room for its argument twice.
    pub struct Guarded<'a, F> {
        #[pin]
        future: F,
        room: &'a BlockedThreads,
        place: CodePlace,
        workers: Option<usize>,
        // To block a thread in the next poll.
        permit: Option<OwnedSemaphorePermit>,
        // For a permit.
        waiting: Option<BoxFuture<'static, Option<OwnedSemaphorePermit>>>,
    }
}

impl<F: Future> Future for Guarded<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let Some(limit) = *this.workers else {
            let _poll = watch::Poll::begin(Some(*this.place), false);
            return this.future.poll(cx);
        };
        loop {
            if let Some(waiting) = this.waiting {
                *this.permit = ready!(waiting.as_mut().poll(cx));
                *this.waiting = None;
            }
            if let Some(_on_worker) = OnWorker::enter(limit) {
                *this.permit = None;
                let _poll = watch::Poll::begin(Some(*this.place), true);
                return this.future.poll(cx);
            }
            if let Some(_permit) = this.permit.take().or_else(|| this.room.try_enter()) {
                let poll = watch::Poll::begin(Some(*this.place), true);
                poll.stop_deferring();
                return tokio::task::block_in_place(|| this.future.poll(cx));
            }
            // The runtime would run out of threads, and then of workers.
            *this.waiting = Some(Box::pin(this.room.clone().enter()));
        }
    }
}

impl BlockedThreads {
    fn try_enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }

    async fn enter(self) -> Option<OwnedSemaphorePermit> {
        self.0.acquire_owned().await.ok()
    }
}

/// How many workers may poll application code; `None` where there is one thread only.
fn worker_limit() -> Option<usize> {
    watch::is_multi_threaded().then(|| {
        let workers = tokio::runtime::Handle::current().metrics().num_workers();
        workers - (workers / 4).max(1)
    })
}

/// A worker that polls application code.
struct OnWorker;

impl OnWorker {
    fn enter(limit: usize) -> Option<Self> {
        ON_WORKERS
            .try_update(Ordering::AcqRel, Ordering::Acquire, |count| {
                (count < limit).then_some(count + 1)
            })
            .ok()
            .map(|_| Self)
    }
}

impl Drop for OnWorker {
    fn drop(&mut self) {
        ON_WORKERS.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::Location;
    use std::sync::{Condvar, Mutex};

    use super::*;

    #[derive(Default)]
    struct Gate(Mutex<bool>, Condvar);

    impl Gate {
        fn pass(&self) {
            let mut is_open = self.0.lock().unwrap();
            while !*is_open {
                is_open = self.1.wait(is_open).unwrap();
            }
        }

        fn open(&self) {
            *self.0.lock().unwrap() = true;
            self.1.notify_all();
        }
    }

    #[track_caller]
    fn here() -> CodePlace {
        CodePlace { function: "test", location: Location::caller() }
    }

    #[test]
    fn blocked_polls_leave_a_worker_whatever_their_number() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(8)
            .enable_all()
            .build()
            .unwrap();
        let room = BlockedThreads::new(4);
        let gate = Arc::new(Gate::default());
        let begun = Arc::new(Semaphore::new(0));
        let tasks: Vec<_> = (0..600)
            .map(|_| {
                let (room, gate, begun) = (room.clone(), Arc::clone(&gate), Arc::clone(&begun));
                runtime.spawn(async move {
                    guarded(&room, here(), async {
                        begun.add_permits(1);
                        gate.pass();
                    })
                    .await;
                })
            })
            .collect();
        runtime.block_on(async {
            // As many as may: the room's, and at most one on a worker.
            let _all = begun.acquire_many(4).await.unwrap();
            let others = (0..50).map(|n| tokio::spawn(async move { n }));
            for (n, other) in others.enumerate() {
                assert_eq!(other.await.unwrap(), n);
            }
            assert!(begun.available_permits() <= 1);
            gate.open();
            for task in tasks {
                task.await.unwrap();
            }
        });
    }

    #[tokio::test]
    async fn one_thread_runs_it_as_it_is() {
        let room = BlockedThreads::new(1);
        let output = guarded(&room, here(), async {
            tokio::task::yield_now().await;
            7
        });
        assert_eq!(output.await, 7);
    }
}
