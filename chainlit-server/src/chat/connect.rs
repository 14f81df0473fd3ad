use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chainlit_core::wire::ServerEvent;
use chainlit_core::{Emitter, OnChatResume, Session};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::events::AUDIO_CHUNK;
use super::log::{Beginning, LogLimits, SessionLog};
use super::recovery::Dialect;
use super::resume::{OpenError, Resumed, Wanted};
use super::sessions::{Chat, Chats, ChatsError};
use crate::config::Config;
use crate::engineio::{CloseReason, Handshake, Outbox};
use crate::files::SessionFiles;
use crate::login::LoggedIn;
use crate::socketio::{self, Accepted, Answer, Namespace};

/// Bytes that a session id may have.
const MAX_SESSION_ID: usize = 128;

/// What a client is told whose user has to log in.
const NOT_LOGGED_IN: &str = "authentication failed";

/// What a client is told that names another user's chat.
const NOT_YOURS: &str = "authorization failed";

/// What a client is told that opens a chat again and again.
const TOO_OFTEN: &str = "This chat was opened too often; wait a minute, then reload the page";

/// What a client is told that sends events without end.
const TOO_FAST: &str = "You send faster than this chat can take; it reads on more slowly.";

/// The chat application in Socket.IO's default namespace.
#[derive(Clone)]
pub(crate) struct ChatNamespace(Chats);

impl ChatNamespace {
    pub(crate) fn new(chats: Chats) -> Self {
        Self(chats)
    }
}

/// One connected client.
pub(crate) struct ChatSocket {
    pub(super) chats: Chats,
    pub(super) chat: Arc<Chat>,
    pub(super) outbox: Arc<Outbox>,
    /// It has said that it is ready to be shown the chat.
    pub(super) is_greeted: bool,
    /// How long nothing more of it is to be read.
    pause: Duration,
}

impl Namespace for ChatNamespace {
    type Socket = ChatSocket;

    async fn connect(
        &self,
        handshake: &Handshake,
        auth: Map<String, Value>,
        outbox: &Arc<Outbox>,
        accept: Accepted<'_>,
    ) -> Result<ChatSocket, String> {
        let auth = Auth(auth);
        let id = auth.session_id()?;
        let dialect = Dialect::read(&auth.0, &handshake.query)?;
        let chats = &self.0;
        let user = chats.login().socket_user(&handshake.headers).await;
        let user = user.map_err(|_| NOT_LOGGED_IN.to_owned())?;
        let chat = loop {
            let chat = match chats.get(id) {
                Some(chat) => chat,
                None => {
                    let opened = open(chats, &auth, user.as_ref(), outbox).await?;
                    let language = language(&handshake.headers);
                    let (profile, config) =
                        profile(chats, &auth, &opened, &language, user.as_ref()).await?;
                    let user = user.clone();
                    let headers = &handshake.headers;
                    let chat = new_chat(chats, &auth, headers, user, opened, profile, config)?;
                    // Another connection may have made one meanwhile: that one counts.
                    chats.get_or_insert(id, chat).map_err(|error| refuse(error, outbox))?
                }
            };
            if !chat.belongs_to(user.as_ref()) {
                return Err(NOT_YOURS.to_owned());
            }
            // Whoever comes gets the whole conversation, which costs much more than to ask for it.
            match chat.pace.connect() {
                Some(wait) if wait.is_zero() => {}
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(TOO_OFTEN.to_owned()),
            }
            if chats.is_closing() {
                return Err(refuse(ChatsError::Closing, outbox));
            }
            if chats.take_over(&chat, outbox, user.as_ref().map(|user| &user.login)) {
                break chat;
            }
            // It has ended just now: the id is free for a new one.
            chats.forget(&chat);
        };
        if let Some(user) = user {
            // It may have ended meanwhile; from now on, who ends it finds this socket.
            if !chats.login().holds(&user.user.identifier, &user.login) {
                chats.disconnect(&chat, outbox);
                return Err(NOT_LOGGED_IN.to_owned());
            }
            chat.session.replace_user(user.user);
            chats.watch_logins();
        }
        let beginning = chat.connect(outbox, &dialect);
        accept.accept(beginning.pid.as_deref());
        // Only now: the client reads the answer first.
        if let Some(source) = beginning.resumed {
            outbox.attach(source);
        }
        Ok(ChatSocket {
            chats: chats.clone(),
            chat,
            outbox: Arc::clone(outbox),
            is_greeted: false,
            pause: Duration::ZERO,
        })
    }
}

impl socketio::Socket for ChatSocket {
    fn event(&mut self, name: &str, args: &[&RawValue], attachments: Vec<Bytes>) -> Answer {
        if name == AUDIO_CHUNK && self.chat.config.features.audio.enabled {
            self.pause = self.chat.pace.sound();
        } else {
            self.keep_pace();
        }
        let payload = args.first().map_or("null", |arg| arg.get());
        let is_settled = self.on_event(name, payload, &attachments);
        if is_settled { Answer::Taken } else { Answer::None }
    }

