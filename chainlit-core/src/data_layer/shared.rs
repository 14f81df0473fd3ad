//! The data layer without its type.
//!
//! [`DataLayer`] has plain `async fn`s, which are easy to write and can't be behind a pointer. This is
//! the same with boxed futures.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{
    DataLayer, DataResult, Feedback, PersistedUser, Record, StepRange, ThreadPage, ThreadQuery,
    ThreadSummary, ThreadUpdate,
};
use crate::thread::{Thread, ThreadStep};
use crate::user::User;
use crate::wire::ElementDict;

/// Any [`DataLayer`], shared by the whole application: cheap to clone. It has the same functions.
///
/// ```
/// # use chainlit as cl;
/// async fn is_known(layer: &cl::SharedDataLayer, identifier: &str) -> cl::DataResult<bool> {
///     Ok(layer.get_user(identifier).await?.is_some())
/// }
/// ```
#[derive(Clone)]
pub struct SharedDataLayer(Arc<dyn Erased>);

impl<T: DataLayer> From<T> for SharedDataLayer {
    fn from(layer: T) -> Self {
        Self(Arc::new(layer))
    }
}

impl fmt::Debug for SharedDataLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedDataLayer")
    }
}

macro_rules! erase {
    ($($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {
        trait Erased: Send + Sync {
            $(fn $name<'a>(&'a self, $($arg: $type),*) -> BoxFuture<'a, DataResult<$out>>;)*
        }

        impl<T: DataLayer> Erased for T {
            $(fn $name<'a>(&'a self, $($arg: $type),*) -> BoxFuture<'a, DataResult<$out>> {
                Box::pin(DataLayer::$name(self, $($arg),*))
            })*
        }

        #[allow(clippy::needless_lifetimes, reason = "some of them need it")]
        impl SharedDataLayer {
            $(
                #[doc = concat!("The same as [`DataLayer::", stringify!($name), "`].")]
                ///
                /// # Errors
                ///
                /// As that.
                pub async fn $name<'a>(&'a self, $($arg: $type),*) -> DataResult<$out> {
                    self.0.$name($($arg),*).await
                }
            )*
        }
    };
}

erase! {
    get_user(identifier: &'a str) -> Option<PersistedUser>;
    create_user(user: &'a User) -> PersistedUser;
    upsert_feedback(feedback: &'a Feedback) -> String;
    delete_feedback(feedback_id: &'a str) -> bool;
    get_feedback(feedback_id: &'a str) -> Option<Feedback>;
    create_element(element: &'a ElementDict) -> ();
    get_element(thread_id: &'a str, element_id: &'a str) -> Option<ElementDict>;
    delete_element(thread_id: &'a str, element_id: &'a str) -> ();
    create_step(step: &'a ThreadStep) -> ();
    update_step(step: &'a ThreadStep) -> ();
    delete_step(thread_id: &'a str, step_id: &'a str) -> ();
    get_thread_summary(thread_id: &'a str) -> Option<ThreadSummary>;
    get_thread_author(thread_id: &'a str) -> Option<String>;
    get_thread(thread_id: &'a str, range: StepRange<'a>) -> Option<Thread>;
    list_threads(query: &'a ThreadQuery) -> ThreadPage;
    update_thread(update: &'a ThreadUpdate) -> ();
    delete_thread(thread_id: &'a str) -> ();
    get_favorite_steps(user_id: &'a str) -> Vec<ThreadStep>;
    set_step_favorite(thread_id: &'a str, step_id: &'a str, is_favorite: bool) -> Option<ThreadStep>;
    record(records: &'a [Record]) -> ();
    build_debug_url() -> Option<String>;
    check_health() -> ();
    close() -> ();
}
