//! A database that can't be reached.

use chainlit::wire::ElementDict;
use chainlit::{
    DataError, DataLayer, DataResult, Feedback, PersistedUser, StepRange, Thread, ThreadPage,
    ThreadQuery, ThreadStep, ThreadSummary, ThreadUpdate, User,
};

pub(super) struct Away;

fn away<T>() -> DataResult<T> {
    Err(DataError::unavailable(std::io::Error::other("connection refused")))
}

impl DataLayer for Away {
    async fn get_user(&self, _: &str) -> DataResult<Option<PersistedUser>> {
        away()
    }
    async fn create_user(&self, _: &User) -> DataResult<PersistedUser> {
        away()
    }
    async fn upsert_feedback(&self, _: &Feedback) -> DataResult<String> {
        away()
    }
    async fn delete_feedback(&self, _: &str) -> DataResult<bool> {
        away()
    }
    async fn get_feedback(&self, _: &str) -> DataResult<Option<Feedback>> {
        away()
    }
    async fn create_element(&self, _: &ElementDict) -> DataResult<()> {
        away()
    }
    async fn get_element(&self, _: &str, _: &str) -> DataResult<Option<ElementDict>> {
        away()
    }
    async fn delete_element(&self, _: &str, _: &str) -> DataResult<()> {
        away()
    }
    async fn create_step(&self, _: &ThreadStep) -> DataResult<()> {
        away()
    }
    async fn delete_step(&self, _: &str, _: &str) -> DataResult<()> {
        away()
    }
    async fn get_thread_summary(&self, _: &str) -> DataResult<Option<ThreadSummary>> {
        away()
    }
    async fn get_thread(&self, _: &str, _: StepRange<'_>) -> DataResult<Option<Thread>> {
        away()
    }
    async fn list_threads(&self, _: &ThreadQuery) -> DataResult<ThreadPage> {
        away()
    }
    async fn update_thread(&self, _: &ThreadUpdate) -> DataResult<()> {
        away()
    }
    async fn delete_thread(&self, _: &str) -> DataResult<()> {
        away()
    }
    async fn get_favorite_steps(&self, _: &str) -> DataResult<Vec<ThreadStep>> {
        away()
    }
    async fn set_step_favorite(&self, _: &str, _: &str, _: bool) -> DataResult<Option<ThreadStep>> {
        away()
    }
}