    fn ack(&mut self, id: u64, args: &[&RawValue], _attachments: Vec<Bytes>) {
        self.keep_pace();
        // Too deep, say. Whoever asked takes nothing for an answer, and asks again.
        let args = socketio::values(args).unwrap_or_else(|error| {
            tracing::debug!(%error, "an answer can't be read");
            Vec::new()
        });
        let value = match <[Value; 1]>::try_from(args) {
            Ok([value]) => value,
            Err(args) if args.is_empty() => Value::Null,
            Err(args) => Value::Array(args),
        };
        if !self.chat.speaks(&self.outbox) {
            return tracing::debug!(id, "an answer of a replaced connection was ignored");
        }
        if !self.chat.log.answer(id, value) {
            tracing::debug!(id, "an answer came that nobody waits for");
            let message = "That question is not open any more.";
            self.chat.log.emit(&ServerEvent::Toast { message, kind: "error" });
        }
    }

    fn pause(&mut self) -> Duration {
        std::mem::take(&mut self.pause)
    }

    fn disconnect(self, reason: CloseReason) {
        if reason == CloseReason::ClientClosed {
            self.chat.log.take_leave(&self.outbox);
        }
        self.chats.disconnect(&self.chat, &self.outbox);
    }
}

impl Chat {
    /// Tells the log of the connection, if that still speaks for the chat.
    fn connect(&self, outbox: &Arc<Outbox>, dialect: &Dialect) -> Beginning {
        // Under the lock: another connection may be taking over.
        let state = self.state.lock();
        if state.is_connection(outbox) {
            self.log.connect(outbox, dialect)
        } else {
            Beginning { pid: None, resumed: None }
        }
    }
}

impl ChatSocket {
    /// Counts what the client sends. Nothing of it is dropped: the server reads it more slowly, and in
    /// the end the client's own connection makes it wait.
    fn keep_pace(&mut self) {
        let slowdown = self.chat.pace.event();
        self.pause = slowdown.pause;
        if slowdown.is_news {
            tracing::debug!(session = ?self.chat.session, "a client is slowed down");
            self.chat.log.emit(&ServerEvent::Toast { message: TOO_FAST, kind: "warning" });
        }
    }
}

/// What the client is told. One that finds the server going down is cut off instead: a refusal it
/// would take for good, and not come back when the server is up again.
fn refuse(error: ChatsError, outbox: &Outbox) -> String {
    if error == ChatsError::Closing {
        outbox.abort();
    }
    error.to_string()
}

/// The stored conversation that the client names, if it names one.
async fn open(
    chats: &Chats,
    auth: &Auth,
    user: Option<&LoggedIn>,
    outbox: &Outbox,
) -> Result<Option<Result<Resumed, OpenError>>, String> {
    let Some(thread_id) = auth.thread_id()?.filter(|_| chats.recorder().is_some()) else {
        return Ok(None);
    };
    let session_id = auth.session_id()?;
    let takes_pages = auth.takes_pages()?;
    let user = user.map(|user| user.user.identifier.as_str());
    match chats.open(Wanted { thread_id, session_id, user, takes_pages }).await {
        Ok(resumed) => Ok(Some(Ok(resumed))),
        Err(error @ OpenError::NotFound) => Ok(Some(Err(error))),
        Err(error @ OpenError::Foreign) => Err(error.to_string()),
        Err(error @ OpenError::Away(_)) => {
            // It would take a refusal for good.
            tracing::warn!("{error}");
            outbox.abort();
            Err(error.to_string())
        }
    }
}

/// The profile of a conversation that is taken up is the one that it was held with, while that is
/// offered; that of a new one is what the client says.
async fn profile(
    chats: &Chats,
    auth: &Auth,
    opened: &Option<Result<Resumed, OpenError>>,
    language: &str,
    user: Option<&LoggedIn>,
) -> Result<(Option<String>, Arc<Config>), String> {
    if let Some(Ok(resumed)) = opened
        && let Some(name) = resumed.profile()
    {
        match chats.profile(Some(name), language, user).await {
            Ok(profile) => return Ok(profile),
            Err(reason) => tracing::info!(reason, "a conversation goes on without its profile"),
        }
    }
    chats.profile(auth.chat_profile()?.as_deref(), language, user).await
}

