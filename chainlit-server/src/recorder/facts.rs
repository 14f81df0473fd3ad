//! What of a session is kept beside its conversation.

use chainlit_core::Session;
use chainlit_core::hook::KeptValues;
use serde_json::{Value, json};

use crate::config::Config;

/// Bytes of JSON that are kept of a session's values.
const MAX_VALUES: usize = 1024 * 1024;

/// What the thread's metadata says of the session, under Chainlit's names, and what of its values
/// can't be kept. `None` while one of the values is being changed.
pub(crate) fn facts(session: &Session, config: &Config) -> Option<KeptValues> {
    let KeptValues { mut values, mut lost } = session.kept_values()?;
    let mut bytes = 0;
    values.retain(|key, value| {
        bytes += key.len() + value.to_string().len();
        if bytes > MAX_VALUES {
            lost.push((key.clone(), format!("more than {MAX_VALUES} bytes are too many")));
        }
        bytes <= MAX_VALUES
    });
    let env = if config.project.persist_user_env { json!(session.user_env()) } else { json!({}) };
    values.insert("env".to_owned(), env);
    values.insert("chat_settings".to_owned(), Value::Object(session.chat_settings()));
    values.insert("client_type".to_owned(), session.client_type().into());
    if let Some(profile) = session.chat_profile() {
        values.insert("chat_profile".to_owned(), profile.into());
    }
    Some(KeptValues { values, lost })
}
