//! The file in a form's body, as it arrives.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use tokio::time::Instant;

use super::request::Body;
use super::{HttpError, Request};

/// Bytes of a form before a file's content: its boundary and its headers.
const MAX_HEAD: usize = 16 * 1024;

/// Bytes of a form that are read at most to get the next piece of a file.
const MAX_AHEAD: usize = 1024 * 1024;

/// How long a client may send nothing.
const IDLE: Duration = Duration::from_secs(30);

/// Bytes per second that a client must send in the long run, once it had the time of [`IDLE`].
const LEAST_RATE: u64 = 4 * 1024;

/// The file that a form brings.
pub(super) struct FormFile {
    /// What the client calls it.
    pub(super) name: String,
    /// The type that the client says it has.
    pub(super) media_type: Option<String>,
    field: multer::Field<'static>,
    allowance: Arc<AtomicUsize>,
    begun: Instant,
    received: u64,
}

/// Why the rest of a form does not come.
#[derive(Debug, thiserror::Error)]
pub(super) enum FormError {
    #[error("The file took too long to arrive")]
    TooSlow,
    #[error("The form is incomplete or wrong: {0}")]
    Wrong(#[from] multer::Error),
}

/// The form ran on without anything that was looked for.
#[derive(Debug, thiserror::Error)]
#[error("too much that is no file")]
struct TooMuch;

impl From<FormError> for HttpError {
    fn from(error: FormError) -> Self {
        let status = match error {
            FormError::TooSlow => StatusCode::REQUEST_TIMEOUT,
            FormError::Wrong(_) => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.to_string())
    }
}

impl FormFile {
    /// Reads up to the content of the form's field `file`.
    pub(super) async fn find(request: Request) -> Result<Self, HttpError> {
        let begun = Instant::now();
        let declared = request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = multer::parse_boundary(declared.unwrap_or_default()).map_err(|_| {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            HttpError::new(status, "Expected Content-Type: multipart/form-data")
        })?;
        let allowance = Arc::new(AtomicUsize::new(MAX_HEAD));
        let body = Measured {
            body: request.into_body(),
            allowance: Arc::clone(&allowance),
            is_turn_over: false,
        };
        let mut form = multer::Multipart::new(body, boundary);
        loop {
            let next = tokio::time::timeout(IDLE, form.next_field()).await;
            let field = next.map_err(|_| FormError::TooSlow)?.map_err(FormError::Wrong)?;
            let missing = |what: &str| HttpError::new(StatusCode::UNPROCESSABLE_ENTITY, what);
            let field = field.ok_or_else(|| missing("The form has no field `file`"))?;
            if field.name() != Some("file") {
                continue;
            }
            let name = field.file_name().ok_or_else(|| missing("The file has no name"))?.to_owned();
            let media_type = field.headers().get(CONTENT_TYPE);
            let media_type = media_type.and_then(|value| value.to_str().ok()).map(str::to_owned);
            return Ok(Self { name, media_type, field, allowance, begun, received: 0 });
        }
    }

    /// The next piece of the content; `None` when it is whole.
    async fn piece(&mut self) -> Option<Result<Bytes, FormError>> {
        self.allowance.store(MAX_AHEAD, Ordering::Relaxed);
        let slowest = Duration::from_secs(self.received / LEAST_RATE);
        let due = (Instant::now() + IDLE).min(self.begun + 2 * IDLE + slowest);
        let piece = match tokio::time::timeout_at(due, self.field.chunk()).await {
            Ok(piece) => piece.map_err(FormError::Wrong).transpose()?,
            Err(_) => Err(FormError::TooSlow),
        };
        if let Ok(piece) = &piece {
            self.received += piece.len() as u64;
        }
        Some(piece)
    }

    /// The content.
    pub(super) fn into_content(
        self,
    ) -> impl Stream<Item = Result<Bytes, FormError>> + Send + 'static {
        futures_util::stream::unfold(Some(self), async |file| {
            let mut file = file?;
            let piece = file.piece().await?;
            let rest = piece.is_ok().then_some(file);
            Some((piece, rest))
        })
    }
}

