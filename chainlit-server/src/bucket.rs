//! How often something may be done.

use std::time::Duration;

use tokio::time::Instant;

/// A token bucket that goes into debt: what was done is done, and whoever did it waits.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// What one token takes to come; zero for no limit.
    interval: Duration,
    burst: u32,
    /// When the bucket is full again.
    full_at: Instant,
}

impl Bucket {
    /// So many per `period` in the long run, 0 for any number, and `burst` at once.
    pub(crate) fn new(count: u32, period: Duration, burst: u32) -> Self {
        let interval = period.checked_div(count).unwrap_or_default();
        Self { interval, burst, full_at: Instant::now() }
    }

    /// Takes a token. Gives how long to wait before the next one.
    pub(crate) fn take(&mut self) -> Duration {
        let now = Instant::now();
        self.full_at = self.full_at.max(now) + self.interval;
        let debt = self.full_at.duration_since(now);
        debt.saturating_sub(self.interval.saturating_mul(self.burst))
    }

    /// Gives the last token back.
    pub(crate) fn give_back(&mut self) {
        self.full_at = self.full_at.checked_sub(self.interval).unwrap_or(self.full_at);
    }

    /// Whether nothing has been taken for long enough.
    pub(crate) fn is_full(&self) -> bool {
        self.full_at <= Instant::now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_free_and_then_the_rate_counts() {
        let mut bucket = Bucket::new(10, Duration::from_secs(1), 5);
        assert!(bucket.is_full());
        for _ in 0..5 {
            assert_eq!(bucket.take(), Duration::ZERO);
        }
        assert_eq!(bucket.take(), Duration::from_millis(100));
        assert_eq!(bucket.take(), Duration::from_millis(200));
        bucket.give_back();
        tokio::time::advance(Duration::from_millis(100)).await;
        assert!(!bucket.is_full());
        assert_eq!(bucket.take(), Duration::from_millis(100));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(bucket.is_full());
    }

    #[tokio::test(start_paused = true)]
    async fn zero_is_no_limit() {
        let mut bucket = Bucket::new(0, Duration::from_secs(1), 0);
        for _ in 0..1000 {
            assert_eq!(bucket.take(), Duration::ZERO);
        }
    }
}
