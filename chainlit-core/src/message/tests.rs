use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::oneshot;

use super::*;
use crate::emitter::Emitter;

/// A browser that takes `room` events more before it is too slow.
#[derive(Default)]
struct Slow {
    room: AtomicUsize,
    removed: Mutex<Vec<String>>,
}

impl Emitter for Slow {
    fn emit(&self, event: &ServerEvent<'_>) {
        if let ServerEvent::RemoveAction(action) = event {
            self.removed.lock().push(action.name.clone());
        }
        let _ =
            self.room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |room| room.checked_sub(1));
    }

    fn request(&self, _event: &ServerEvent<'_>) -> oneshot::Receiver<Value> {
        oneshot::channel().1
    }

    fn remember(&self, _event: &ServerEvent<'_>) {}

    fn ready(&self) -> Option<BoxFuture<'static, Result<(), Error>>> {
        let is_full = self.room.load(Ordering::SeqCst) == 0;
        is_full.then(|| std::future::pending().boxed())
    }
}

#[tokio::test]
async fn buttons_are_removed_all_or_none() {
    let browser = Arc::new(Slow::default());
    let session = Session::web_socket("s1", Arc::clone(&browser) as Arc<dyn Emitter>).build();
    let actions = ["a", "b"].map(|name| Action::new(name, 1));
    let mut message = Message::new("?").actions(actions);
    Context::new(session)
        .scope(async {
            // A handler that is stopped while the browser is too slow.
            assert!(message.remove_actions().now_or_never().is_none());
            assert_eq!(message.actions.len(), 2);
            browser.room.store(1, Ordering::SeqCst);
            assert!(message.remove_actions().now_or_never().is_some());
        })
        .await;
    assert_eq!(*browser.removed.lock(), ["a", "b"]);
    assert!(message.actions.is_empty());
}
