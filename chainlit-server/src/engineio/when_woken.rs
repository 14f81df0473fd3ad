use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;
use pin_project_lite::pin_project;

pin_project! {
    /// One of several futures of a task, polled only when something has woken this one.
    ///
    /// A task polls all its futures when one of them is woken. To ask a socket or a queue in vain
    /// costs more than to remember who was woken.
    pub(super) struct WhenWoken<F> {
        #[pin]
        future: F,
        wakes: Arc<Wakes>,
        // The same, as the future gets it.
        waker: Waker,
    }
}

struct Wakes {
    is_woken: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl<F> WhenWoken<F> {
    pub(super) fn new(future: F) -> Self {
        let is_woken = AtomicBool::new(true);
        let wakes = Arc::new(Wakes { is_woken, task: AtomicWaker::new() });
        Self { future, waker: Waker::from(Arc::clone(&wakes)), wakes }
    }
}

impl<F: Future> Future for WhenWoken<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        // Before the look: who wakes it afterwards wakes the task.
        this.wakes.task.register(cx.waker());
        if !this.wakes.is_woken.swap(false, Ordering::AcqRel) {
            return Poll::Pending;
        }
        this.future.poll(&mut Context::from_waker(this.waker))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use futures_util::FutureExt;
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn what_nobody_has_woken_is_not_polled() {
        let (polls, bell, other) = (AtomicUsize::new(0), Notify::new(), Notify::new());
        let mut rung = Box::pin(bell.notified());
        let counted = std::future::poll_fn(|cx| {
            polls.fetch_add(1, Ordering::Relaxed);
            rung.as_mut().poll(cx)
        });
        let mut counted = std::pin::pin!(WhenWoken::new(counted));
        for _ in 0..3 {
            other.notify_one();
            tokio::select! {
                biased;
                () = counted.as_mut() => panic!("nobody has rung"),
                () = other.notified() => {}
            }
        }
        assert_eq!(polls.load(Ordering::Relaxed), 1);
        bell.notify_one();
        counted.await;
        assert_eq!(polls.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_task_that_waits_is_woken() {
        let bell = Arc::new(Notify::new());
        let waiting = tokio::spawn({
            let bell = Arc::clone(&bell);
            WhenWoken::new(async move { bell.notified().await })
        });
        tokio::task::yield_now().await;
        bell.notify_one();
        waiting.await.unwrap();
    }

    #[test]
    fn what_wakes_itself_is_polled_again() {
        let mut left = 2;
        let mut counting = WhenWoken::new(std::future::poll_fn(move |cx| {
            cx.waker().wake_by_ref();
            left -= 1;
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        }));
        assert_eq!((&mut counting).now_or_never(), None);
        assert_eq!((&mut counting).now_or_never(), Some(()));
    }
}
