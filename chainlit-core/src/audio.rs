//! Sound from the user's microphone, and sound for the user.

use std::time::Duration;

use bytes::Bytes;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::event::{EventContext, OnAudioChunk};
use crate::extract::FromEvent;
use crate::wire::ServerEvent;

/// A piece of what the user says: the argument of `on_audio_chunk`.
///
/// Follows Chainlit's `cl.InputAudioChunk`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputAudioChunk {
    /// Whether the user has begun to speak with it. When older pieces had to be dropped, the oldest
    /// that is left.
    pub is_start: bool,
    /// How the sound is written. The page writes `pcm16`: one channel of 16-bit samples, the lower
    /// byte first, `features.audio.sample_rate` of them in a second.
    pub mime: String,
    /// How long the user had been speaking.
    pub elapsed_time: Duration,
    /// The sound.
    pub data: Bytes,
}

impl InputAudioChunk {
    /// A piece of sound as the page writes it.
    #[must_use]
    pub fn new(data: impl Into<Bytes>) -> Self {
        Self {
            is_start: false,
            mime: "pcm16".to_owned(),
            elapsed_time: Duration::ZERO,
            data: data.into(),
        }
    }
}

impl FromEvent<OnAudioChunk> for InputAudioChunk {
    async fn from_event(event: &EventContext<OnAudioChunk>) -> Result<Self> {
        Ok(event.payload().clone())
    }
}

/// A piece of sound for the user, see [`send_audio_chunk`].
///
/// Follows Chainlit's `cl.OutputAudioChunk`.
///
/// ```
/// use chainlit as cl;
///
/// let silence = cl::OutputAudioChunk::new("answer-1", vec![0; 4800]);
/// assert_eq!(silence.mime, "pcm16");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputAudioChunk {
    /// Names what the piece belongs to. The page plays no more of a track once it was
    /// [interrupted](send_audio_interrupt).
    pub track: String,
    /// How the sound is written. Pages play `pcm16`: one channel of 16-bit samples, the lower byte
    /// first, `features.audio.sample_rate` of them in a second.
    pub mime: String,
    /// The sound.
    pub data: Bytes,
}

impl OutputAudioChunk {
    /// A piece of that track, as `pcm16`.
    #[must_use]
    pub fn new(track: impl Into<String>, data: impl Into<Bytes>) -> Self {
        Self { track: track.into(), mime: "pcm16".to_owned(), data: data.into() }
    }

    /// Sets how the sound is written.
    #[must_use]
    pub fn mime(mut self, mime: impl Into<String>) -> Self {
        self.mime = mime.into();
        self
    }
}

/// Whether the page records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AudioConnection {
    /// It does.
    On,
    /// It does not.
    Off,
}

impl AudioConnection {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

/// Plays a piece of sound.
///
/// It comes in order with messages and all else. Waits while the browser is too slow to take more.
/// Sound is for now: nothing is kept for a browser that is away, which hears what comes after it is
/// back.
///
/// Chainlit's `cl.context.emitter.send_audio_chunk`.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// cl::send_audio_chunk(cl::OutputAudioChunk::new("answer-1", vec![0; 4800])).await?;
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// # Errors
///
/// [`Error::ChatEnded`].
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`]; so do the other functions here.
///
/// # Cancel safety
///
/// Dropped before it is ready, nothing was sent.
pub async fn send_audio_chunk(chunk: OutputAudioChunk) -> Result<(), Error> {
    send(&ServerEvent::AudioChunk(&chunk)).await
}

/// Stops what is being played, and what was sent to be played.
///
/// Chainlit's `cl.context.emitter.send_audio_interrupt`.
///
/// ```
/// # use chainlit as cl;
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// cl::send_audio_interrupt().await?;
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// # Errors
///
/// [`Error::ChatEnded`].
///
/// # Cancel safety
///
/// Dropped before it is ready, nothing was sent.
pub async fn send_audio_interrupt() -> Result<(), Error> {
    send(&ServerEvent::AudioInterrupt).await
}

/// Turns the recording off, or on. `on_audio_start` does that by its answer; this is for later.
///
/// What still comes of a page that was turned off is dropped; `on_audio_end` is called when the page
/// says that it has ended, or goes. Some pages, this project's own among them, let nobody but the
/// user turn a microphone on.
///
/// Chainlit's `cl.context.emitter.update_audio_connection`.
///
/// ```
/// # use chainlit as cl;
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// cl::update_audio_connection(cl::AudioConnection::Off).await?;
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// # Errors
///
/// [`Error::ChatEnded`].
///
/// # Cancel safety
///
/// Dropped before it is ready, nothing was sent.
pub async fn update_audio_connection(connection: AudioConnection) -> Result<(), Error> {
    send(&ServerEvent::AudioConnection(connection)).await
}

async fn send(event: &ServerEvent<'_>) -> Result<(), Error> {
    let context = Context::current();
    context.room().await?;
    context.emitter().emit(event);
    Ok(())
}
