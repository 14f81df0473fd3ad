//! Where browsers get what is in the storage.

use chainlit_core::wire::ElementDict;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::root_path::RootPath;

/// What need not be encoded in a part of a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// How somebody comes to an element.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way<'a> {
    /// As the author; where nobody logs in, by the session with that id.
    Own(Option<&'a str>),
    /// By the conversation's link.
    Shared,
}

impl Way<'_> {
    /// Gives elements whose content is in the storage its address on this server.
    pub(crate) fn address(self, root: &RootPath, elements: &mut [ElementDict]) {
        for element in elements.iter_mut().filter(|element| element.object_key.is_some()) {
            let (way, query) = match self {
                Self::Own(session_id) => ("thread", session_id),
                Self::Shared => ("share", None),
            };
            let encoded = |text| utf8_percent_encode(text, PLAIN);
            let (thread_id, id) = (encoded(&element.thread_id), encoded(&element.id));
            let mut url = format!("{root}/project/{way}/{thread_id}/element/{id}/content");
            if let Some(session_id) = query {
                url.push_str(&format!("?session_id={}", encoded(session_id)));
            }
            element.url = Some(url);
        }
    }
}
