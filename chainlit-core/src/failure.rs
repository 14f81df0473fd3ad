use crate::session::Session;

/// Something that failed: an argument of `on_error`.
///
/// ```
/// use chainlit as cl;
///
/// let failure = cl::Failure::new("5f3a", "my_app::reply (src/main.rs:7)", "no such order");
/// assert!(failure.session.is_none());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// What the log and the user call it.
    pub id: String,
    /// What failed: the function and where it stands, or `recorder`.
    pub place: String,
    /// Why, with all causes, or the text of a panic. It may hold what no user should read.
    pub text: String,
    /// Whether a function panicked.
    pub is_panic: bool,
    /// The session that was concerned, if it was one.
    pub session: Option<Session>,
    /// The conversation that was concerned, if it was one.
    pub thread_id: Option<String>,
}

impl Failure {
    /// That failure, which concerns no session.
    pub fn new(id: impl Into<String>, place: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            place: place.into(),
            text: text.into(),
            is_panic: false,
            session: None,
            thread_id: None,
        }
    }

    /// Sets the session, and with it the conversation.
    #[must_use]
    pub fn session(mut self, session: &Session) -> Self {
        self.thread_id = Some(session.thread_id().to_owned());
        self.session = Some(session.clone());
        self
    }
}
