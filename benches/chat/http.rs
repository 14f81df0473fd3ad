//! Single HTTP requests, counted on the wire.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Bytes on the wire, head included.
    pub(crate) bytes: usize,
    pub(crate) text: String,
}

/// Gets a path on a connection of its own.
pub(crate) async fn get(address: SocketAddr, path: &str, encoding: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Accept-Encoding: {encoding}\r\nAccept: text/html,*/*\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let status = answer.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    let status = status.and_then(|digits| digits.parse().ok()).ok_or("no HTTP answer")?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    Ok(Answer { status, bytes: answer.len(), text })
}

/// Uploads so many bytes as one file of a form.
pub(crate) async fn upload(address: SocketAddr, path: &str, bytes: u64) -> Result {
    const BOUNDARY: &str = "----chat-bench";
    const PIECE: usize = 256 * 1024;
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large.bin\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    let length = head.len() as u64 + bytes + tail.len() as u64;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n{head}"
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    // No text, and not all the same.
    let piece: Vec<u8> = (0..PIECE).map(|at| (at * 31 % 251) as u8).collect();
    let mut left = bytes;
    while left > 0 {
        let size = left.min(PIECE as u64);
        stream.write_all(&piece[..usize::try_from(size)?]).await?;
        left -= size;
    }
    stream.write_all(tail.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 200") {
        return Ok(());
    }
    Err(format!("the upload was refused: {}", String::from_utf8_lossy(&answer)).into())
}

/// What a page names in `src` and `href` and this server has: other hosts are not asked.
pub(crate) fn assets(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for attribute in ["src=\"", "href=\""] {
        for rest in page.split(attribute).skip(1) {
            let Some((path, _)) = rest.split_once('"') else { continue };
            let path = path.strip_prefix("./").unwrap_or(path).trim_start_matches('/');
            let path = format!("/{path}");
            let is_other = path.contains("://") || rest.starts_with("//");
            if !is_other && !path.starts_with("/data:") && !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found
}
