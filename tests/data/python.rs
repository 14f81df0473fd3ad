//! Chainlit for Python on the same database: what it wrote is opened and continued here, and opened there again.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use chainlit::wire::{ElementDict, Facts, MessageDict, StepDict};
use chainlit::{
    DataLayer, ElementType, FeedbackValue, MessageType, SqlDataLayer, StepRange, StepType, Thread,
    ThreadQuery, ThreadStep, ThreadUpdate, Timestamp, User,
};
use serde_json::{Value, json};

/// Runs one of Chainlit's data layers; gives what it prints.
pub(crate) fn python(layer: &str, address: &str, action: &[&str]) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/test-tools/python-chainlit/bin/python");
    assert!(
        python.exists(),
        "Chainlit for Python is not installed: run scripts/install-test-tools"
    );
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new(python)
        .arg(root.join("tests/data/python/layer.py"))
        .args([layer, address])
        .args(action)
        .current_dir(folder.path())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{errors}");
    // The SQLAlchemy layer logs what fails and goes on.
    assert!(!errors.contains("error occurred"), "{errors}");
    let text = String::from_utf8(done.stdout).unwrap();
    serde_json::from_str(text.lines().last().unwrap_or_default()).expect("one line of JSON")
}

#[tokio::test]
async fn an_official_database_goes_on() {
    let url = &crate::postgres::Postgres::database();
    python("official", url, &["schema"]);
    let ids = python("official", url, &["write"]);
    let thread = ids["thread"].as_str().unwrap();

    let layer = SqlDataLayer::open(url).await.unwrap();
    let ada = layer.get_user("ada").await.unwrap().unwrap();
    assert_eq!(
        (Some(&*ada.id), &ada.user.metadata["role"]),
        (ids["user"].as_str(), &json!("admin"))
    );
    let found = layer.get_thread(thread, StepRange::All).await.unwrap().unwrap();
    assert_eq!(found.summary.name.as_deref(), Some("Zugspitze"));
    assert_eq!(found.summary.user_identifier.as_deref(), Some("ada"));
    assert_eq!(outputs(&found), ["How tall is the Zugspitze?", "2962 metres."]);
    assert_eq!(found.feedbacks[0].value, FeedbackValue::Positive);
    assert_eq!(layer.get_favorite_steps(&ada.id).await.unwrap().len(), 1);
    python("official", url, &["continue", thread]);
    let ours = message(thread, "Ours.");
    layer.create_step(&ThreadStep::Message(ours.into())).await.unwrap();
    let read = python("official", url, &["read", "ada"]);
    let steps = read["threads"][0]["steps"].as_array().unwrap().iter();
    let outputs: Vec<_> = steps.map(|step| step["output"].clone()).collect();
    assert_eq!(
        outputs,
        ["How tall is the Zugspitze?", "2962", "2962 metres.", "And in feet, 9718.", "Ours."]
    );
    let query = ThreadQuery {
        user_id: ada.id,
        first: 10,
        search: Some("feet, 97".to_owned()),
        ..ThreadQuery::default()
    };
    assert_eq!(layer.list_threads(&query).await.unwrap().threads.len(), 1);
}

/// The address as Python wants it.
pub(crate) fn for_python(url: &str) -> String {
    match url.strip_prefix("sqlite://") {
        Some(path) => format!("sqlite+aiosqlite:///{path}"),
        None => url.replacen("postgres", "postgresql+asyncpg", 1),
    }
}

fn message(thread: &str, output: &str) -> MessageDict {
    let now = Some(Timestamp::now());
    let text = json!({
        "id": uuid::Uuid::new_v4().to_string(), "threadId": thread, "parentId": null, "createdAt": now,
        "command": null, "modes": {"model": "small"}, "start": now, "end": now, "output": output,
        "name": "Assistant", "type": "assistant_message", "language": null, "streaming": false,
        "isError": false, "waitForAnswer": false, "metadata": {}, "tags": ["x"],
    });
    serde_json::from_value(text).unwrap()
}

fn outputs(thread: &Thread) -> Vec<&str> {
    thread.messages().map(|message| &*message.output).collect()
}

