use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::*;
use crate::wire::{AcceptDict, ServerEvent};
use crate::{
    Action, Context, CustomElement, Emitter, Error, FileStore, NewFile, Session, SessionFile, Step,
};

/// Somebody at a browser who sees what is asked.
#[derive(Default)]
struct Browser {
    names: Mutex<Vec<String>>,
    toasts: Mutex<Vec<String>>,
    open: Mutex<Vec<oneshot::Sender<Value>>>,
}

impl Browser {
    /// Answers the question that came last, as soon as there is one.
    async fn answer(&self, value: Value) {
        let open = loop {
            let open = self.open.lock().pop();
            match open {
                Some(open) => break open,
                None => tokio::task::yield_now().await,
            }
        };
        open.send(value).expect("somebody waits");
    }
}

impl Emitter for Browser {
    fn emit(&self, event: &ServerEvent<'_>) {
        self.names.lock().push(event.name().to_owned());
        if let ServerEvent::Toast { message, .. } = event {
            self.toasts.lock().push((*message).to_owned());
        }
    }

    fn request(&self, event: &ServerEvent<'_>) -> oneshot::Receiver<Value> {
        self.emit(event);
        let (sender, receiver) = oneshot::channel();
        self.open.lock().push(sender);
        receiver
    }

    fn remember(&self, _event: &ServerEvent<'_>) {}

    fn ready(&self) -> Option<BoxFuture<'static, Result<(), Error>>> {
        None
    }
}

/// What was uploaded, and what elements are kept with; nothing of it is written.
#[derive(Default)]
struct Shelf(Mutex<Vec<SessionFile>>);

impl FileStore for Shelf {
    fn save(&self, file: NewFile) -> BoxFuture<'_, Result<SessionFile, Error>> {
        let mime = file.mime.unwrap_or_default();
        let saved = SessionFile::new("kept", file.name, "nowhere", mime, 0);
        self.0.lock().push(saved.clone());
        Box::pin(std::future::ready(Ok(saved)))
    }

    fn get(&self, id: &str) -> Option<SessionFile> {
        self.0.lock().iter().find(|file| file.id == id).cloned()
    }

    fn list(&self) -> Vec<SessionFile> {
        self.0.lock().clone()
    }

    fn remove(&self, id: &str) {
        self.0.lock().retain(|file| file.id != id);
    }

    fn clear(&self) {
        self.0.lock().clear();
    }
}

struct Scene {
    browser: Arc<Browser>,
    shelf: Arc<Shelf>,
    session: Session,
}

impl Scene {
    fn new() -> Self {
        let (browser, shelf) = (Arc::<Browser>::default(), Arc::<Shelf>::default());
        let session = Session::web_socket("s1", Arc::clone(&browser) as Arc<dyn Emitter>);
        let session = session.files(Arc::clone(&shelf) as Arc<dyn FileStore>).build();
        Self { browser, shelf, session }
    }

    /// The user uploads a file.
    fn put(&self, id: &str, name: &str, mime: &str, size: u64) -> SessionFile {
        let file = SessionFile::new(id, name, name, mime, size);
        self.shelf.0.lock().push(file.clone());
        self.session.note_upload(&file, 100);
        file
    }

    fn context(&self) -> Context {
        Context::new(self.session.clone())
    }
}

#[tokio::test]
async fn only_files_that_fit_and_are_not_used_yet_are_an_answer() {
    let scene = Scene::new();
    scene.put("old", "old.txt", "text/plain", 1);
    scene.session.claim_uploads(&["old"], "an earlier message", |_| Ok(())).unwrap();
    let question = AskFileMessage::new("Which?", [("text/*", [".txt", ".md"])]).max_files(2);
    let user = async {
        scene.put("large", "large.txt", "text/plain", 2 * 1024 * 1024 + 1);
        scene.put("picture", "cat.txt", "image/png", 1);
        scene.put("program", "main.rs", "text/plain", 1);
        scene.put("a", "a.txt", "text/plain; charset=utf-8", 2 * 1024 * 1024);
        scene.put("b", "B.MD", "text/markdown", 0);
        for id in ["old", "large", "picture", "program", "nothing"] {
            scene.browser.answer(json!([{ "id": "a" }, { "id": id }])).await;
        }
        scene.browser.answer(json!([{ "id": "b" }, { "id": "a" }])).await;
    };
    let (files, ()) = tokio::join!(scene.context().scope(question.send()), user);
    let names: Vec<_> = files.unwrap().unwrap().into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["B.MD", "a.txt"]);
    let reasons = [
        "The file old is not there (any more): upload it again",
        "File size too large: `large.txt` has more than 2097152 bytes",
        "File type not allowed: `cat.txt` is image/png",
        "File type not allowed: `main.rs` is text/plain",
        "The file nothing is not there (any more): upload it again",
    ];
    let wanted = reasons.map(|reason| format!("That answer can't be taken: {reason}"));
    assert_eq!(*scene.browser.toasts.lock(), wanted);
    assert_eq!(scene.session.upload_rules(None), None, "the question is over");
}

