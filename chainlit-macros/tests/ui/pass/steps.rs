//! Functions of any shape can be steps.
#![deny(warnings, clippy::all)]
#![allow(dead_code)]

use std::fmt::Debug;

use chainlit as cl;
use serde::Serialize;

mod renamed {
    pub use ::chainlit as toolbox;
}

/// Documented.
#[cl::step]
#[must_use]
pub(crate) async fn documented(mut n: u8) -> u8 {
    n += 1;
    n
}

#[cl::step(kind = "tool", crate = crate::renamed::toolbox)]
async fn elsewhere() {}

#[cl::step]
async fn questions(text: &str) -> Result<u8, std::num::ParseIntError> {
    let n: u8 = text.parse()?;
    if n == 0 {
        return Ok(1);
    }
    Ok(n)
}

#[cl::step]
fn sync_questions(text: &str) -> cl::Result<u8> {
    let n: u8 = text.parse()?;
    if n == 0 {
        return Err("nothing".into());
    }
    Ok(n)
}

#[cl::step]
async fn generic<'a, T, const N: usize>(of: &'a [T; N], more: impl Serialize + Send) -> &'a T
where
    T: Serialize + Debug + Sync,
    [T; N]: Serialize,
{
    let _ = more;
    &of[0]
}

#[cl::step(skip_output)]
fn lazily(words: &[String]) -> impl Iterator<Item = &String> {
    words.iter()
}

#[cl::step]
async fn r#match(r#type: u8, #[cfg(any())] gone: Gone, _: u8, #[step(skip)] _hidden: fn()) -> Option<u8> {
    Some(r#type)
}

#[cl::step]
async fn shadowing(step: u8, cl: u8, __cl_call: u8) -> u8 {
    let Some(out) = Some(step + cl + __cl_call) else { unreachable!() };
    out
}

struct Agent {
    left: u8,
}

impl Agent {
    #[cl::step(kind = "run")]
    async fn by_reference(&self, n: u8) -> u8 {
        self.left + n
    }

    #[cl::step]
    async fn by_mutable(&mut self) {
        self.left += 1;
        let left = &mut self.left;
        *left += 1;
    }

    #[cl::step]
    fn by_value(self) -> u8 {
        self.left
    }

    #[cl::step(skip_output)]
    async fn make() -> Self {
        Self { left: 0 }
    }

    #[cl::step]
    async fn deep(&self, n: u8) -> u8 {
        if n == 0 { 0 } else { Box::pin(self.deep(n - 1)).await }
    }
}

trait Tool {
    fn call(&self, x: u8) -> impl Future<Output = u8> + Send;
}

impl Tool for Agent {
    #[cl::step]
    async fn call(&self, x: u8) -> u8 {
        x
    }
}

/// Not `Sync`: a reference to it must not be held while the step waits.
#[derive(Serialize)]
struct OneThread(std::cell::Cell<u8>);

#[cl::step]
async fn not_sync(of: OneThread) -> u8 {
    of.0.get()
}

fn assert_send(_: impl Send) {}

fn main() {
    let agent = Agent { left: 1 };
    assert_send(agent.by_reference(1));
    assert_send(questions("1"));
    assert_send(not_sync(OneThread(1.into())));
    assert_eq!(sync_questions("7").unwrap(), 7);
    assert_eq!(lazily(&["a".to_owned()]).count(), 1);
    assert_eq!(agent.by_value(), 1);
}
