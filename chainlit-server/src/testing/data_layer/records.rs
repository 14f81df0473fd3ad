use std::sync::Arc;

use chainlit_core::{Record, SharedDataLayer, StepRange, ThreadStep, ThreadUpdate};

use super::{element, id, message, put};

pub(super) async fn check(layer: &SharedDataLayer) {
    let (thread, other) = (id(), id());
    let foreign = put(layer, message(&other, 1, "theirs")).await;
    let (first, second) = (message(&thread, 1, "first"), message(&thread, 2, "second"));
    let mut changed = first.clone();
    changed.output += ", changed";
    let shown = element(&thread, &second.id);
    let mut taken = message(&thread, 3, "taken");
    taken.id = Arc::clone(&foreign);
    let step = |message: &_| Record::Step(ThreadStep::Message(Arc::new(Clone::clone(message))));
    let removed = message(&thread, 4, "removed");
    let name =
        ThreadUpdate { name: Some("Named".to_owned()), ..ThreadUpdate::new(Arc::clone(&thread)) };
    let records = [
        Record::Thread(name),
        step(&first),
        step(&removed),
        step(&taken),
        step(&changed),
        Record::DeleteStep { thread_id: Arc::clone(&thread), id: Arc::clone(&removed.id) },
        step(&second),
        Record::Element(shown.clone().into()),
    ];
    for _ in 0..2 {
        let error = layer.record(&records).await.expect_err("one of them is refused");
        assert!(!error.is_transient(), "it never works: {error}");
        let kept = layer.get_thread(&thread, StepRange::All).await.expect("a thread is read");
        let kept = kept.expect("what is refused takes no other along");
        assert_eq!(kept.summary.name.as_deref(), Some("Named"));
        let texts: Vec<_> = kept.messages().map(|message| &*message.output).collect();
        assert_eq!(texts, ["first, changed", "second"], "in order, without what is refused");
        assert_eq!(kept.elements, std::slice::from_ref(&shown));
    }
    let other = layer.get_thread(&other, StepRange::All).await.expect("a thread is read");
    let texts = other.map(|thread| thread.messages().map(|m| m.output.clone()).collect::<Vec<_>>());
    assert_eq!(texts.unwrap_or_default(), ["theirs"]);

    layer.record(&[]).await.expect("nothing can be recorded");
    let gone = Record::DeleteElement { thread_id: Arc::clone(&thread), id: Arc::clone(&shown.id) };
    layer.record(&[gone]).await.expect("an element is removed");
    assert_eq!(layer.get_element(&thread, &shown.id).await.expect("it is asked for"), None);
}
