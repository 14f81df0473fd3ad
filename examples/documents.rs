//! Run with: cargo run --example documents
//!
//! `/add some text` keeps a document, anything else asks: the answer lists the documents that have
//! your words, best first. The index lives in the session, so nobody else finds your documents.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chainlit as cl;

/// Documents and, for each word, the documents that have it.
#[derive(Clone, Default)]
struct Index {
    documents: Vec<Arc<str>>,
    places: HashMap<String, Vec<usize>>,
}

impl Index {
    /// Adds a document and gives the number of its different words.
    fn add(&mut self, text: &str) -> usize {
        let words = words(text);
        for word in &words {
            self.places.entry(word.clone()).or_default().push(self.documents.len());
        }
        self.documents.push(text.into());
        words.len()
    }

    /// Numbers of the documents that have any of the words, those with most of them first.
    fn find(&self, question: &str) -> Vec<usize> {
        let mut score = vec![0; self.documents.len()];
        for word in words(question) {
            for &at in self.places.get(&word).into_iter().flatten() {
                score[at] += 1;
            }
        }
        let mut found: Vec<usize> = (0..score.len()).filter(|&at| score[at] > 0).collect();
        found.sort_by_key(|&at| std::cmp::Reverse(score[at]));
        found
    }
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// In an `Arc`, so that a value that is handed out is no copy of the whole index.
static INDEX: cl::SessionKey<Arc<Index>> = cl::SessionKey::new("index");

const NOTHING: &str = "No document has these words.";

#[cl::on_chat_start]
async fn greet() -> cl::Result {
    cl::Message::new("Add a document with `/add some text`, then ask with any words.")
        .send()
        .await?;
    Ok(())
}

#[cl::on_message]
async fn answer(message: cl::Message) -> cl::Result {
    let reply = match message.content.strip_prefix("/add ") {
        Some(text) => {
            let mut new_words = 0;
            INDEX.update(|index| new_words = Arc::make_mut(index).add(text));
            let documents = INDEX.with(|index| index.map_or(0, |index| index.documents.len()));
            format!("Document {documents} added, {new_words} words indexed.")
        }
        // Looks at the index where it is.
        None => INDEX.with(|index| match index {
            Some(index) => list(index, &message.content),
            None => NOTHING.to_owned(),
        }),
    };
    cl::Message::new(reply).send().await?;
    Ok(())
}

fn list(index: &Index, question: &str) -> String {
    let found = index.find(question);
    if found.is_empty() {
        return NOTHING.to_owned();
    }
    let lines = found.iter().map(|&at| format!("- Document {}: {}", at + 1, index.documents[at]));
    lines.collect::<Vec<_>>().join("\n")
}

fn main() -> cl::Result {
    cl::run()
}
