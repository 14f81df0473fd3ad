//! For the attribute `#[step]`: a step around one call of a function.

use std::fmt::{Display, Write};
use std::future::Future;

use serde::Serialize;

use super::{Closing, content, room};
pub use super::{Step, StepType};
use crate::context::Context;
use crate::outcome::returned::{Fallible, Plain};

pub use crate::outcome::returned::{FallibleKind, PlainKind, here};

/// An argument that is shown as part of a step's input.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be shown as the input of a step",
    label = "`{Self}` can't be written as JSON",
    note = "add `#[derive(serde::Serialize)]` to the type, or write `#[step(skip)]` before the argument to leave it out"
)]
pub trait Argument {
    fn json(&self) -> String;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> Argument for T {
    fn json(&self) -> String {
        content::json(self).unwrap_or_else(|error| {
            serde_json::Value::from(format!("This value can't be written as JSON: {error}"))
                .to_string()
        })
    }
}

/// A value that is shown as a step's output.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be shown as the output of a step",
    label = "`{Self}` can't be written as JSON",
    note = "`#[step]` shows what an `async fn` or `fn` returns: `T` or `Result<T, E>` where `T: serde::Serialize`",
    note = "add `#[derive(serde::Serialize)]` to the type, or write `#[step(skip_output)]` to leave it out"
)]
pub trait Output {
    fn show(&self, step: &Step);
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Output for T {
    fn show(&self, step: &Step) {
        // What the function itself has shown stays.
        if step.output().is_empty() {
            step.set_output(self);
        }
    }
}

/// An error that is shown as a step's output.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be shown as the error of a step",
    label = "`{Self}` has no text",
    note = "implement `std::fmt::Display` for the error, as every `std::error::Error` does"
)]
pub trait Failure {
    fn text(&self) -> &dyn Display;
}

#[diagnostic::do_not_recommend]
impl<E: Display> Failure for E {
    fn text(&self) -> &dyn Display {
        self
    }
}

/// The arguments of a call, in order, as one JSON object.
pub struct Input(String);

impl Input {
    pub fn add<T: Argument + ?Sized>(&mut self, name: &str, value: &T) {
        // In JSON a line ends only between values.
        let value = value.json().replace('\n', "\n    ");
        let comma = if self.0.is_empty() { "" } else { "," };
        let name = serde_json::Value::from(name);
        write!(self.0, "{comma}\n    {name}: {value}").expect("a string takes everything");
    }

    fn finish(self) -> String {
        if self.0.is_empty() { "{}".to_owned() } else { format!("{{{}\n}}", self.0) }
    }
}

/// A call whose step is still to be opened.
pub struct Prepared(Option<(Step, String)>);

/// One call of a function, with its open step. Outside of a chat it has none.
pub struct Call(Option<Closing>);

/// Looks at the arguments while they are there. A reference to them that waited for something would
/// keep the function's future from being sent to other threads.
pub fn prepare(step: impl FnOnce() -> Step, input: impl FnOnce(&mut Input)) -> Prepared {
    if Context::try_current().is_none() {
        return Prepared(None);
    }
    let mut arguments = Input(String::new());
    input(&mut arguments);
    Prepared(Some((step(), arguments.finish())))
}

impl Prepared {
    /// Opens the step of an `async fn`.
    pub async fn begin(self) -> Call {
        if let Some((step, _)) = &self.0 {
            step.introduce().await;
        }
        // The work is done even where nobody can be shown it any more.
        let _ = room().await;
        self.open()
    }

    /// Opens the step of a `fn`.
    pub fn begin_now(self) -> Call {
        if let Some((step, _)) = &self.0 {
            step.introduce_now();
        }
        self.open()
    }

    fn open(self) -> Call {
        Call(self.0.map(|(step, input)| {
            let closing = Closing::open_now(step);
            closing.0.set_input(input);
            closing
        }))
    }
}

impl Call {
    /// Does the work inside the step.
    pub async fn scope<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(closing) => closing.0.scope(work).await,
            None => work.await,
        }
    }

    /// The same for work that does not wait.
    pub fn sync_scope<R>(&self, work: impl FnOnce() -> R) -> R {
        match &self.0 {
            Some(closing) => closing.0.sync_scope(work),
            None => work(),
        }
    }

    fn end<T, E: Failure>(&self, out: Result<&T, &E>, show: impl FnOnce(&T, &Step)) {
        let Some(closing) = &self.0 else { return };
        match out {
            Ok(value) => {
                show(value, &closing.0);
                closing.end(None);
            }
            Err(error) => closing.end(Some(error.text())),
        }
    }
}

impl Fallible {
    pub fn show<T: Output, E: Failure>(self, out: &Result<T, E>, call: &Call) {
        call.end(out.as_ref(), Output::show);
    }

    pub fn skip<T, E: Failure>(self, out: &Result<T, E>, call: &Call) {
        call.end(out.as_ref(), |_, _| {});
    }
}

impl Plain {
    pub fn show<T: Output>(self, out: &T, call: &Call) {
        call.end(Ok::<_, &String>(out), Output::show);
    }

    pub fn skip<T>(self, out: &T, call: &Call) {
        call.end(Ok::<_, &String>(out), |_, _| {});
    }
}
