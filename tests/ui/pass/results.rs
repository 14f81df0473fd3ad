//! All results of an event without an answer.

use std::error::Error;
use std::fmt;

use chainlit as cl;

#[derive(Debug)]
struct Own;

impl fmt::Display for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("own")
    }
}

impl Error for Own {}

/// Converts like `anyhow::Error`: it is no error itself.
struct Anyhow(Box<dyn Error + Send + Sync>);

impl From<Anyhow> for Box<dyn Error + Send + Sync> {
    fn from(error: Anyhow) -> Self {
        error.0
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Anyhow {
    fn from(error: E) -> Self {
        Anyhow(error.into())
    }
}

type Outcome<T = ()> = Result<T, Anyhow>;

#[cl::on_app_startup]
async fn nothing() {}

#[cl::on_app_shutdown]
async fn unit() -> () {}

#[cl::on_chat_start]
async fn own() -> Result<(), Own> {
    Err(Own)
}

#[cl::on_message]
async fn anyhow() -> Outcome {
    cl::Message::new("hello").send().await?;
    Ok(())
}

#[cl::on_chat_end]
async fn boxed() -> Result<(), Box<dyn Error + Send + Sync>> {
    cl::Message::new("hello").send().await?;
    Err("no".into())
}

#[cl::on_chat_resume]
async fn text() -> Result<(), String> {
    Err("no".to_owned())
}

#[cl::on_stop]
async fn ours() -> Result<(), cl::Error> {
    cl::Message::new("hello").send().await
}

fn main() {}