/// A session's id is an opaque key of a fixed form: no path, no cookie, nothing to be escaped.
pub(crate) fn is_session_id(id: &str) -> bool {
    (1..=MAX_SESSION_ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn new_chat(
    chats: &Chats,
    auth: &Auth,
    headers: &HeaderMap,
    user: Option<LoggedIn>,
    opened: Option<Result<Resumed, OpenError>>,
    profile: Option<String>,
    config: Arc<Config>,
) -> Result<Arc<Chat>, String> {
    let user_env = config.project.user_env.as_deref().unwrap_or_default();
    let log = SessionLog::new(LogLimits::of(&config));
    let files = SessionFiles::new(chats.disk().clone());
    // A new thread's id is made here: whoever names one proves nothing.
    let mut session = Session::web_socket(auth.session_id()?, Arc::new(log.clone()));
    if let Some(Ok(resumed)) = &opened {
        session = session.thread_id(resumed.thread_id());
    }
    let session = session
        .client_type(auth.client_type()?)
        .user_env(auth.user_env(user_env)?)
        .user_id(user.as_ref().and_then(|user| user.id.clone()))
        .user(user.as_ref().map(|user| user.user.clone()))
        .chat_profile(profile)
        .language(language(headers))
        .files(Arc::new(files.clone()))
        .settings(chats.session_settings(&config))
        .build();
    let chat = Chat::new(chats, session, files, log, config);
    match opened {
        Some(Ok(resumed)) => {
            let thread = chat.resume(resumed);
            chat.state.lock().resumed = Some(Arc::new(thread));
            chat.record(chats, user.as_ref(), true);
        }
        opened => {
            chat.record(chats, user.as_ref(), false);
            if let Some(Err(error)) = opened
                && chats.dispatcher().has::<OnChatResume>()
            {
                chat.log.emit(&ServerEvent::ResumeThreadError(&error.to_string()));
            }
        }
    }
    Ok(chat)
}

/// The object that comes with CONNECT. Each reader names the key that is wrong and what it wants.
struct Auth(Map<String, Value>);

impl Auth {
    fn text(&self, key: &str) -> Result<Option<&str>, String> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!("`{key}` in the auth object must be a string")),
        }
    }

    fn session_id(&self) -> Result<&str, String> {
        let id = self.text("sessionId")?.ok_or("`sessionId` is missing in the auth object")?;
        if !is_session_id(id) {
            return Err(format!(
                "`sessionId` must be 1 to {MAX_SESSION_ID} letters, digits, `-` or `_`"
            ));
        }
        Ok(id)
    }

    /// The conversation that the client wants to go on with, if it names one.
    fn thread_id(&self) -> Result<Option<&str>, String> {
        let id = self.text("threadId")?.filter(|id| !id.is_empty());
        if id.is_some_and(|id| !is_session_id(id)) {
            return Err(format!(
                "`threadId` must be up to {MAX_SESSION_ID} letters, digits, `-` or `_`"
            ));
        }
        Ok(id)
    }

    /// Whether the client asks for the earlier steps of a long conversation by itself.
    fn takes_pages(&self) -> Result<bool, String> {
        match self.0.get("pages") {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(takes)) => Ok(*takes),
            Some(_) => Err("`pages` in the auth object must be true or false".to_owned()),
        }
    }

    fn client_type(&self) -> Result<&str, String> {
        let kind = self.text("clientType")?.ok_or("`clientType` is missing in the auth object")?;
        if kind.is_empty() || kind.len() > 32 || !kind.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("`clientType` must be 1 to 32 characters, for example `webapp`".to_owned());
        }
        Ok(kind)
    }

    fn chat_profile(&self) -> Result<Option<String>, String> {
        let Some(encoded) = self.text("chatProfile")?.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        percent_decode(encoded)
            .filter(|name| name.len() <= 256)
            .map(Some)
            .ok_or_else(|| "`chatProfile` must be a percent-encoded name".to_owned())
    }

    fn user_env(&self, required: &[String]) -> Result<BTreeMap<String, String>, String> {
        let text = self.text("userEnv")?.filter(|text| !text.is_empty()).unwrap_or("{}");
        let env: BTreeMap<String, Value> = serde_json::from_str(text)
            .map_err(|_| "`userEnv` must be the text of a JSON object".to_owned())?;
        for key in required {
            if !env.get(key).is_some_and(Value::is_string) {
                return Err(format!("Missing user environment variable: {key}"));
            }
        }
        // Only what the application asked for is kept.
        Ok(required
            .iter()
            .filter_map(|key| Some((key.clone(), env.get(key)?.as_str()?.to_owned())))
            .collect())
    }
}

/// The first language of the header, `en-US` without one.
pub(super) fn language(headers: &HeaderMap) -> String {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let language: String = header
        .chars()
        .skip_while(|c| !c.is_ascii_alphanumeric())
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(35)
        .collect();
    if language.is_empty() { "en-US".to_owned() } else { language }
}

fn percent_decode(text: &str) -> Option<String> {
    percent_encoding::percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_percent_decoded() {
        assert_eq!(percent_decode("GPT%204%20%C3%A9").as_deref(), Some("GPT 4 é"));
        assert_eq!(percent_decode("%ff"), None);
    }

    #[test]
    fn the_first_language_counts() {
        let of = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, http::HeaderValue::from_static(text));
            language(&headers)
        };
        assert_eq!(of("de-CH, en;q=0.8"), "de-CH");
        assert_eq!(of("*"), "en-US");
        assert_eq!(language(&HeaderMap::new()), "en-US");
    }

    #[test]
    fn a_session_id_is_no_path() {
        for id in ["../public", ".", "", "a/b", "a\0", "ä", &"x".repeat(129)] {
            assert!(!is_session_id(id), "{id:?}");
        }
        assert!(is_session_id("c3bdd44d-386b-4e6b-b65e-2430bb131378"));
    }
}
