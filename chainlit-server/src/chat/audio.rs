use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chainlit_core::wire::{ClientAudioChunk, ServerEvent};
use chainlit_core::{AudioConnection, Emitter, InputAudioChunk, OnAudioChunk, OnAudioStart};

use super::dispatch::Place;
use super::lane::{Entry, Lane};
use super::sessions::{Chat, ChatState, Chats};
use crate::socketio::attachment_index;

/// Beginnings and ends that may wait; a client that is in such a hurry is answered `off`.
const MAX_TURNS: usize = 8;

/// Bytes of memory that a piece of sound costs beside the sound.
const CHUNK_BYTES: usize = 128;

/// What a user says, from the microphone to the application's functions.
///
/// Each talk that `on_audio_start` allows ends with one `on_audio_end`: when the client says so, when
/// its connection is gone, when it begins another one, at the latest with the chat.
#[derive(Default)]
pub(super) struct Talk {
    lane: Lane<Heard>,
    /// Bytes of sound that wait.
    bytes: usize,
    /// `on_audio_start` runs.
    is_starting: bool,
    /// `on_audio_end` is to be called.
    is_open: bool,
    /// Sound was dropped in this talk, and the log says so.
    has_gap: bool,
    /// A piece could not be handled in this talk, and the user was told why.
    has_failed: bool,
}

/// One entry of a talk.
pub(super) enum Heard {
    Start,
    Chunk(InputAudioChunk),
    End,
}

impl Talk {
    /// Adds a piece. Where there is no room, the oldest give way: who listens live wants what is said
    /// now. Says whether that happened for the first time.
    fn push(&mut self, chunk: InputAudioChunk, limit: usize) -> bool {
        self.bytes += weight(&chunk);
        self.lane.waiting.push_back(Heard::Chunk(chunk));
        let mut is_news = false;
        while self.bytes > limit {
            let mut waiting = self.lane.waiting.iter();
            let Some(oldest) = waiting.position(|heard| matches!(heard, Heard::Chunk(_))) else {
                break;
            };
            let Some(Heard::Chunk(gone)) = self.lane.waiting.remove(oldest) else { break };
            self.bytes -= weight(&gone);
            if gone.is_start
                && let Some(Heard::Chunk(first)) = self.lane.waiting.get_mut(oldest)
            {
                first.is_start = true;
            }
            is_news |= !std::mem::replace(&mut self.has_gap, true);
        }
        is_news
    }

    /// The client wants to speak; false when it has asked for too much already.
    fn begin(&mut self) -> bool {
        let mut turns = self.lane.waiting.iter().filter(|heard| !matches!(heard, Heard::Chunk(_)));
        if turns.clone().count() >= MAX_TURNS {
            return false;
        }
        match turns.next_back() {
            Some(Heard::Start) => return true,
            None if self.is_starting => return true,
            None if self.is_open => self.lane.waiting.push_back(Heard::End),
            _ => {}
        }
        self.lane.waiting.push_back(Heard::Start);
        true
    }

    /// The client has said everything, or is gone.
    pub(super) fn end(&mut self) {
        let mut turns = self.lane.waiting.iter().filter(|heard| !matches!(heard, Heard::Chunk(_)));
        let is_pending = match turns.next_back() {
            Some(last) => matches!(last, Heard::Start),
            None => self.is_starting || self.is_open,
        };
        if is_pending {
            self.lane.waiting.push_back(Heard::End);
        }
    }

    /// Forgets everything; says whether `on_audio_end` is to be called.
    pub(super) fn close(&mut self) -> bool {
        self.lane.waiting.clear();
        self.bytes = 0;
        std::mem::take(&mut self.is_open)
    }

    fn next(&mut self) -> Option<Heard> {
        let heard = self.lane.next()?;
        match &heard {
            Heard::Start => {
                self.is_starting = true;
                (self.has_gap, self.has_failed) = (false, false);
            }
            // Also when the application itself has turned the microphone on.
            Heard::Chunk(chunk) => {
                self.is_open = true;
                self.bytes -= weight(chunk);
            }
            Heard::End => {}
        }
        Some(heard)
    }

