use std::fmt;
use std::path::Path;

use chainlit_core::wire::ElementDict;
use chainlit_core::{
    DataLayer, DataResult, Feedback, PersistedUser, Record, StepRange, Thread, ThreadPage,
    ThreadQuery, ThreadStep, ThreadSummary, ThreadUpdate, User,
};
use sqlx::Executor;
use uuid::Uuid;

use super::database::Database;
use super::dialect::Dialect;
use super::failure::Failure;
use super::import::{self, ImportReport};
use super::{elements, feedbacks, list, migrations, record, search, steps, threads, users};
use crate::data::OpenError;
use crate::data::target::Target;

/// Keeps users and conversations in an SQLite file or in a PostgreSQL database, in the tables of
/// Chainlit's SQLAlchemy layer; a PostgreSQL database with those of its official data layer is opened as it is.
///
/// The server opens one by itself, as `[data]` in the configuration says. Open one yourself to put
/// something around it, or to read conversations from another program.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use chainlit::{DataLayer, SqlDataLayer, User};
///
/// # let folder = tempfile::tempdir()?;
/// # let url = format!("sqlite://{}/chat.db", folder.path().display());
/// let layer = SqlDataLayer::open(&url).await?;
/// let ada = layer.create_user(&User::new("ada")).await?;
/// assert_eq!(layer.get_user("ada").await?.unwrap().id, ada.id);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct SqlDataLayer {
    database: Database,
}

impl SqlDataLayer {
    /// Opens the database with that address: `sqlite://chat.db`, relative to the working directory, or
    /// `postgres://user:password@host/database`. Makes or completes its tables.
    ///
    /// # Errors
    ///
    /// [`OpenError`], with what helps.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_target(Target::parse(url, Path::new(""))?).await
    }

    /// Copies all users and threads of another database to this one, with their steps, elements and
    /// feedback. It may be done again: what is there already, or was written to since, stays as it is.
    /// The content of elements is not in the database and not copied.
    ///
    /// # Errors
    ///
    /// When one of the databases is not available. What was copied until then stays.
    pub async fn import_from(&self, from: &Self) -> DataResult<ImportReport> {
        Ok(import::import(&from.database, &self.database).await?)
    }

    pub(in crate::data) async fn open_target(target: Target) -> Result<Self, OpenError> {
        let database = Database::connect(&target).await?;
        migrations::run(&database).await?;
        search::prepare(&database).await;
        Ok(Self { database })
    }

    /// Whether the database can have such an id.
    fn can_be(&self, id: &str) -> bool {
        match self.database.dialect {
            Dialect::Postgres => Uuid::try_parse(id).is_ok(),
            Dialect::Sqlite | Dialect::Official => !id.contains('\0'),
        }
    }
}

impl fmt::Debug for SqlDataLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlDataLayer")
            .field("engine", &self.database.dialect)
            .finish_non_exhaustive()
    }
}

impl DataLayer for SqlDataLayer {
    async fn get_user(&self, identifier: &str) -> DataResult<Option<PersistedUser>> {
        let mut sql = self.database.read().await?;
        Ok(users::get(self.database.dialect, &mut sql, identifier).await?)
    }

    async fn create_user(&self, user: &User) -> DataResult<PersistedUser> {
        let mut transaction = self.database.begin().await?;
        let user = users::create(self.database.dialect, &mut transaction, user).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(user)
    }

    async fn upsert_feedback(&self, feedback: &Feedback) -> DataResult<String> {
        let mut transaction = self.database.begin().await?;
        let id = feedbacks::put(self.database.dialect, &mut transaction, feedback).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(id)
    }

    async fn delete_feedback(&self, feedback_id: &str) -> DataResult<bool> {
        if !self.can_be(feedback_id) {
            return Ok(false);
        }
        let mut transaction = self.database.begin().await?;
        let is_gone =
            feedbacks::delete(self.database.dialect, &mut transaction, feedback_id).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(is_gone)
    }

    async fn get_feedback(&self, feedback_id: &str) -> DataResult<Option<Feedback>> {
        if !self.can_be(feedback_id) {
            return Ok(None);
        }
        let mut sql = self.database.read().await?;
        Ok(feedbacks::get(self.database.dialect, &mut sql, feedback_id).await?)
    }

