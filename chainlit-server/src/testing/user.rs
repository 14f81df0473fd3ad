use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use parking_lot::Mutex;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::app::TestApp;
use super::connection::{Connection, Network, Page};
use super::request;
use super::screen::Screen;

/// How long a test waits for something that must come. With paused time this is no time at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who has the application's page open.
///
/// It is what Chainlit's own page is to the server: it shows what it is told ([`Screen`]), answers
/// pings while the test does something else, and goes on where it was when its connection broke.
/// Methods wait until the server has done what they ask for, and panic with the screen's text when
/// that does not happen within 30 s.
pub struct TestUser {
    name: String,
    pub(super) session_id: String,
    profile: String,
    /// The stored conversation that the page opens.
    wanted: Option<String>,
    takes_pages: bool,
    pub(super) network: Arc<Network>,
    page: Arc<Page>,
    connection: Mutex<Option<Connection>>,
    /// Whether the application answers messages.
    has_reply: bool,
}

/// A file that was uploaded, to be sent with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    id: String,
}

impl Attachment {
    /// The file's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl TestUser {
    pub(super) async fn join(
        network: Arc<Network>,
        name: &str,
        profile: Option<&str>,
        has_reply: bool,
    ) -> Self {
        let profile = profile.unwrap_or_default();
        let user = Self {
            name: name.to_owned(),
            session_id: Uuid::new_v4().to_string(),
            profile: utf8_percent_encode(profile, NON_ALPHANUMERIC).to_string(),
            wanted: None,
            takes_pages: false,
            network,
            page: Arc::new(Page::new()),
            connection: Mutex::new(None),
            has_reply,
        };
        user.connect().await;
        user
    }

