//! The list of what the application is doing.

use serde::Serialize;

use super::Element;
use crate::error::Error;
use crate::files::Content;
use crate::wire::ElementType;

/// A list of tasks that the page shows beside the conversation while the application works on them.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let mut list = cl::TaskList::new().status("Working…");
/// list.add_task(cl::Task::new("Read the file").status(cl::TaskStatus::Running));
/// list.add_task(cl::Task::new("Count the words"));
/// list.send().await?;
///
/// list.tasks[0].status = cl::TaskStatus::Done;
/// list.status = "Half done".to_owned();
/// list.update().await?;
/// # Ok::<(), cl::Error>(()) }).await.unwrap();
/// # }
/// ```
///
/// Follows [`cl.TaskList`](https://docs.chainlit.io/api-reference/elements/tasklist). Different
/// from there, updates do not pile up files.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "a task list is shown by its `send`"]
pub struct TaskList {
    /// The tasks, in order.
    pub tasks: Vec<Task>,
    /// How it goes, above the tasks.
    pub status: String,
    element: Element,
}

/// One task of a [`TaskList`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Task {
    /// What is to be done.
    pub title: String,
    /// How far it is.
    pub status: TaskStatus,
    /// Id of the message that a click on the task leads to.
    #[serde(rename = "forId")]
    pub for_id: Option<String>,
}

/// How far a [`Task`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskStatus {
    /// Not begun.
    #[default]
    Ready,
    /// Being worked on.
    Running,
    /// Went wrong.
    Failed,
    /// Done.
    Done,
}

impl Task {
    /// A task that is not begun.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), status: TaskStatus::Ready, for_id: None }
    }

    /// Sets how far it is.
    #[must_use]
    pub fn status(mut self, status: TaskStatus) -> Self {
        self.status = status;
        self
    }

    /// Sets the message that a click on it leads to.
    #[must_use]
    pub fn for_id(mut self, id: impl Into<String>) -> Self {
        self.for_id = Some(id.into());
        self
    }
}

impl Default for TaskList {
    fn default() -> Self {
        Self::new()
    }
}

impl TaskList {
    /// An empty list. Nothing is sent yet.
    pub fn new() -> Self {
        let mut element = Element::from_content(ElementType::TaskList, Content::from(""));
        element.name = "tasklist".to_owned();
        element.mime = Some("application/json".to_owned());
        Self { tasks: Vec::new(), status: "Ready".to_owned(), element }
    }

    /// Sets how it goes.
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = status.into();
        self
    }

    /// Sets the name; `tasklist` otherwise.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.element.name = name.into();
        self
    }

    /// Adds a task.
    pub fn task(mut self, task: Task) -> Self {
        self.tasks.push(task);
        self
    }

    /// Adds tasks.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let list = cl::TaskList::new().tasks(["Read", "Think", "Write"].map(cl::Task::new));
    /// assert_eq!(list.tasks[1].title, "Think");
    /// ```
    pub fn tasks(mut self, tasks: impl IntoIterator<Item = Task>) -> Self {
        self.tasks.extend(tasks);
        self
    }

    /// Its id; the same through all updates.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.element.id
    }

    /// Adds a task; [`update`](Self::update) shows it. Gives its place among the
    /// [`tasks`](Self::tasks).
    pub fn add_task(&mut self, task: Task) -> usize {
        self.tasks.push(task);
        self.tasks.len() - 1
    }

    /// Shows the list.
    ///
    /// # Errors
    ///
    /// Those of [`Element::send`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn send(&mut self) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            status: &'a str,
            tasks: &'a [Task],
        }

        let shown = Shown { status: &self.status, tasks: &self.tasks };
        self.element.set_content(serde_json::to_vec(&shown).map_err(Error::Json)?);
        self.element.send("").await
    }

    /// Shows its present state.
    ///
    /// # Errors
    ///
    /// Those of [`Element::send`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn update(&mut self) -> Result<(), Error> {
        self.send().await
    }

    /// Takes it away.
    ///
    /// # Errors
    ///
    /// Those of [`Element::remove`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was removed.
    pub async fn remove(&self) -> Result<(), Error> {
        self.element.remove().await
    }
}