/// A body that gives one piece at a time, and not more than it is allowed to.
///
/// The form's reader takes all that is ready before it looks at it: without this, a client that
/// sends faster than the disk writes would fill the memory.
struct Measured {
    body: Body,
    /// Bytes that may be read before something is found in them.
    allowance: Arc<AtomicUsize>,
    is_turn_over: bool,
}

impl Stream for Measured {
    type Item = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.is_turn_over) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Poll::Ready(piece) = self.body.as_mut().poll_next(cx) else { return Poll::Pending };
        self.is_turn_over = true;
        let Some(Ok(piece)) = piece else {
            return Poll::Ready(piece.map(|piece| piece.map_err(Into::into)));
        };
        let left = self.allowance.load(Ordering::Relaxed);
        // The piece is in memory already: only a further one would be too much.
        self.allowance.store(left.saturating_sub(piece.len()), Ordering::Relaxed);
        Poll::Ready(Some(if left > 0 { Ok(piece) } else { Err(TooMuch.into()) }))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use http_body_util::StreamBody;
    use warp::Filter;

    use super::*;
    use crate::http::{reply, request};
    use crate::service::answer;

    /// Sends a form in these pieces, all ready at once; gives the status, and the content's length
    /// if there is one.
    async fn send(pieces: impl IntoIterator<Item = Vec<u8>>) -> (u16, Option<usize>) {
        let filter = request().then(async |request| {
            let read = async {
                let file = FormFile::find(request).await?;
                let mut content = Box::pin(file.into_content());
                let mut length = 0;
                while let Some(piece) = content.next().await {
                    length += piece?.len();
                }
                Ok::<_, HttpError>(length)
            };
            read.await.map_or_else(HttpError::into_response, |length| reply::json(&length))
        });
        let frames: Vec<_> = pieces
            .into_iter()
            .map(|piece| Ok::<_, std::io::Error>(http_body::Frame::data(Bytes::from(piece))))
            .collect();
        let request = http::Request::post("/")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(StreamBody::new(stream::iter(frames)))
            .unwrap();
        let response = answer(&filter.boxed(), request).await.unwrap();
        let status = response.status().as_u16();
        let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap();
        (status, serde_json::from_slice(&body.to_bytes()).ok())
    }

    fn head() -> Vec<u8> {
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n".to_vec()
    }

    #[tokio::test]
    async fn a_file_in_one_piece_or_in_many() {
        let whole = [head(), vec![b'a'; 3_000_000], b"\r\n--x--\r\n".to_vec()];
        assert_eq!(send([whole.concat()]).await, (200, Some(3_000_000)));
        let bytes = whole.concat();
        assert_eq!(send(bytes.chunks(1000).map(<[u8]>::to_vec)).await, (200, Some(3_000_000)));
        let small = [head(), b"\r\n\r\n--\r--x".to_vec(), b"\r\n--x--\r\n".to_vec()].concat();
        assert_eq!(send(small.chunks(1).map(<[u8]>::to_vec)).await, (200, Some(10)));
        let empty = [head(), b"\r\n--x--\r\n".to_vec()].concat();
        assert_eq!(send([empty]).await, (200, Some(0)));
    }

    #[tokio::test]
    async fn what_is_no_file_is_not_read_on_and_on() {
        let endless = |start: &[u8]| {
            std::iter::once(start.to_vec()).chain(std::iter::repeat_n(vec![b'a'; 1000], 10_000))
        };
        assert_eq!(send(endless(b"")).await.0, 400);
        assert_eq!(send(endless(b"--x\r\nA: ")).await.0, 400);
        let other = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
        assert_eq!(send(endless(other)).await.0, 400);
    }

    #[tokio::test]
    async fn a_file_that_is_cut_is_none() {
        assert_eq!(send([head()]).await.0, 400);
        assert_eq!(send([head(), b"abc".to_vec()]).await.0, 400);
        assert_eq!(send([head(), b"abc\r\n--".to_vec()]).await.0, 400);
    }
}
