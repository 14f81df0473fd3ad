use std::sync::Arc;

use chainlit_core::wire::{Display, ElementDict, Facts, ShowInput};
use chainlit_core::{
    ElementSize, ElementType, Feedback, FeedbackValue, MessageType, SharedDataLayer, StepRange,
    Thread, ThreadStep,
};
use serde_json::json;

use super::{element, id, message, new_thread, new_user, put, step, time};

pub(super) async fn check(layer: &SharedDataLayer) {
    every_field(layer).await;
    pages(layer).await;
    elements(layer).await;
    feedbacks(layer).await;
    ownership(layer).await;
    favorites(layer).await;
}

async fn read(layer: &SharedDataLayer, thread: &str, range: StepRange<'_>) -> Thread {
    let thread = layer.get_thread(thread, range).await.expect("a thread is read");
    thread.expect("the thread is there")
}

async fn every_field(layer: &SharedDataLayer) {
    let thread = id();
    let mut said = message(&thread, 2, "Grüße 👋\r\n\t\"quoted\" \\ {}");
    said.kind = MessageType::User;
    said.parent_id = Some(id());
    said.command = Some("Search".to_owned());
    said.modes = json!({"model": "small"}).as_object().cloned();
    said.language = Some("rust".to_owned());
    (said.streaming, said.is_error, said.wait_for_answer) = (true, true, true);
    said.metadata =
        Facts::from(&json!({"a": {"b": [1.5, "ü"]}}).as_object().cloned().unwrap_or_default());
    said.tags = Some(vec!["one, two".to_owned()]);
    let mut done = step(&thread, 1);
    done.parent_id = Some(id());
    done.metadata = json!({"tokens": 3}).as_object().cloned().unwrap_or_default();
    done.tags = Some(Vec::new());
    (done.input, done.output) = ("in".to_owned(), "out".to_owned());
    (done.start, done.end) = (Some(time(3)), Some(time(4)));
    (done.streaming, done.is_error, done.default_open, done.auto_collapse) =
        (true, true, true, true);
    done.language = Some("json".to_owned());
    done.show_input = ShowInput::Code("python".into());
    done.generation = Some(json!({"model": "m", "usage": {"tokens": 1}}));
    let steps = [ThreadStep::Step(done.clone().into()), ThreadStep::Message(said.clone().into())];
    for step in steps.iter().rev() {
        layer.create_step(step).await.expect("a step is stored");
    }
    assert_eq!(read(layer, &thread, StepRange::All).await.steps, steps, "each field comes back");

    let mut plain = message(&thread, 2, "");
    plain.id = Arc::clone(&said.id);
    let mut empty = step(&thread, 1);
    empty.id = Arc::clone(&done.id);
    empty.show_input = ShowInput::Plain(true);
    let steps = [ThreadStep::Step(empty.into()), ThreadStep::Message(plain.into())];
    for step in &steps {
        layer.update_step(step).await.expect("a step is changed");
        layer.update_step(step).await.expect("a write may come twice");
    }
    assert_eq!(read(layer, &thread, StepRange::All).await.steps, steps, "each field is replaced");

    let nul = put(layer, message(&thread, 5, "a\0b")).await;
    let thread = read(layer, &thread, StepRange::Last(1)).await;
    let text = thread.messages().next().map(|message| message.output.replace('\0', "\u{fffd}"));
    assert_eq!(
        (thread.steps[0].id(), text.as_deref()),
        (&nul, Some("a\u{fffd}b")),
        "a NUL takes nothing along"
    );
}

async fn pages(layer: &SharedDataLayer) {
    let thread = id();
    let mut ids = Vec::new();
    for place in 0..25 {
        ids.push(put(layer, message(&thread, place, "x")).await);
    }
    for (range, wanted, has_earlier) in [
        (StepRange::All, 0..25, false),
        (StepRange::Last(10), 15..25, true),
        (StepRange::Last(25), 0..25, false),
        (StepRange::Before { id: &ids[15], count: 10 }, 5..15, true),
        (StepRange::Before { id: &ids[5], count: 10 }, 0..5, false),
        (StepRange::Before { id: &ids[0], count: 10 }, 0..0, false),
        (StepRange::Before { id: &id(), count: 10 }, 0..0, false),
    ] {
        let page = read(layer, &thread, range).await;
        let found: Vec<_> = page.steps.iter().map(ThreadStep::id).cloned().collect();
        assert_eq!((&found[..], page.has_earlier), (&ids[wanted], has_earlier), "{range:?}");
    }
}

