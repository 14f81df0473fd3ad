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
        let left = self.allowance.load(Ordering::Relaxed).checked_sub(piece.len());
        Poll::Ready(Some(match left {
            Some(left) => {
                self.allowance.store(left, Ordering::Relaxed);
                Ok(piece)
            }
            None => Err(TooMuch.into()),
        }))
    }
}
