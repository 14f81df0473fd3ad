use std::sync::Arc;

use chainlit_core::{
    Feedback, FeedbackValue, PersistedUser, SharedDataLayer, ThreadQuery, ThreadStep, ThreadUpdate,
    Timestamp,
};

use super::{message, new_thread, new_user, put, step};

pub(super) async fn check(layer: &SharedDataLayer) {
    pages(layer).await;
    search(layer).await;
    feedback(layer).await;
}

/// The names of the threads that a query finds.
async fn names(layer: &SharedDataLayer, query: &ThreadQuery) -> Vec<String> {
    let page = layer.list_threads(query).await.expect("threads are listed");
    page.threads.into_iter().filter_map(|thread| thread.name).collect()
}

fn query(user: &PersistedUser) -> ThreadQuery {
    ThreadQuery { user_id: user.id.clone(), first: 20, ..ThreadQuery::default() }
}

async fn pages(layer: &SharedDataLayer) {
    let (ada, bob) = (new_user(layer).await, new_user(layer).await);
    let mut threads = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        threads.push(new_thread(layer, &ada, name).await);
        new_thread(layer, &bob, "of somebody else").await;
    }
    assert_eq!(names(layer, &query(&ada)).await, ["e", "d", "c", "b", "a"], "written last, first");
    put(layer, message(&threads[1], 1, "Hi")).await;
    assert_eq!(names(layer, &query(&ada)).await, ["b", "e", "d", "c", "a"], "a message counts");

    let mut seen = Vec::new();
    let mut page = ThreadQuery { first: 2, ..query(&ada) };
    for has_more in [true, true, false] {
        let found = layer.list_threads(&page).await.expect("threads are listed");
        assert_eq!(found.has_more, has_more, "after {seen:?}");
        page.cursor = found.threads.last().map(|thread| thread.id.clone());
        seen.extend(found.threads.into_iter().filter_map(|thread| thread.name));
    }
    assert_eq!(seen, ["b", "e", "d", "c", "a"], "pages come one after the other");

    let update = ThreadUpdate {
        archived_at: Some(Some(Timestamp::now())),
        ..ThreadUpdate::new(Arc::clone(&threads[3]))
    };
    layer.update_thread(&update).await.expect("a thread is put into the archive");
    assert_eq!(names(layer, &query(&ada)).await, ["b", "e", "c", "a"], "the archive is apart");
    let archive = ThreadQuery { archived: true, ..query(&ada) };
    assert_eq!(names(layer, &archive).await, ["d"]);
    let nobody = ThreadQuery { first: 20, ..ThreadQuery::default() };
    assert!(names(layer, &nobody).await.is_empty(), "no user has no threads");
}

async fn search(layer: &SharedDataLayer) {
    let (ada, bob) = (new_user(layer).await, new_user(layer).await);
    let plans = new_thread(layer, &ada, "Holiday plans").await;
    let work = new_thread(layer, &ada, "Work").await;
    let foreign = new_thread(layer, &bob, "Holiday, too").await;
    put(layer, message(&foreign, 1, "Über den Wolken")).await;
    let text = put(layer, message(&work, 1, "Über 100% of \"my\" C:\\dir_name, ÄRGER")).await;
    let mut hidden = step(&work, 2);
    hidden.output = "a tool's zebra".to_owned();
    layer.create_step(&ThreadStep::Step(hidden.into())).await.expect("a step is stored");
    let mut running = message(&plans, 1, "still running giraffe");
    running.streaming = true;
    let running = put(layer, running).await;

    let find = |search: &str| {
        let query = ThreadQuery { search: Some(search.to_owned()), ..query(&ada) };
        async move { names(layer, &query).await }
    };
    for (search, found) in [
        ("holiday", "Holiday plans"),
        ("HOLIDAY", "Holiday plans"),
        ("day pla", "Holiday plans"),
        ("über", "Work"),
        ("ärger", "Work"),
        ("100%", "Work"),
        ("\"my\"", "Work"),
        ("C:\\dir_", "Work"),
        ("f \"m", "Work"),
        ("wo", "Work"),
        ("%", "Work"),
        ("giraffe", "Holiday plans"),
    ] {
        assert_eq!(find(search).await, [found], "{search}");
    }
    for search in ["zebra", "dirXname", "1000", "wolken", "NOT work", "xyzzy"] {
        assert!(find(search).await.is_empty(), "{search}");
    }
    assert_eq!(find("").await.len(), 2, "an empty text finds all");

    let mut done = message(&plans, 1, "it was an elephant");
    done.id = running;
    put(layer, done).await;
    assert!(find("giraffe").await.is_empty(), "an old text is gone");
    assert_eq!(find("elephant").await, ["Holiday plans"]);
    layer.delete_step(&work, &text).await.expect("a message is removed");
    assert!(find("über").await.is_empty(), "a removed message is gone");
    let rename =
        ThreadUpdate { name: Some("Trip".to_owned()), ..ThreadUpdate::new(Arc::clone(&plans)) };
    layer.update_thread(&rename).await.expect("a thread is renamed");
    assert!(find("holiday").await.is_empty(), "an old title is gone");
    assert_eq!(find("trip").await, ["Trip"]);
    layer.delete_thread(&plans).await.expect("a thread is removed");
    assert!(find("elephant").await.is_empty(), "a removed thread is gone");
}

async fn feedback(layer: &SharedDataLayer) {
    let ada = new_user(layer).await;
    for (name, value) in [("good", FeedbackValue::Positive), ("bad", FeedbackValue::Negative)] {
        let thread = new_thread(layer, &ada, name).await;
        let said = put(layer, message(&thread, 1, "Hi")).await;
        let feedback = Feedback {
            id: None,
            for_id: said.to_string(),
            thread_id: Some(thread.to_string()),
            value,
            comment: None,
        };
        layer.upsert_feedback(&feedback).await.expect("feedback is stored");
    }
    new_thread(layer, &ada, "none").await;
    for (name, value) in [("good", FeedbackValue::Positive), ("bad", FeedbackValue::Negative)] {
        let query = ThreadQuery { feedback: Some(value), ..query(&ada) };
        assert_eq!(names(layer, &query).await, [name]);
    }
}
