//! How often somebody may try to log in.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::bucket::Bucket;

/// Buckets that are kept; beyond, those that are full go, and if none is, all addresses share one.
const MAX_BUCKETS: usize = 50_000;

/// Pairs of a user and an address that are remembered.
const MAX_KNOWN: usize = 20_000;

const PERIOD: Duration = Duration::from_secs(60);

/// A name is whatever somebody writes: only its hash is kept.
type Name = [u8; 16];

/// Who tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Address(Option<IpAddr>),
    /// A user, tried from anywhere.
    User(Name),
    /// A user, tried from where they have logged in before: others' attempts do not lock them out.
    UserAt(Name, Option<IpAddr>),
    /// Everybody for whom there is no room.
    Others,
}

/// Counts wrong passwords; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Attempts {
    per_address: u32,
    per_user: u32,
    table: Arc<Mutex<Table>>,
}

#[derive(Debug, Default)]
struct Table {
    buckets: HashMap<Key, Bucket>,
    /// Where users have logged in, with the number of the login.
    known: HashMap<(Name, Option<IpAddr>), u64>,
    logins: u64,
}

/// An attempt that counts, unless it turns out to be right.
#[derive(Debug)]
pub(super) struct Attempt {
    attempts: Attempts,
    name: Name,
    address: Option<IpAddr>,
    keys: [Key; 2],
}

/// There were too many: after this time one more is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany(pub(crate) Duration);

impl Attempts {
    pub(super) fn new(per_address: u32, per_user: u32) -> Self {
        Self { per_address, per_user, table: Arc::default() }
    }

    /// Begins an attempt.
    pub(super) fn begin(&self, name: &str, address: Option<IpAddr>) -> Result<Attempt, TooMany> {
        let address = address.map(host);
        let name = hash(name);
        let mut table = self.table.lock();
        let is_known = table.known.contains_key(&(name, address));
        let user = if is_known { Key::UserAt(name, address) } else { Key::User(name) };
        let keys = [Key::Address(address), user].map(|key| table.place(key));
        // Where two have no room, they share a bucket.
        let distinct = if keys[0] == keys[1] { &keys[..1] } else { &keys[..] };
        let mut wait = Duration::ZERO;
        for key in distinct {
            let count = if matches!(key, Key::Address(_) | Key::Others) {
                self.per_address
            } else {
                self.per_user
            };
            let new = || Bucket::new(count, PERIOD, count);
            wait = wait.max(table.buckets.entry(*key).or_insert_with(new).take());
        }
        if wait.is_zero() {
            return Ok(Attempt { attempts: self.clone(), name, address, keys });
        }
        // What is not looked at does not count, or who tries on would never come to an end.
        table.give_back(distinct);
        Err(TooMany(wait))
    }
}

impl Attempt {
    /// The password was right.
    pub(super) fn succeed(self) {
        let mut table = self.attempts.table.lock();
        let keys = if self.keys[0] == self.keys[1] { &self.keys[..1] } else { &self.keys[..] };
        table.give_back(keys);
        table.logins += 1;
        let number = table.logins;
        table.known.insert((self.name, self.address), number);
        if table.known.len() > MAX_KNOWN {
            let middle = number - (MAX_KNOWN / 2) as u64;
            table.known.retain(|_, login| *login > middle);
        }
    }
}

impl Table {
    /// The key, or that of all for whom there is no room.
    fn place(&mut self, key: Key) -> Key {
        if self.buckets.len() < MAX_BUCKETS || self.buckets.contains_key(&key) {
            return key;
        }
        self.buckets.retain(|_, bucket| !bucket.is_full());
        if self.buckets.len() < MAX_BUCKETS { key } else { Key::Others }
    }

    fn give_back(&mut self, keys: &[Key]) {
        for key in keys {
            if let Some(bucket) = self.buckets.get_mut(key) {
                bucket.give_back();
            }
        }
    }
}

fn hash(name: &str) -> Name {
    // Whoever writes a name in another way means the same user.
    let digest = Sha256::digest(name.trim().to_lowercase());
    let mut short = Name::default();
    short.copy_from_slice(&digest[..16]);
    short
}

/// With IPv6 a single host has all of the lower 64 bits.
fn host(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[tokio::test(start_paused = true)]
    async fn a_user_is_tried_so_often_from_wherever() {
        let attempts = Attempts::new(100, 3);
        for n in 0..3 {
            attempts.begin("ada", ip(n)).unwrap();
        }
        assert_eq!(attempts.begin(" ADA", ip(9)).unwrap_err(), TooMany(Duration::from_secs(20)));
        attempts.begin("bob", ip(9)).unwrap();
        tokio::time::advance(Duration::from_secs(20)).await;
        attempts.begin("ada", ip(9)).unwrap();
        attempts.begin("ada", ip(9)).unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_tries_so_often_whatever_user() {
        let attempts = Attempts::new(3, 100);
        for n in 0..3 {
            attempts.begin(&format!("user {n}"), ip(1)).unwrap();
        }
        let TooMany(wait) = attempts.begin("ada", ip(1)).unwrap_err();
        // Trying on does not make it longer.
        assert_eq!(attempts.begin("ada", ip(1)).unwrap_err(), TooMany(wait));
        attempts.begin("ada", ip(2)).unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_right_is_not_counted_and_not_locked_out_by_others() {
        let attempts = Attempts::new(5, 2);
        for _ in 0..50 {
            attempts.begin("ada", ip(1)).unwrap().succeed();
        }
        for n in 2..4 {
            attempts.begin("ada", ip(n)).unwrap();
        }
        attempts.begin("ada", ip(5)).unwrap_err();
        attempts.begin("ada", ip(1)).unwrap().succeed();
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded() {
        let attempts = Attempts::new(1, 1);
        for n in 0..u32::try_from(MAX_BUCKETS).unwrap() {
            let address = Some(IpAddr::from(n.to_be_bytes()));
            let attempt = attempts.begin(&n.to_string(), address);
            if n % 2 == 0
                && let Ok(attempt) = attempt
            {
                attempt.succeed();
            }
        }
        {
            let table = attempts.table.lock();
            assert!(table.buckets.len() <= MAX_BUCKETS + 1, "{}", table.buckets.len());
            assert!(table.known.len() <= MAX_KNOWN);
        }
        tokio::time::advance(PERIOD).await;
        attempts.begin("new", ip(1)).unwrap();
        assert!(attempts.table.lock().buckets.len() <= 2, "those that are full again are gone");
    }
}
