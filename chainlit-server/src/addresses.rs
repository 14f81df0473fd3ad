//! How many connections each address holds.

use std::collections::HashMap;
use std::io::{self, IoSlice};
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Counts connections by address. Bounded by the open connections themselves.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// Zero for no limit.
    limit: usize,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// One counted connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct Counted(Option<(Addresses, IpAddr)>);

impl Addresses {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, open: Arc::default() }
    }

    /// Counts a connection; `None` when the address holds as many as it may.
    pub(crate) fn admit(&self, address: IpAddr) -> Option<Counted> {
        if self.limit == 0 {
            return Some(Counted(None));
        }
        let host = host(address);
        let mut open = self.open.lock();
        let count = open.entry(host).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        drop(open);
        Some(Counted(Some((self.clone(), host))))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let Some((addresses, host)) = self.0.take() else { return };
        let mut open = addresses.open.lock();
        if let Some(count) = open.get_mut(&host) {
            *count -= 1;
            if *count == 0 {
                open.remove(&host);
            }
        }
    }
}

/// A connection that counts as long as anybody holds it, also as a WebSocket.
#[derive(Debug)]
pub(crate) struct CountedStream {
    stream: TcpStream,
    _counted: Counted,
}

impl CountedStream {
    pub(crate) fn new(stream: TcpStream, counted: Counted) -> Self {
        Self { stream, _counted: counted }
    }

    fn stream(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.get_mut().stream)
    }
}

impl AsyncRead for CountedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(cx, buffer)
    }
}

impl AsyncWrite for CountedStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(cx)
    }
}

/// What counts as one address: with IPv6 a single host has all of the lower 64 bits.
fn host(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_holds_so_many_and_no_more() {
        let addresses = Addresses::new(2);
        let (first, second) = (addresses.admit(ip("10.0.0.1")), addresses.admit(ip("10.0.0.1")));
        assert!(first.is_some() && second.is_some());
        assert!(addresses.admit(ip("::ffff:10.0.0.1")).is_none());
        assert!(addresses.admit(ip("10.0.0.2")).is_some());
        drop(first);
        assert!(addresses.admit(ip("10.0.0.1")).is_some());
        drop(second);
        assert!(addresses.open.lock().is_empty());
    }

    #[test]
    fn a_host_with_many_addresses_is_one() {
        let addresses = Addresses::new(1);
        let _first = addresses.admit(ip("2001:db8::1")).unwrap();
        assert!(addresses.admit(ip("2001:db8::ffff:2")).is_none());
        assert!(addresses.admit(ip("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn zero_is_no_limit() {
        let addresses = Addresses::new(0);
        let all: Vec<_> = (0..100).map(|_| addresses.admit(ip("10.0.0.1")).unwrap()).collect();
        assert_eq!(all.len(), 100);
    }
}
