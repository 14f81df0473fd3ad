//! A WebSocket client that does next to nothing: it shares the processor with the servers that it
//! measures.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Bytes that an idle connection reserves.
const SMALL_BUFFER: usize = 2 * 1024;

/// Bytes that one read takes from a busy connection.
const LARGE_BUFFER: usize = 128 * 1024;

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;

pub(crate) struct WebSocket {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// What was read and not yet given out.
    filled: Range<usize>,
    out: Vec<u8>,
}

/// The head of a frame.
struct Head {
    opcode: u8,
    len: usize,
    payload: usize,
}

impl WebSocket {
    /// Opens a socket; a small `receive_buffer` lets the server feel soon that nobody reads.
    pub(crate) async fn open(
        address: SocketAddr,
        path: &str,
        receive_buffer: Option<u32>,
    ) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        if let Some(bytes) = receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        let mut socket =
            Self { stream, buffer: vec![0; SMALL_BUFFER], filled: 0..0, out: Vec::new() };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        socket.stream.write_all(request.as_bytes()).await?;
        let end = loop {
            let read = &socket.buffer[socket.filled.clone()];
            if let Some(end) = memchr::memmem::find(read, b"\r\n\r\n") {
                break end + 4;
            }
            socket.fill().await?;
        };
        if !socket.buffer.starts_with(b"HTTP/1.1 101") {
            let head = String::from_utf8_lossy(&socket.buffer[..end]).into_owned();
            return Err(io::Error::other(format!("no upgrade: {head}")));
        }
        socket.filled.start = end;
        Ok(socket)
    }

    /// The next text frame, as a range for [`text`](Self::text).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a part of a frame stays in the buffer.
    pub(crate) async fn next(&mut self) -> io::Result<Range<usize>> {
        loop {
            let Some(head) = self.head()? else {
                self.fill().await?;
                continue;
            };
            let start = self.filled.start + head.payload;
            let payload = start..start + head.len;
            if payload.end > self.filled.end {
                self.reserve(head.payload + head.len);
                self.fill().await?;
                continue;
            }
            self.filled.start = payload.end;
            match head.opcode {
                TEXT => return Ok(payload),
                PING => {}
                CLOSE => return Err(io::Error::new(ErrorKind::ConnectionReset, "closed")),
                other => return Err(io::Error::other(format!("a frame of type {other}"))),
            }
        }
    }

    pub(crate) fn text(&self, range: Range<usize>) -> &[u8] {
        &self.buffer[range]
    }

    pub(crate) async fn send(&mut self, text: &[u8]) -> io::Result<()> {
        self.write(TEXT, text).await
    }

    /// Says goodbye, without waiting for the answer.
    pub(crate) async fn close(mut self) -> io::Result<()> {
        self.write(CLOSE, &1000_u16.to_be_bytes()).await
    }

    async fn write(&mut self, opcode: u8, payload: &[u8]) -> io::Result<()> {
        self.out.clear();
        self.out.push(0x80 | opcode);
        match payload.len() {
            len @ 0..126 => self.out.push(0x80 | len as u8),
            len => {
                let len = u16::try_from(len).map_err(io::Error::other)?;
                self.out.push(0x80 | 126);
                self.out.extend_from_slice(&len.to_be_bytes());
            }
        }
        // The mask of zeros changes nothing here, and costs the server what any mask does.
        self.out.extend_from_slice(&[0; 4]);
        self.out.extend_from_slice(payload);
        self.stream.write_all(&self.out).await
    }

    /// The head of the frame at the start of the buffer, when it is there.
    fn head(&self) -> io::Result<Option<Head>> {
        let read = &self.buffer[self.filled.clone()];
        let &[first, second, ..] = read else { return Ok(None) };
        if first & 0x80 == 0 {
            return Err(io::Error::other("a frame in pieces"));
        }
        let (len, payload) = match second {
            126 => match read {
                &[_, _, a, b, ..] => (usize::from(u16::from_be_bytes([a, b])), 4),
                _ => return Ok(None),
            },
            127 => match read.get(2..10).and_then(|bytes| bytes.try_into().ok()) {
                Some(bytes) => (usize::try_from(u64::from_be_bytes(bytes)).unwrap_or(0), 10),
                None => return Ok(None),
            },
            len => (usize::from(len), 2),
        };
        Ok(Some(Head { opcode: first & 0x0f, len, payload }))
    }

    async fn fill(&mut self) -> io::Result<()> {
        if self.filled.is_empty() {
            self.filled = 0..0;
        } else if self.filled.end == self.buffer.len() {
            self.reserve(2 * self.filled.len());
        }
        let read = self.stream.read(&mut self.buffer[self.filled.end..]).await?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.filled.end += read;
        // Whoever fills a small buffer has more to say.
        if self.filled.end == self.buffer.len() && self.buffer.len() < LARGE_BUFFER {
            self.buffer.resize(LARGE_BUFFER, 0);
        }
        Ok(())
    }

    /// Room for so many bytes from the start of what was read.
    fn reserve(&mut self, bytes: usize) {
        if self.filled.start + bytes > self.buffer.len() {
            self.buffer.copy_within(self.filled.clone(), 0);
            self.filled = 0..self.filled.len();
            if bytes > self.buffer.len() {
                self.buffer.resize(bytes.next_power_of_two(), 0);
            }
        }
    }
}