async fn python_writes_and_we_go_on(url: &str) {
    let address = &for_python(url);
    python("sqlalchemy", address, &["schema"]);
    let ids = python("sqlalchemy", address, &["write"]);
    let thread = ids["thread"].as_str().unwrap();

    let layer = SqlDataLayer::open(url).await.unwrap();
    let ada = layer.get_user("ada").await.unwrap().unwrap();
    assert_eq!(
        (Some(&*ada.id), &ada.user.metadata["role"]),
        (ids["user"].as_str(), &json!("admin"))
    );
    let found = layer.get_thread(thread, StepRange::All).await.unwrap().unwrap();
    assert_eq!(found.summary.name.as_deref(), Some("Zugspitze"));
    assert_eq!(found.summary.user_identifier.as_deref(), Some("ada"));
    assert_eq!(found.summary.metadata["chat_profile"], "guide");
    assert_eq!(found.summary.tags.is_some(), !url.starts_with("sqlite"));
    assert!(found.summary.updated_at.is_some() && found.summary.created_at.is_some());
    assert_eq!(outputs(&found), ["How tall is the Zugspitze?", "2962 metres."]);
    assert_eq!(found.messages().next().unwrap().kind, MessageType::User);
    let ThreadStep::Step(step) = &found.steps[1] else { panic!("a step: {:?}", found.steps[1]) };
    assert_eq!((&*step.name, &*step.kind, &*step.output), ("lookup", "tool", "2962"));
    assert!(step.input.contains("Zugspitze") && step.start.is_some(), "{step:?}");
    assert_eq!(found.feedbacks[0].value, FeedbackValue::Positive);
    assert_eq!(found.feedbacks[0].id.as_deref(), ids["feedback"].as_str());
    let favorites = layer.get_favorite_steps(&ada.id).await.unwrap();
    assert_eq!(
        favorites.iter().map(|step| &**step.id()).collect::<Vec<_>>(),
        [ids["steps"][2].as_str().unwrap()]
    );

    // What Python writes while we have the database open is found, too.
    python("sqlalchemy", address, &["continue", thread]);
    for (search, count) in [("9718", 1), ("zugspitze", 1), ("matterhorn", 0)] {
        let query = ThreadQuery {
            user_id: ada.id.clone(),
            first: 10,
            search: Some(search.to_owned()),
            ..ThreadQuery::default()
        };
        assert_eq!(layer.list_threads(&query).await.unwrap().threads.len(), count, "{search}");
    }

    let mut ours = message(thread, "Ours.");
    ours.metadata = Facts::from(json!({"favorite": true}).as_object().unwrap());
    layer.create_step(&ThreadStep::Message(ours.clone().into())).await.unwrap();
    let read = python("sqlalchemy", address, &["read", "ada"]);
    let outputs: Vec<_> = read["threads"][0]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["output"].clone())
        .collect();
    assert_eq!(
        outputs,
        ["How tall is the Zugspitze?", "2962", "2962 metres.", "And in feet, 9718.", "Ours."]
    );
    if url.starts_with("sqlite") {
        assert_eq!(read["favorites"], json!([&*ours.id, ids["steps"][2]]));
    }
}

async fn we_write_and_python_goes_on(url: &str) {
    let address = &for_python(url);
    let layer = SqlDataLayer::open(url).await.unwrap();
    let mut user = User::new("grace").display_name("Grace");
    user.metadata.insert("role".to_owned(), json!("admiral"));
    let grace = layer.create_user(&user).await.unwrap();
    let thread: Arc<str> = uuid::Uuid::new_v4().to_string().into();
    let update = ThreadUpdate {
        name: Some("Compilers".to_owned()),
        user_id: Some(grace.id.clone()),
        metadata: json!({"a": {"b": 1}}).as_object().cloned(),
        ..ThreadUpdate::new(Arc::clone(&thread))
    };
    layer.update_thread(&update).await.unwrap();
    let said = message(&thread, "Hello, Grace");
    layer.create_step(&ThreadStep::Message(said.clone().into())).await.unwrap();
    let mut step = StepDict::new(
        uuid::Uuid::new_v4().to_string(),
        Arc::clone(&thread),
        "compile",
        StepType::Tool,
    );
    (step.input, step.output) = ("a.cob".to_owned(), "a.out".to_owned());
    step.created_at = Some(Timestamp::now());
    layer.create_step(&ThreadStep::Step(step.into())).await.unwrap();
    let mut shown = ElementDict::new(
        uuid::Uuid::new_v4().to_string(),
        Arc::clone(&thread),
        ElementType::Custom,
        "moth",
    );
    shown.for_id = Arc::clone(&said.id);
    shown.props = json!({"legs": 6}).as_object().cloned();
    layer.create_element(&shown).await.unwrap();

    let read = python("sqlalchemy", address, &["read", "grace"]);
    assert_eq!(
        (&read["authors"], &read["user"]["metadata"]["role"]),
        (&json!(["grace"]), &json!("admiral"))
    );
    let found = &read["threads"][0];
    assert_eq!((&found["id"], &found["name"]), (&json!(&*thread), &json!("Compilers")));
    assert_eq!(found["userIdentifier"], "grace");
    assert_eq!(found["steps"][0]["output"], "Hello, Grace");
    assert_eq!(found["steps"][1]["input"], "a.cob");
    assert_eq!(found["elements"][0]["name"], "moth");

    python("sqlalchemy", address, &["continue", &thread]);
    python("sqlalchemy", address, &["write"]);
    let found = layer.get_thread(&thread, StepRange::All).await.unwrap().unwrap();
    assert_eq!(outputs(&found), ["Hello, Grace", "And in feet, 9718."]);
    assert_eq!(found.summary.metadata["a"]["b"], 1);
    assert!(layer.get_user("ada").await.unwrap().is_some());
}

#[tokio::test]
async fn a_file_of_python_goes_on() {
    let (_folder, url) = super::sqlite();
    python_writes_and_we_go_on(&url).await;
}

#[tokio::test]
async fn a_database_of_python_goes_on() {
    python_writes_and_we_go_on(&crate::postgres::Postgres::database()).await;
}

#[tokio::test]
async fn python_goes_on_with_our_file() {
    let (_folder, url) = super::sqlite();
    we_write_and_python_goes_on(&url).await;
}

#[tokio::test]
async fn python_goes_on_with_our_database() {
    we_write_and_python_goes_on(&crate::postgres::Postgres::database()).await;
}
