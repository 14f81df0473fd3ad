//! Tests of an application without a browser or a port.
//!
//! [`TestApp`] runs the whole application in the test's process: the same server, the same
//! protocol, over connections in memory. [`TestUser`]s are in it at the same time. What a user would
//! see is a [`Screen`].
//!
//! ```
//! use chainlit::{self as cl, App, testing::TestApp};
//!
//! async fn reply(message: cl::Message) -> cl::Result {
//!     cl::Message::new(format!("You said: {}", message.content)).send().await?;
//!     Ok(())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! // In an application: `#[tokio::test] async fn it_repeats() { let app = TestApp::discover().await;`
//! let app = TestApp::start(App::new().on_message(reply)).await;
//! let ada = app.user("ada").await;
//! ada.send("Hello").await;
//! assert_eq!(ada.screen().to_string(), "User: Hello\nAssistant: You said: Hello\n");
//! # }
//! ```
//!
//! # Time
//!
//! Everything is in memory, so time can be paused: `#[tokio::test(start_paused = true)]`. When
//! nothing is left to do, the clock jumps to the next timer: an ask with a timeout of an hour is
//! over at once, and [`TestUser::until`] fails at once when what it waits for can't come any more.
//!
//! # Waiting
//!
//! [`send`](TestUser::send) and its like return when what they caused is over: the handler has
//! ended, or asks something. [`TestUser::until`] waits for anything else. Nothing needs a sleep.

mod app;
mod component;
mod connection;
mod data_layer;
mod memory_data_layer;
mod request;
mod screen;
mod user;

pub use app::TestApp;
pub use data_layer::check_data_layer;
pub use memory_data_layer::MemoryDataLayer;
pub use screen::{Entry, Screen};
pub use user::{Attachment, TestUser};