    async fn create_element(&self, element: &ElementDict) -> DataResult<()> {
        self.record(&[Record::Element(element.clone().into())]).await
    }

    async fn get_element(
        &self,
        thread_id: &str,
        element_id: &str,
    ) -> DataResult<Option<ElementDict>> {
        if !self.can_be(thread_id) || !self.can_be(element_id) {
            return Ok(None);
        }
        let mut sql = self.database.read().await?;
        Ok(elements::get(self.database.dialect, &mut sql, thread_id, element_id).await?)
    }

    async fn delete_element(&self, thread_id: &str, element_id: &str) -> DataResult<()> {
        let (thread_id, id) = (thread_id.into(), element_id.into());
        self.record(&[Record::DeleteElement { thread_id, id }]).await
    }

    async fn create_step(&self, step: &ThreadStep) -> DataResult<()> {
        self.record(&[Record::Step(step.clone())]).await
    }

    async fn delete_step(&self, thread_id: &str, step_id: &str) -> DataResult<()> {
        let (thread_id, id) = (thread_id.into(), step_id.into());
        self.record(&[Record::DeleteStep { thread_id, id }]).await
    }

    async fn get_thread_summary(&self, thread_id: &str) -> DataResult<Option<ThreadSummary>> {
        if !self.can_be(thread_id) {
            return Ok(None);
        }
        let mut sql = self.database.read().await?;
        Ok(threads::summary(self.database.dialect, &mut sql, thread_id).await?)
    }

    async fn get_thread(
        &self,
        thread_id: &str,
        range: StepRange<'_>,
    ) -> DataResult<Option<Thread>> {
        if !self.can_be(thread_id) {
            return Ok(None);
        }
        let mut sql = self.database.read().await?;
        Ok(threads::get(self.database.dialect, &mut sql, thread_id, range).await?)
    }

    async fn list_threads(&self, query: &ThreadQuery) -> DataResult<ThreadPage> {
        let has_cursor = query.cursor.as_deref().is_none_or(|cursor| self.can_be(cursor));
        if !self.can_be(&query.user_id) || !has_cursor {
            return Ok(ThreadPage::default());
        }
        let mut sql = self.database.read().await?;
        Ok(list::threads(self.database.dialect, &mut sql, query).await?)
    }

    async fn update_thread(&self, update: &ThreadUpdate) -> DataResult<()> {
        self.record(&[Record::Thread(update.clone())]).await
    }

    async fn delete_thread(&self, thread_id: &str) -> DataResult<()> {
        if !self.can_be(thread_id) {
            return Ok(());
        }
        let mut transaction = self.database.begin().await?;
        threads::delete(self.database.dialect, &mut transaction, thread_id).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(())
    }

    async fn get_favorite_steps(&self, user_id: &str) -> DataResult<Vec<ThreadStep>> {
        if !self.can_be(user_id) {
            return Ok(Vec::new());
        }
        let mut sql = self.database.read().await?;
        Ok(steps::favorites(self.database.dialect, &mut sql, user_id).await?)
    }

    async fn set_step_favorite(
        &self,
        thread_id: &str,
        step_id: &str,
        is_favorite: bool,
    ) -> DataResult<Option<ThreadStep>> {
        if !self.can_be(thread_id) || !self.can_be(step_id) {
            return Ok(None);
        }
        let dialect = self.database.dialect;
        let mut transaction = self.database.begin().await?;
        let step =
            steps::set_favorite(dialect, &mut transaction, thread_id, step_id, is_favorite).await?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(step)
    }

    async fn record(&self, records: &[Record]) -> DataResult<()> {
        Ok(record::record(&self.database, records).await?)
    }

    async fn check_health(&self) -> DataResult<()> {
        // A full disk or a file that became read-only shows only when something is written.
        let mut transaction = self.database.begin().await?;
        let write = r#"UPDATE chainlit_migrations SET "version" = "version" WHERE "version" = 1"#;
        transaction.execute(write).await.map_err(Failure::from)?;
        transaction.commit().await.map_err(Failure::from)?;
        Ok(())
    }

    async fn close(&self) -> DataResult<()> {
        self.database.close().await;
        Ok(())
    }
}
