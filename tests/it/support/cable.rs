use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A TCP connection that breaks after so many bytes, wherever that is.
#[derive(Debug)]
pub(crate) struct Cable {
    stream: TcpStream,
    reads_left: usize,
    writes_left: usize,
}

/// How many bytes a connection carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length {
    pub(crate) reads: usize,
    pub(crate) writes: usize,
}

impl Length {
    pub(crate) const ENDLESS: Self = Self { reads: usize::MAX, writes: usize::MAX };
}

impl Cable {
    pub(crate) fn new(stream: TcpStream, length: Length) -> Self {
        Self { stream, reads_left: length.reads, writes_left: length.writes }
    }

    /// The connection itself: it is open, but nobody reads it.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }

    /// Ends it as a lost network does: the peer gets a reset instead of an orderly end.
    pub(crate) fn cut(self) {
        let stream = socket2::Socket::from(self.stream.into_std().unwrap());
        stream.set_linger(Some(Duration::ZERO)).unwrap();
    }
}

fn broken() -> Error {
    Error::new(ErrorKind::ConnectionReset, "the cable is cut")
}

impl AsyncRead for Cable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let most = self.reads_left.min(buf.remaining());
        if most == 0 && buf.remaining() > 0 {
            return Poll::Ready(Err(broken()));
        }
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(most));
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buf.advance(read);
        self.reads_left -= read;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Cable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<Result<usize>> {
        let most = self.writes_left.min(buf.len());
        if most == 0 && !buf.is_empty() {
            return Poll::Ready(Err(broken()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &buf[..most]))?;
        self.writes_left -= written;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