async fn elements(layer: &SharedDataLayer) {
    let (thread, other) = (id(), id());
    let first = put(layer, message(&thread, 1, "first")).await;
    let second = put(layer, message(&thread, 2, "second")).await;
    put(layer, message(&other, 1, "other")).await;
    let mut full = element(&thread, &second);
    full.kind = ElementType::Video;
    full.name = "../a\r\nb.mp4".to_owned();
    full.url = Some("https://example.org/a.mp4".to_owned());
    full.chainlit_key = Some("key".to_owned());
    full.display = Display::Side;
    full.object_key = Some("u/e/a".to_owned());
    full.size = Some(ElementSize::Large);
    full.props = json!({"a": [1, {"b": null}]}).as_object().cloned();
    full.page = Some(7);
    full.auto_play = Some(true);
    full.player_config = json!({"controls": true}).as_object().cloned();
    full.language = Some("rust".to_owned());
    full.mime = Some("video/mp4".to_owned());
    let plain = element(&thread, &first);
    let list = ElementDict::new(id(), Arc::clone(&thread), ElementType::TaskList, "tasks");
    layer.create_element(&list).await.expect("an element of no step is stored or left out");
    let found = layer.get_element(&thread, &list.id).await.expect("an element is read");
    assert!(found.is_none_or(|found| found == list), "each field comes back");
    for element in [&full, &plain] {
        layer.create_element(element).await.expect("an element is stored");
        let found = layer.get_element(&thread, &element.id).await.expect("an element is read");
        assert_eq!(found.as_ref(), Some(element), "each field comes back");
        let found = layer.get_element(&other, &element.id).await.expect("an element is read");
        assert_eq!(found, None, "an element is of its thread only");
        layer.delete_element(&other, &element.id).await.expect("nothing is removed");
    }
    let page = read(layer, &thread, StepRange::Last(1)).await;
    assert_eq!(page.elements, std::slice::from_ref(&full), "a page has the elements of its steps");
    full.props = None;
    full.name = "new".to_owned();
    layer.create_element(&full).await.expect("an element is replaced");
    let found = layer.get_element(&thread, &full.id).await.expect("an element is read");
    assert_eq!(found, Some(full.clone()), "each field is replaced");
    layer.delete_element(&thread, &full.id).await.expect("an element is removed");
    assert_eq!(layer.get_element(&thread, &full.id).await.expect("it is asked for"), None);

    layer.delete_step(&other, &first).await.expect("nothing is removed");
    assert_eq!(
        read(layer, &thread, StepRange::All).await.steps.len(),
        2,
        "a step is of its thread only"
    );
    layer.delete_step(&thread, &first).await.expect("a step is removed");
    let rest = read(layer, &thread, StepRange::All).await;
    assert_eq!(rest.steps.iter().map(ThreadStep::id).collect::<Vec<_>>(), [&second]);
    assert_eq!(
        layer.get_element(&thread, &plain.id).await.expect("it is asked for"),
        None,
        "a step takes its elements along"
    );
}

