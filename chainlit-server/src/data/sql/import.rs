//! Copies everything from one database to another.

use std::collections::HashMap;

use chainlit_core::{StepRange, Thread, ThreadSummary, ThreadUpdate};
use sqlx::{AnyConnection, Row};

use super::database::Database;
use super::dialect::Dialect;
use super::failure::{Failure, Outcome};
use super::json::text;
use super::{elements, feedbacks, official, rows, steps, threads, users};

/// How many users or threads are looked up at once.
const PAGE: i64 = 500;
/// How many steps are in memory at once.
const STEPS: usize = 500;

/// What an import has copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportReport {
    /// Users.
    pub users: usize,
    /// Threads.
    pub threads: usize,
    /// Their messages and steps.
    pub steps: usize,
    /// Their elements.
    pub elements: usize,
    /// What was said of them.
    pub feedbacks: usize,
    /// Threads that were there already as they are, or were written to since.
    pub unchanged: usize,
    /// Threads that the other database can't have; the log says why.
    pub refused: usize,
}

/// Copies all users and threads. A thread comes whole or not at all.
pub(super) async fn import(from: &Database, to: &Database) -> Outcome<ImportReport> {
    let mut report = ImportReport::default();
    let users = copy_users(from, to, &mut report).await?;
    let mut last = String::new();
    loop {
        let page = thread_ids(from, &last).await?;
        let Some(id) = page.last() else { return Ok(report) };
        last.clone_from(id);
        for id in &page {
            match copy_thread(from, to, id, &users, &mut report).await {
                Ok(()) => {}
                Err(failure) if failure.is_refusal() => {
                    tracing::warn!(thread = %id, ?failure, "the thread can't be copied");
                    report.refused += 1;
                }
                Err(failure) => return Err(failure),
            }
        }
    }
}

/// Gives the users' ids there by their ids here.
async fn copy_users(
    from: &Database,
    to: &Database,
    report: &mut ImportReport,
) -> Outcome<HashMap<String, String>> {
    let mut ids = HashMap::new();
    let mut last = String::new();
    loop {
        let query = format!(
            r#"SELECT {} FROM %users% WHERE CAST("id" AS TEXT)%order% > $1
            ORDER BY CAST(%users%."id" AS TEXT)%order% LIMIT {PAGE}"#,
            rows::user_columns(from.dialect)
        );
        let query = sqlx::query(from.dialect.sql(&query)).bind(last);
        let page = query.fetch_all(&mut *from.read().await?).await?;
        let page = page.iter().map(rows::user).collect::<Outcome<Vec<_>>>()?;
        let Some(user) = page.last() else { return Ok(ids) };
        last = user.id.clone();
        for user in page {
            let mut transaction = to.begin().await?;
            let there = users::get(to.dialect, &mut transaction, &user.user.identifier).await?;
            let there = match there {
                Some(there) => there,
                None => {
                    report.users += 1;
                    users::put(to.dialect, &mut transaction, &user).await?
                }
            };
            transaction.commit().await?;
            ids.insert(user.id, there.id);
        }
    }
}

/// The next threads in the order of their ids.
async fn thread_ids(from: &Database, last: &str) -> Outcome<Vec<String>> {
    let query = format!(
        r#"SELECT CAST("id" AS TEXT) FROM %threads% WHERE CAST("id" AS TEXT)%order% > $1{}
        ORDER BY CAST("id" AS TEXT)%order% LIMIT {PAGE}"#,
        from.dialect.shown()
    );
    let query = sqlx::query(from.dialect.sql(&query)).bind(last.to_owned());
    let rows = query.fetch_all(&mut *from.read().await?).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

async fn copy_thread(
    from: &Database,
    to: &Database,
    id: &str,
    users: &HashMap<String, String>,
    report: &mut ImportReport,
) -> Outcome<()> {
    let mut here = from.read().await?;
    let Some(summary) = threads::summary(from.dialect, &mut here, id).await? else { return Ok(()) };
    let mut transaction = to.begin().await?;
    let there = threads::summary(to.dialect, &mut transaction, id).await?;
    if there.is_some_and(|there| there.updated_at >= summary.updated_at) {
        report.unchanged += 1;
        return Ok(());
    }
    let mut copied = ImportReport { threads: 1, ..ImportReport::default() };
    let sql = &mut *transaction;
    threads::touch(to.dialect, sql, id).await?;
    threads::update(to.dialect, sql, &facts(&summary, users)).await?;
    let mut page = page(from, &mut here, id, StepRange::Last(STEPS)).await?;
    loop {
        for step in &page.steps {
            steps::put(to.dialect, sql, step).await?;
        }
        for feedback in &page.feedbacks {
            feedbacks::put(to.dialect, sql, feedback).await?;
        }
        copied.steps += page.steps.len();
        copied.feedbacks += page.feedbacks.len();
        match page.steps.first() {
            Some(step) if page.has_earlier => {
                let range = StepRange::Before { id: &step.id().clone(), count: STEPS };
                page = self::page(from, &mut here, id, range).await?;
            }
            _ => break,
        }
    }
    for element in elements::of_thread(from.dialect, &mut here, id).await? {
        elements::put(to.dialect, sql, &element).await?;
        copied.elements += 1;
    }
    set_times(to.dialect, sql, &summary).await?;
    transaction.commit().await?;
    report.threads += copied.threads;
    report.steps += copied.steps;
    report.elements += copied.elements;
    report.feedbacks += copied.feedbacks;
    Ok(())
}

async fn page(
    from: &Database,
    here: &mut AnyConnection,
    id: &str,
    range: StepRange<'_>,
) -> Outcome<Thread> {
    let thread = threads::get(from.dialect, here, id, range).await?;
    thread.ok_or(Failure::Refused("the thread was removed meanwhile"))
}

fn facts(summary: &ThreadSummary, users: &HashMap<String, String>) -> ThreadUpdate {
    let user_id = summary.user_id.as_ref().and_then(|id| users.get(id)).cloned();
    ThreadUpdate {
        name: summary.name.clone(),
        user_id,
        user_identifier: summary.user_identifier.clone(),
        metadata: Some(summary.metadata.clone()),
        tags: summary.tags.clone(),
        archived_at: Some(summary.archived_at),
        ..ThreadUpdate::new(summary.id.as_str())
    }
}

/// The thread has the age that it had.
async fn set_times(
    dialect: Dialect,
    sql: &mut AnyConnection,
    summary: &ThreadSummary,
) -> Outcome<()> {
    let query = if dialect == Dialect::Official {
        official::SET_TIMES
    } else {
        r#"UPDATE threads SET "createdAt" = COALESCE($2, "createdAt"), "updatedAt" = COALESCE($3, "updatedAt")
        WHERE "id" = $1:uuid"#
    };
    let query = sqlx::query(dialect.sql(query)).bind(text(&summary.id));
    let query = query.bind(summary.created_at.map(rows::row_time));
    query.bind(summary.updated_at.map(rows::row_time)).execute(sql).await?;
    Ok(())
}