    /// What the user sees now.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.page.screen.borrow().clone()
    }

    /// Id of the user's session: what `cl::Session::id` gives in the application.
    #[must_use]
    pub fn session_id(&self) -> &str {
        &self.session_id
    }

    /// Waits until the screen is as wanted, and gives it.
    ///
    /// # Panics
    ///
    /// When it is not within 30 s.
    pub async fn until(&self, wanted: impl FnMut(&Screen) -> bool) -> Screen {
        let mut watched = self.page.screen.subscribe();
        let found = tokio::time::timeout(PATIENCE, watched.wait_for(wanted)).await;
        if let Ok(Ok(screen)) = found {
            return screen.clone();
        }
        panic!("what {self:?} waits for did not come; the screen is\n{}", self.screen())
    }

    /// Waits until nothing runs any more, or the application asks something.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn idle(&self) -> Screen {
        self.until(|screen| !screen.running).await
    }

    /// Sends a message and waits until it is answered: its handler has ended, or asks something.
    /// Gives the message's id.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn send(&self, text: &str) -> String {
        self.send_with(text, &[]).await
    }

    /// The same with files that were [attached](Self::attach).
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn send_with(&self, text: &str, files: &[Attachment]) -> String {
        let before = self.screen();
        let id = self.post_message(text, files, &Map::new()).await;
        self.answered(&id, &before).await;
        id
    }

    /// The same as [`send`](Self::send), with more that a composer says of a message: `command`,
    /// `modes`.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn send_as(&self, text: &str, facts: Value) -> String {
        let before = self.screen();
        let facts = facts.as_object().cloned().unwrap_or_default();
        let id = self.post_message(text, &[], &facts).await;
        self.answered(&id, &before).await;
        id
    }

    /// Sends a message and waits only until the server has it. Gives the message's id.
    ///
    /// # Panics
    ///
    /// When the user is not connected.
    pub async fn post(&self, text: &str) -> String {
        self.post_message(text, &[], &Map::new()).await
    }

    /// Rewrites one of the user's messages, and waits until it is answered anew.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn edit(&self, id: &str, text: &str) {
        let before = self.screen();
        let payload = json!({ "message": { "id": id, "output": text } });
        self.page.screen.send_modify(|screen| {
            screen.rewrite(id, text);
            screen.runs.retain(|(_, parent, _)| parent != id);
        });
        self.request("edit_message", Some(payload)).await;
        self.answered(id, &before).await;
    }

    /// Marks a message as a favourite, or takes the mark away, and waits only until the server has
    /// heard it. The list comes to [`Screen::favorites`]. `thread_id` is that of the message; empty for
    /// one of this chat.
    ///
    /// # Panics
    ///
    /// When the user is not connected.
    pub async fn mark_favorite(&self, thread_id: &str, id: &str, is_favorite: bool) {
        let metadata = json!({ "favorite": is_favorite });
        let message = json!({ "id": id, "threadId": thread_id, "metadata": metadata });
        self.request("message_favorite", Some(json!({ "message": message }))).await;
    }

    /// Presses Stop, and waits until nothing runs any more.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn stop(&self) {
        self.request("stop", None).await;
        self.idle().await;
    }

    /// Answers the question that is open with a text, and waits as [`send`](Self::send) does.
    ///
    /// # Panics
    ///
    /// When no question comes that is answered by text; as [`until`](Self::until).
    pub async fn answer(&self, text: &str) {
        let (ask, _) = self.asked("text").await;
        let mut message = self.message(text, &Map::new());
        message["parentId"] = ask["msg"]["parentId"].clone();
        self.page.screen.send_modify(|screen| screen.say(message.clone()));
        self.reply(message).await;
    }

    /// Answers the question that is open by the button with that label or name; gives the button.
    ///
    /// # Panics
    ///
    /// When no question comes that offers it; as [`until`](Self::until).
    pub async fn choose(&self, label: &str) -> Value {
        let (ask, screen) = self.asked("action").await;
        let keys = ask["spec"]["keys"].as_array().cloned().unwrap_or_default();
        let action = screen.action(label).filter(|action| keys.contains(&action["id"])).cloned();
        let action = action.unwrap_or_else(|| panic!("no {label:?} is offered in\n{screen}"));
        self.reply(action.clone()).await;
        action
    }

    /// Uploads files for the question that is open, and answers it with them: name, media type,
    /// content.
    ///
    /// # Errors
    ///
    /// Why the server refused one; the question stays open.
    ///
    /// # Panics
    ///
    /// When no question for files comes; as [`until`](Self::until).
    pub async fn answer_files(&self, files: &[(&str, &str, &[u8])]) -> Result<(), String> {
        let (ask, _) = self.asked("file").await;
        let parent = ask["msg"]["parentId"].as_str().map(str::to_owned);
        let mut ids = Vec::new();
        for (name, mime, content) in files {
            let file = self.upload(name, mime, content, parent.as_deref()).await?;
            ids.push(json!({ "id": file.id }));
        }
        self.reply(Value::Array(ids)).await;
        Ok(())
    }

    /// Submits the custom element that the open question shows, with these props.
    ///
    /// # Panics
    ///
    /// When no question for an element comes; as [`until`](Self::until).
    pub async fn submit(&self, props: Value) {
        self.asked("element").await;
        let mut answer = props;
        answer["submitted"] = json!(true);
        self.reply(answer).await;
    }

    /// Cancels the custom element that the open question shows.
    ///
    /// # Panics
    ///
    /// When no question for an element comes; as [`until`](Self::until).
    pub async fn cancel(&self) {
        self.asked("element").await;
        self.reply(json!({ "submitted": false })).await;
    }

    /// Presses the newest button with that label or name; gives what its function answered. What the
    /// function has sent is on the screen then.
    ///
    /// # Errors
    ///
    /// What the page is told when it failed.
    ///
    /// # Panics
    ///
    /// When the screen has no such button.
    pub async fn click(&self, label: &str) -> Result<Value, String> {
        let screen = self.screen();
        let action = screen.action(label).cloned();
        let action = action.unwrap_or_else(|| panic!("no button {label:?} in\n{screen}"));
        self.act(&action).await
    }

    /// Has an action done; gives what its function answered.
    pub(super) async fn act(&self, action: &Value) -> Result<Value, String> {
        let body = json!({ "sessionId": self.session_id, "action": action });
        let answer = self.network.json(Method::POST, "/project/action", &body).await;
        self.catch_up().await;
        Ok(answer?["response"].clone())
    }

    /// Fills in the settings' form and confirms it: what is not named keeps the value that it was
    /// given last. Waits until `on_settings_update` has ended, or asks something.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn change_settings(&self, values: Value) {
        self.settings("chat_settings_change", values).await;
    }

    /// Fills in the settings' form without confirming it. Waits until `on_settings_edit` has ended,
    /// or asks something.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn edit_settings(&self, values: Value) {
        self.settings("chat_settings_edit", values).await;
    }

    /// Uploads a file, to be [sent](Self::send_with) with a message.
    ///
    /// # Errors
    ///
    /// Why the server refused it.
    pub async fn attach(
        &self,
        name: &str,
        mime: &str,
        content: &[u8],
    ) -> Result<Attachment, String> {
        self.upload(name, mime, content, None).await
    }

    /// The content of an element of the screen, as the page loads it.
    ///
    /// # Errors
    ///
    /// Why the server refused it.
    pub async fn load(&self, element: &Value) -> Result<Bytes, String> {
        let target = match element["url"].as_str() {
            Some(url) => url.to_owned(),
            None => {
                let key = element["chainlitKey"].as_str().unwrap_or_default();
                format!("/project/file/{key}?session_id={}", self.session_id)
            }
        };
        let (status, body) =
            self.network.request(Method::GET, &target, "text/plain", Bytes::new()).await;
        if status.is_success() { Ok(body) } else { request::read(status, &body).map(|_| body) }
    }

    /// Sends a request with the user's cookies, as the page would: method, path and query, JSON. Gives
    /// the answer's JSON.
    ///
    /// # Errors
    ///
    /// What the page is told of a refusal.
    ///
    /// # Panics
    ///
    /// When the method is none.
    pub async fn call(&self, method: &str, target: &str, body: &Value) -> Result<Value, String> {
        let parsed = method.parse();
        let method = parsed.unwrap_or_else(|_| panic!("{method:?} is no method of HTTP"));
        self.network.json(method, target, body).await
    }

    /// Logs out, as by the button in the page: the socket is closed by the server.
    ///
    /// # Errors
    ///
    /// What the page is told of a refusal.
    pub async fn logout(&self) -> Result<Value, String> {
        self.call("POST", "/logout", &json!({})).await
    }

    /// Says something to the page from the window that it is embedded in.
    ///
    /// # Panics
    ///
    /// When the user is not connected.
    pub async fn window_message(&self, data: Value) {
        self.request("window_message", Some(data)).await;
    }

    /// Turns the microphone on, and waits for the application's answer, which is
    /// [`Screen::audio`](super::Screen) then.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn start_audio(&self) {
        let answers = self.screen().audio_answers;
        self.request("audio_start", None).await;
        self.until(|screen| screen.audio_answers > answers).await;
    }

    /// Sends a piece of sound: PCM, 16 bits.
    ///
    /// # Panics
    ///
    /// When the user is not connected.
    pub fn speak(&self, data: &[u8], is_start: bool) {
        let chunk = json!({ "isStart": is_start, "mimeType": "pcm16", "elapsedTime": 0 });
        self.with_connection(|connection| {
            connection.emit_binary("audio_chunk", chunk, data.to_vec());
        });
    }

    /// Turns the microphone off, and waits until the application has heard everything:
    /// `on_audio_end` has ended.
    ///
    /// # Panics
    ///
    /// As [`until`](Self::until).
    pub async fn end_audio(&self) {
        let before = self.screen();
        self.page.screen.send_modify(|screen| screen.audio = false);
        self.request("audio_end", None).await;
        if before.audio {
            self.until(|screen| screen.ends > before.ends && !screen.running).await;
        }
    }

    /// Cuts the connection without a word, as a network does. The chat goes on without the page.
    ///
    /// # Panics
    ///
    /// When the user is not connected.
    pub fn drop_connection(&self) {
        let connection = self.connection.lock().take();
        drop(connection.unwrap_or_else(|| panic!("{self:?} is not connected")));
        self.page.screen.send_modify(|screen| screen.connected = false);
    }

    /// Connects again, as a page does by itself. Says whether the server went on where the page was;
    /// otherwise it has shown everything anew.
    ///
    /// # Panics
    ///
    /// When the server refuses the connection.
    pub async fn reconnect(&self) -> bool {
        self.connect().await
    }

    /// Reloads the page: the same session, of which the page knows nothing any more.
    ///
    /// # Panics
    ///
    /// When the server refuses the connection.
    pub async fn reload(&mut self) {
        self.connection.lock().take();
        self.page = Arc::new(Page::new());
        self.connect().await;
    }

    /// Opens the page once more in the same browser: a chat of its own, by the same login.
    ///
    /// # Panics
    ///
    /// When the server refuses the connection.
    pub async fn second_tab(&self) -> Self {
        Self::join(Arc::clone(&self.network), &self.name, None, self.has_reply).await
    }

    /// The server was started anew, as this application: the page connects to it by itself, with
    /// all that it shows.
    ///
    /// # Panics
    ///
    /// When the server refuses the connection.
    pub async fn move_to(&mut self, app: &TestApp) {
        self.connection.lock().take();
        self.network = Arc::new(self.network.moved_to(app.network()));
        self.connect().await;
    }

    /// The same with a page that shows nothing yet and opens that conversation. `pages` is whether it
    /// asks for the earlier steps of a long one by itself.
    ///
    /// # Panics
    ///
    /// When the server refuses the connection.
    pub async fn reload_at(&mut self, app: &TestApp, thread_id: &str, pages: bool) {
        self.page = Arc::new(Page::new());
        (self.wanted, self.takes_pages) = (Some(thread_id.to_owned()), pages);
        self.move_to(app).await;
    }

    /// Leaves the chat for a stored conversation, in a new session. `pages` is whether the page asks
    /// for the earlier steps of a long one by itself.
    ///
    /// # Panics
    ///
    /// When the server refuses the connection.
    pub async fn open(&mut self, thread_id: &str, pages: bool) {
        self.end().await;
        self.session_id = Uuid::new_v4().to_string();
        self.page = Arc::new(Page::new());
        (self.wanted, self.takes_pages) = (Some(thread_id.to_owned()), pages);
        self.connect().await;
    }

    /// Leaves the chat for a new one; `on_chat_end` of the old one is called.
    ///
    /// # Panics
    ///
    /// When the server refuses the connection.
    pub async fn new_chat(&mut self) {
        self.end().await;
        self.session_id = Uuid::new_v4().to_string();
        self.page = Arc::new(Page::new());
        self.wanted = None;
        self.connect().await;
    }

    /// Leaves for good; `on_chat_end` is called.
    pub async fn leave(self) {
        self.end().await;
    }

    async fn end(&self) {
        let connection = self.connection.lock().take();
        if let Some(connection) = connection {
            connection.leave().await;
        }
    }

    /// Connects, and waits until the page shows what there is.
    async fn connect(&self) -> bool {
        let auth = json!({
            "clientType": "webapp",
            "sessionId": self.session_id,
            "threadId": self.screen().thread_id.or_else(|| self.wanted.clone()).unwrap_or_default(),
            "userEnv": "{}",
            "chatProfile": self.profile,
            "pages": self.takes_pages,
        });
        let opened = Connection::open(&self.network, &self.page, auth).await;
        let connection = opened.unwrap_or_else(|reason| panic!("{self:?} is refused: {reason}"));
        let is_recovered = connection.is_recovered;
        *self.connection.lock() = Some(connection);
        self.page.screen.send_modify(|screen| screen.connected = true);
        // An event is acknowledged after all that came before it was taken.
        self.request("fetch_favorites", None).await;
        self.idle().await;
        is_recovered
    }

    async fn post_message(
        &self,
        text: &str,
        files: &[Attachment],
        facts: &Map<String, Value>,
    ) -> String {
        let message = self.message(text, facts);
        let id = message["id"].as_str().unwrap_or_default().to_owned();
        self.page.screen.send_modify(|screen| screen.say(message.clone()));
        let files: Vec<Value> = files.iter().map(|file| json!({ "id": file.id })).collect();
        let payload = json!({ "message": message, "fileReferences": files });
        self.request("client_message", Some(payload)).await;
        id
    }

    fn message(&self, text: &str, facts: &Map<String, Value>) -> Value {
        let mut message = json!({
            "threadId": "",
            "id": Uuid::new_v4().to_string(),
            "name": "User",
            "type": "user_message",
            "output": text,
            "createdAt": "1970-01-01T00:00:00.000Z",
            "metadata": { "location": "http://chainlit.test/" },
        });
        for (key, value) in facts {
            message[key] = value.clone();
        }
        message
    }

    /// Waits until the message is answered, refused, or leads to a question; `before` is the screen
    /// before it was sent.
    async fn answered(&self, id: &str, before: &Screen) {
        // What is refused has no run: the page is told by a notice or an error.
        let told = |screen: &Screen| {
            screen.toasts.len() + screen.messages().filter(|entry| entry.is_error).count()
        };
        let (known, ends) = (told(before), before.ends);
        let has_reply = self.has_reply;
        self.until(|screen| {
            let is_over = if has_reply { screen.is_answered(id) } else { screen.ends > ends };
            let is_refused = told(screen) > known;
            ((is_over || is_refused) && !screen.running) || screen.ask.is_some()
        })
        .await;
    }

    /// Waits for a question of that kind.
    async fn asked(&self, kind: &str) -> (Value, Screen) {
        let screen = self.until(|screen| screen.ask.is_some()).await;
        let ask = screen.ask.clone().unwrap_or_default();
        assert_eq!(ask["spec"]["type"], kind, "the open question wants another answer:\n{screen}");
        (ask, screen)
    }

    /// Answers the open question, and waits until work goes on and ends, or asks again.
    async fn reply(&self, answer: Value) {
        let before = self.screen();
        let Some(ack) = before.ack else { panic!("no question is open in\n{before}") };
        let ends = before.ends;
        self.page.screen.send_modify(|screen| {
            (screen.ask, screen.ack, screen.running) = (None, None, true);
        });
        self.with_connection(|connection| connection.answer(ack, &answer));
        // The answer itself ends the waiting; the work that goes on ends once more.
        self.until(|screen| screen.ask.is_some() || (screen.ends > ends + 1 && !screen.running))
            .await;
    }

    async fn settings(&self, event: &str, changed: Value) {
        let changed = changed.as_object().cloned().unwrap_or_default();
        let mut values = Map::new();
        self.page.screen.send_modify(|screen| values = screen.fill_in(changed));
        let known = self.screen().ack;
        self.request(event, Some(Value::Object(values))).await;
        let ended = async {
            self.network.chats().settings_settled(&self.session_id).await;
            self.catch_up().await;
        };
        tokio::select! {
            () = ended => {}
            _ = self.until(|screen| screen.ack.is_some() && screen.ack != known) => {}
        }
    }

    async fn upload(
        &self,
        name: &str,
        mime: &str,
        content: &[u8],
        parent: Option<&str>,
    ) -> Result<Attachment, String> {
        let boundary = Uuid::new_v4().simple().to_string();
        let name = name.replace('\\', "\\\\").replace('"', "%22").replace(['\r', '\n'], " ");
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {mime}\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let mut target = format!("/project/file?session_id={}", self.session_id);
        if let Some(parent) = parent {
            target.push_str(&format!("&ask_parent_id={parent}"));
        }
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let (status, body) =
            self.network.request(Method::POST, &target, &content_type, body.into()).await;
        let answer = request::read(status, &body)?;
        Ok(Attachment { id: answer["id"].as_str().unwrap_or_default().to_owned() })
    }

    /// Sends an event and waits until the server has taken it.
    async fn request(&self, name: &str, payload: Option<Value>) {
        let mut heard: Option<oneshot::Receiver<()>> = None;
        self.with_connection(|connection| {
            heard = Some(connection.request(&self.page, name, payload));
        });
        let Some(heard) = heard else { return };
        match tokio::time::timeout(PATIENCE, heard).await {
            Ok(Ok(())) => {}
            _ => panic!(
                "{self:?}: the server has not taken {name}; the screen is\n{}",
                self.screen()
            ),
        }
    }

    /// Waits until the screen shows all that the chat has said so far. Nothing comes to a page that is
    /// not connected.
    async fn catch_up(&self) {
        loop {
            // Of an acknowledgement and what waits for the connection at that time, the former comes
            // first: what was taken before comes before it.
            let is_said = self.network.chats().has_said_all(&self.session_id);
            if self.connection.lock().is_none() {
                return;
            }
            // A second greeting does nothing.
            self.request("connection_successful", None).await;
            if is_said {
                return;
            }
        }
    }

    fn with_connection(&self, act: impl FnOnce(&Connection)) {
        match &*self.connection.lock() {
            Some(connection) => act(connection),
            None => panic!("{self:?} is not connected"),
        }
    }
}

impl fmt::Debug for TestUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user {:?}", self.name)
    }
}