    /// `on_audio_start` has answered. Says whether the client still wants to speak.
    fn started(&mut self, is_allowed: bool) -> bool {
        self.is_starting = false;
        self.is_open = is_allowed;
        !self.lane.waiting.iter().any(|heard| matches!(heard, Heard::End))
    }
}

impl Chats {
    /// The client wants to speak.
    pub(super) fn audio_start(&self, chat: &Arc<Chat>) {
        let is_taken = chat.config.features.audio.enabled
            && self.dispatcher().has::<OnAudioStart>()
            && !self.is_closing()
            && {
                let mut state = chat.state.lock();
                !state.is_ended && state.talk.begin()
            };
        if is_taken {
            self.see_to::<Heard>(chat);
        } else {
            chat.log.emit(&ServerEvent::AudioConnection(AudioConnection::Off));
        }
    }

    /// A piece of what the client's user says.
    pub(super) fn audio_chunk(&self, chat: &Arc<Chat>, chunk: InputAudioChunk) {
        // Nobody is heard whom the application has not told to speak.
        let is_offered = chat.config.features.audio.enabled;
        let is_wanted = is_offered && self.dispatcher().has::<OnAudioChunk>();
        if !is_wanted || !chat.log.is_audio_on() || self.is_closing() {
            tracing::debug!("sound that nobody asked for was ignored");
            return;
        }
        let is_news = {
            let mut state = chat.state.lock();
            !state.is_ended && state.talk.push(chunk, self.settings().max_audio_bytes)
        };
        if is_news {
            tracing::warn!(
                session = ?chat.session,
                "on_audio_chunk is slower than the user speaks: the oldest sound is dropped"
            );
        }
        self.see_to::<Heard>(chat);
    }

    /// The client's user has said everything.
    pub(super) fn audio_end(&self, chat: &Arc<Chat>) {
        chat.log.note_audio_end();
        chat.state.lock().talk.end();
        self.see_to::<Heard>(chat);
    }
}

impl Entry for Heard {
    fn lane(state: &mut ChatState) -> &mut Lane<Self> {
        &mut state.talk.lane
    }

    fn next(state: &mut ChatState) -> Option<Self> {
        state.talk.next()
    }

    async fn handle(self, chats: &Chats, chat: &Arc<Chat>, place: Place) {
        let dispatcher = chats.dispatcher();
        match self {
            Self::Start => {
                let answer = dispatcher.aside::<OnAudioStart>(chat, place, (), true).await;
                let is_allowed = answer == Some(true);
                let is_wanted = chat.state.lock().talk.started(is_allowed);
                if is_allowed && is_wanted {
                    chat.log.emit(&ServerEvent::AudioConnection(AudioConnection::On));
                } else if is_wanted {
                    chat.log.emit(&ServerEvent::AudioConnection(AudioConnection::Off));
                }
            }
            Self::Chunk(chunk) => {
                let tells = !chat.state.lock().talk.has_failed;
                let answer = dispatcher.aside::<OnAudioChunk>(chat, place, chunk, tells).await;
                if answer.is_none() {
                    chat.state.lock().talk.has_failed = true;
                }
            }
            Self::End => {
                if std::mem::take(&mut chat.state.lock().talk.is_open) {
                    dispatcher.audio_end(chat, place).await;
                }
            }
        }
    }
}

/// The piece of sound that a client has sent.
pub(super) fn read(chunk: ClientAudioChunk, attachments: &[Bytes]) -> Option<InputAudioChunk> {
    let mut read = InputAudioChunk::new(attachments.get(attachment_index(&chunk.data)?)?.clone());
    let seconds = chunk.elapsed_time / 1000.0;
    read.elapsed_time = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    read.is_start = chunk.is_start;
    read.mime = chunk.mime_type;
    Some(read)
}

fn weight(chunk: &InputAudioChunk) -> usize {
    CHUNK_BYTES + chunk.mime.len() + chunk.data.len()
}
