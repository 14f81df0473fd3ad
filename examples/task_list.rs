//! Run with: cargo run --example task_list
//!
//! Write some words. A list beside the conversation shows how the work on each goes; a click on a
//! task that is done leads to its message. A word with a digit fails.

use std::time::Duration;

use chainlit::{self as cl, Task, TaskList, TaskStatus};

#[cl::on_message]
async fn work(message: cl::Message) -> cl::Result {
    let words: Vec<&str> = message.content.split_whitespace().collect();
    let tasks = words.iter().map(|word| Task::new(format!("Spell {word:?}")));
    let mut list = TaskList::new().status("Working…").tasks(tasks);
    list.send().await?;
    for (word, at) in words.iter().zip(0..) {
        list.tasks[at].status = TaskStatus::Running;
        list.update().await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        list.tasks[at].status = if word.contains(|c: char| c.is_ascii_digit()) {
            TaskStatus::Failed
        } else {
            let letters: Vec<String> = word.chars().map(String::from).collect();
            let mut spelled = cl::Message::new(letters.join("-"));
            spelled.send().await?;
            list.tasks[at].for_id = Some(spelled.id);
            TaskStatus::Done
        };
        list.update().await?;
    }
    list.status = "Done".to_owned();
    list.update().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
