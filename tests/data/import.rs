//! `chainlit import`: from each kind of tables to each other.

use std::process::Command;

use chainlit::{DataLayer, FeedbackValue, SqlDataLayer, StepRange};

use crate::postgres::Postgres;
use crate::python::{for_python, python};

/// Runs the command; gives what it prints.
fn import(from: &str, to: &str) -> String {
    let command = env!("CARGO_BIN_EXE_chainlit");
    let done = Command::new(command).args(["import", from, to]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[tokio::test]
async fn what_python_wrote_goes_from_database_to_database() {
    let (_folder, file) = super::sqlite();
    let (official, ours, back) = (Postgres::database(), Postgres::database(), Postgres::database());
    for url in [&official, &back] {
        super::execute(url, include_str!("python/official.sql"));
    }
    let ids = python("official", &official, &["write"]);
    let thread = ids["thread"].as_str().unwrap();
    let copied = "copied 1 users, 1 threads, 3 steps, 0 elements, 1 feedbacks\n0 threads were there already\n";
    let nothing = "copied 0 users, 0 threads, 0 steps, 0 elements, 0 feedbacks\n1 threads were there already\n";
    let way = [&official, &file, &ours, &back];
    let mut first = None;
    for step in way.windows(2) {
        assert_eq!(import(step[0], step[1]), copied, "{step:?}");
        assert_eq!(import(step[0], step[1]), nothing, "{step:?}");
        let layer = SqlDataLayer::open(step[1]).await.unwrap();
        let found = layer.get_thread(thread, StepRange::All).await.unwrap().unwrap();
        assert_eq!(found.summary.user_identifier.as_deref(), Some("ada"));
        assert_eq!(found.feedbacks[0].value, FeedbackValue::Positive);
        let first = first.get_or_insert_with(|| found.clone());
        assert_eq!((&found.steps, &found.summary), (&first.steps, &first.summary));
    }
    let read = python("official", &back, &["read", "ada"]);
    assert_eq!(read["threads"][0]["steps"][2]["output"], "2962 metres.");
    let read = python("sqlalchemy", &for_python(&file), &["read", "ada"]);
    assert_eq!(read["threads"][0]["steps"][2]["output"], "2962 metres.");

    // What was written to in the other database stays as it is there.
    let layer = SqlDataLayer::open(&file).await.unwrap();
    layer.delete_step(thread, ids["steps"][2].as_str().unwrap()).await.unwrap();
    let rename = chainlit::ThreadUpdate {
        name: Some("Mine".to_owned()),
        ..chainlit::ThreadUpdate::new(thread)
    };
    layer.update_thread(&rename).await.unwrap();
    assert_eq!(import(&official, &file), nothing);
    let found = layer.get_thread(thread, StepRange::All).await.unwrap().unwrap();
    assert_eq!((found.summary.name.as_deref(), found.steps.len()), (Some("Mine"), 2));
}
