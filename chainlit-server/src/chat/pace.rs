use std::time::Duration;

use parking_lot::Mutex;

use crate::bucket::Bucket;

/// A client that would have to wait longer to be let in is refused.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// How often one chat may be opened and spoken to; 0 for any number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaceLimits {
    pub(crate) events_per_second: u32,
    pub(crate) events_burst: u32,
    pub(crate) connects_per_minute: u32,
}

/// What a chat's clients have done lately. It belongs to the chat: a new connection is no new start.
pub(super) struct Pace {
    events: Mutex<Events>,
    /// Sound has a count of its own, of the same size: it comes all the time while somebody speaks.
    sounds: Mutex<Bucket>,
    connects: Mutex<Bucket>,
}

struct Events {
    bucket: Bucket,
    /// The client was told, and has not rested since.
    is_told: bool,
}

/// What to do with a client after an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slowdown {
    /// How long nothing more of it is read.
    pub(super) pause: Duration,
    /// It is to be told now.
    pub(super) is_news: bool,
}

impl Pace {
    pub(super) fn new(limits: PaceLimits) -> Self {
        let PaceLimits { events_per_second, events_burst, connects_per_minute } = limits;
        let [events, sounds] =
            [(); 2].map(|()| Bucket::new(events_per_second, Duration::from_secs(1), events_burst));
        let minute = Duration::from_secs(60);
        let connects = Bucket::new(connects_per_minute, minute, connects_per_minute);
        Self {
            events: Mutex::new(Events { bucket: events, is_told: false }),
            sounds: Mutex::new(sounds),
            connects: Mutex::new(connects),
        }
    }

    /// The client has sent an event.
    pub(super) fn event(&self) -> Slowdown {
        let mut events = self.events.lock();
        if events.bucket.is_full() {
            events.is_told = false;
        }
        let pause = events.bucket.take();
        let is_news = !pause.is_zero() && !std::mem::replace(&mut events.is_told, true);
        Slowdown { pause, is_news }
    }

    /// The client asks for something by a request of its own, which counts as an event. Gives how
    /// long it must wait for it; `None` when that would be too long.
    pub(super) fn request(&self) -> Option<Duration> {
        let bucket = &mut self.events.lock().bucket;
        let wait = bucket.take();
        if wait > MAX_WAIT {
            bucket.give_back();
            return None;
        }
        Some(wait)
    }

    /// The client has sent a piece of sound. Gives how long nothing more of it is read.
    pub(super) fn sound(&self) -> Duration {
        self.sounds.lock().take()
    }

    /// The chat is opened once more. Gives how long the client must wait for it; `None` when that
    /// would be too long.
    pub(super) fn connect(&self) -> Option<Duration> {
        let mut connects = self.connects.lock();
        let wait = connects.take();
        if wait > MAX_WAIT {
            connects.give_back();
            return None;
        }
        Some(wait)
    }

    /// The client is to be shown a part of the chat once more, which costs as much as to open it. False when that is too
    /// often.
    pub(super) fn shows_again(&self) -> bool {
        let mut connects = self.connects.lock();
        let is_early = !connects.take().is_zero();
        if is_early {
            connects.give_back();
        }
        !is_early
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_client_is_told_once_until_it_has_rested() {
        let limits = PaceLimits { events_per_second: 2, events_burst: 1, connects_per_minute: 0 };
        let pace = Pace::new(limits);
        assert_eq!(pace.event(), Slowdown::default());
        for is_news in [true, false, false] {
            let slow = pace.event();
            assert_eq!(slow, Slowdown { pause: Duration::from_millis(500), is_news });
            tokio::time::advance(slow.pause).await;
        }
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(pace.event(), Slowdown::default());
        assert!(pace.event().is_news);
    }

    #[tokio::test(start_paused = true)]
    async fn who_opens_a_chat_all_the_time_waits_and_is_then_refused() {
        let limits = PaceLimits { events_per_second: 0, events_burst: 0, connects_per_minute: 60 };
        let pace = Pace::new(limits);
        for _ in 0..60 {
            assert_eq!(pace.connect(), Some(Duration::ZERO));
        }
        for seconds in 1..=10 {
            assert_eq!(pace.connect(), Some(Duration::from_secs(seconds)));
        }
        assert_eq!(pace.connect(), None);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert!(pace.connect().is_some());
    }
}