async fn feedbacks(layer: &SharedDataLayer) {
    let thread = id();
    let said = put(layer, message(&thread, 1, "first")).await;
    let mut feedback = Feedback {
        id: None,
        for_id: said.to_string(),
        thread_id: Some(thread.to_string()),
        value: FeedbackValue::Negative,
        comment: Some("wrong\n".to_owned()),
    };
    let first = layer.upsert_feedback(&feedback).await.expect("feedback is stored");
    feedback.id = Some(first.clone());
    let found = layer.get_feedback(&first).await.expect("feedback is read");
    assert_eq!(found.as_ref(), Some(&feedback), "feedback comes back as it was given");
    let page = read(layer, &thread, StepRange::All).await;
    assert_eq!(page.feedbacks, std::slice::from_ref(&feedback), "a thread has its feedback");

    feedback.value = FeedbackValue::Positive;
    feedback.comment = None;
    assert_eq!(layer.upsert_feedback(&feedback).await.expect("feedback is changed"), first);
    assert_eq!(
        layer.get_feedback(&first).await.expect("feedback is read").as_ref(),
        Some(&feedback)
    );
    feedback.id = None;
    let second = layer.upsert_feedback(&feedback).await.expect("feedback is stored");
    feedback.id = Some(second.clone());
    let page = read(layer, &thread, StepRange::All).await;
    assert_eq!(page.feedbacks, std::slice::from_ref(&feedback), "a step has one feedback");
    assert!(layer.delete_feedback(&second).await.expect("feedback is removed"));
    assert!(!layer.delete_feedback(&second).await.expect("it is not there any more"));
    assert_eq!(layer.get_feedback(&second).await.expect("feedback is read"), None);

    let stray = Feedback { id: None, for_id: id().to_string(), ..feedback };
    let error = layer.upsert_feedback(&stray).await.expect_err("there is no such step");
    assert!(!error.is_transient(), "feedback of nothing never works: {error}");
}

async fn ownership(layer: &SharedDataLayer) {
    let (mine, other) = (id(), id());
    let said = put(layer, message(&mine, 1, "mine")).await;
    let shown = element(&mine, &said);
    layer.create_element(&shown).await.expect("an element is stored");
    let mut taken = message(&other, 1, "taken");
    taken.id = Arc::clone(&said);
    let error = layer.create_step(&ThreadStep::Message(taken.into())).await;
    let error = error.expect_err("a step stays in its thread");
    assert!(!error.is_transient(), "it never works: {error}");
    let mut taken = shown.clone();
    taken.thread_id = Arc::clone(&other);
    let error = layer.create_element(&taken).await.expect_err("an element stays in its thread");
    assert!(!error.is_transient(), "it never works: {error}");
    let page = read(layer, &mine, StepRange::All).await;
    assert_eq!(page.messages().map(|message| &*message.output).collect::<Vec<_>>(), ["mine"]);
    assert_eq!(page.elements, [shown]);
}

async fn favorites(layer: &SharedDataLayer) {
    let (ada, bob) = (new_user(layer).await, new_user(layer).await);
    let thread = new_thread(layer, &ada, "One").await;
    let second = new_thread(layer, &ada, "Two").await;
    let mut marked = message(&thread, 1, "marked");
    marked.metadata =
        Facts::from(&json!({"a": {"favorite": true}}).as_object().cloned().unwrap_or_default());
    let marked = put(layer, marked).await;
    let other = put(layer, message(&second, 2, "other")).await;
    put(layer, message(&thread, 3, "plain")).await;
    let favorites = |user: String| async move {
        let steps = layer.get_favorite_steps(&user).await.expect("favourites are read");
        steps.iter().map(|step| Arc::clone(step.id())).collect::<Vec<_>>()
    };
    assert!(favorites(ada.id.clone()).await.is_empty(), "only the mark itself counts");
    for (thread, step) in [(&thread, &marked), (&second, &other)] {
        let step = layer.set_step_favorite(thread, step, true).await.expect("a mark is set");
        let Some(ThreadStep::Message(message)) = step else { panic!("the message is there") };
        assert_eq!(message.metadata.to_map()["favorite"], true);
    }
    assert_eq!(
        favorites(ada.id.clone()).await,
        [Arc::clone(&other), Arc::clone(&marked)],
        "newest first"
    );
    assert!(favorites(bob.id).await.is_empty(), "they are of their user");
    let none = layer.set_step_favorite(&second, &marked, false).await.expect("it is asked for");
    assert_eq!(none, None, "that thread has no such step");
    layer.set_step_favorite(&thread, &marked, false).await.expect("a mark is taken away");
    assert_eq!(favorites(ada.id).await, [other]);
    let page = read(layer, &thread, StepRange::All).await;
    let metadata = page.messages().next().expect("the message is there").metadata.to_map();
    assert_eq!(metadata["a"]["favorite"], true, "other facts stay");
}