#[tokio::test]
async fn uploads_are_for_the_question_that_they_name() {
    let scene = Scene::new();
    let ask = |accept: &str| AskFileMessage::new("Which?", accept).timeout(None);
    let (loose, one, two) = (ask("a/a"), ask("b/b"), ask("c/c"));
    let accepted = |id: Option<&str>| scene.session.upload_rules(id).and_then(|rules| rules.accept);
    let check = async {
        assert_eq!(accepted(None), Some(AcceptDict::from("a/a")));
        assert_eq!(accepted(Some("parent")), Some(AcceptDict::from("c/c")), "what the page shows");
        assert_eq!(accepted(Some(one.id())), Some(AcceptDict::from("b/b")));
        assert_eq!(accepted(Some(two.id())), Some(AcceptDict::from("c/c")));
        assert_eq!(accepted(Some("unknown")), None);
        let rules = scene.session.upload_rules(None).unwrap();
        assert_eq!((rules.max_bytes, rules.max_files), (Some(2 * 1024 * 1024), Some(1)));

        scene.context().scope(two.remove()).await.unwrap();
        assert_eq!(accepted(Some("parent")), Some(AcceptDict::from("b/b")));
        scene.context().scope(one.remove()).await.unwrap();
        scene.context().scope(loose.remove()).await.unwrap();
        assert_eq!((accepted(Some("parent")), accepted(None)), (None, None));
    };
    let parent = Step::new("parent").id("parent");
    let (a, b, c, ()) = tokio::join!(
        scene.context().scope(loose.send()),
        scene.context().with_step(&parent).scope(one.send()),
        scene.context().with_step(&parent).scope(two.send()),
        check
    );
    assert_eq!((a.unwrap(), b.unwrap(), c.unwrap()), (None, None, None));
}

#[tokio::test(start_paused = true)]
async fn each_kind_waits_as_long_as_it_says() {
    let scene = Scene::new();
    let actions = [Action::new("a", json!({}))];
    let element = CustomElement::new("Form");
    let wait = async {
        let begin = Instant::now();
        assert!(AskUserMessage::new("?").send().await.unwrap().is_none());
        assert_eq!(begin.elapsed().as_secs(), 60);
        assert!(AskFileMessage::new("?", "text/plain").send().await.unwrap().is_none());
        assert_eq!(begin.elapsed().as_secs(), 150);
        assert!(AskActionMessage::new("?", actions).send().await.unwrap().is_none());
        assert_eq!(begin.elapsed().as_secs(), 240);
        let form = AskElementMessage::new("?", element);
        assert!(form.send::<Value>().await.unwrap().is_none());
        assert_eq!(begin.elapsed().as_secs(), 330);
        assert_eq!(scene.shelf.list(), [], "the form has gone with its question");
    };
    scene.context().scope(wait).await;
}

#[tokio::test(start_paused = true)]
async fn without_a_timeout_only_the_answer_ends_it() {
    let scene = Scene::new();
    let action = Action::new("a", json!({}));
    let id = action.id.clone();
    let question = AskActionMessage::new("?", [action]).timeout(None);
    let user = async {
        tokio::time::sleep(Duration::from_secs(365 * 24 * 60 * 60)).await;
        assert!(scene.session.is_asked(&id));
        scene.browser.answer(json!({ "id": id })).await;
    };
    let (chosen, ()) = tokio::join!(scene.context().scope(question.send()), user);
    assert_eq!(chosen.unwrap().unwrap().name, "a");
    assert!(!scene.session.is_asked(&id));
}

#[tokio::test]
async fn a_question_that_is_dropped_is_withdrawn() {
    let scene = Scene::new();
    let question = AskActionMessage::new("?", [Action::new("a", json!({}))]);
    {
        let ask = scene.context().scope(question.send());
        let asked = tokio::time::timeout(Duration::ZERO, ask).await;
        assert!(asked.is_err(), "nobody has answered");
    }
    let names = scene.browser.names.lock().join(" ");
    assert_eq!(names, "action ask clear_ask remove_action");
}
