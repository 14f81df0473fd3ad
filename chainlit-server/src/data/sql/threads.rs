//! Threads.

use chainlit_core::{Thread, ThreadSummary, ThreadUpdate, Timestamp};
use serde_json::{Map, Value};
use sqlx::AnyConnection;

use super::dialect::Dialect;
use super::failure::Outcome;
use super::json::{json, text};
use super::{elements, feedbacks, official, rows, steps};

/// Makes the thread if there is none, and says that it is being written to.
pub(super) async fn touch(dialect: Dialect, sql: &mut AnyConnection, id: &str) -> Outcome<()> {
    let query = if dialect == Dialect::Official {
        official::TOUCH
    } else {
        r#"INSERT INTO threads ("id", "createdAt", "updatedAt", "metadata")
        VALUES ($1:uuid, $2, $2, $3:json)
        ON CONFLICT ("id") DO UPDATE SET "updatedAt" = EXCLUDED."updatedAt""#
    };
    let now = rows::row_time(Timestamp::now());
    let query = sqlx::query(dialect.sql(query)).bind(id.to_owned()).bind(now).bind("{}".to_owned());
    query.execute(sql).await?;
    Ok(())
}

/// Changes what is given. The thread's row is there and locked by [`touch`], so that what is read of it stays true.
pub(super) async fn update(
    dialect: Dialect,
    sql: &mut AnyConnection,
    update: &ThreadUpdate,
) -> Outcome<()> {
    if let Some(given) = &update.metadata {
        let metadata = merged(dialect, sql, &update.id, given).await?;
        let query = r#"UPDATE %threads% SET "metadata" = $2:json WHERE "id" = $1:uuid"#;
        let query = sqlx::query(dialect.sql(query)).bind(update.id.to_string());
        query.bind(json(&metadata)).execute(&mut *sql).await?;
    }
    if let Some(name) = &update.name {
        let query = if update.keeps_name {
            r#"UPDATE %threads% SET "name" = $2 WHERE "id" = $1:uuid AND "name" IS NULL"#
        } else {
            r#"UPDATE %threads% SET "name" = $2 WHERE "id" = $1:uuid"#
        };
        let query = sqlx::query(dialect.sql(query)).bind(update.id.to_string());
        query.bind(dialect.title(&text(name))).execute(&mut *sql).await?;
    }
    if update.user_id.is_some() || update.user_identifier.is_some() {
        // Whoever is known by one of them only is looked up for the other.
        let query = if dialect == Dialect::Official {
            official::SET_AUTHOR
        } else {
            r#"UPDATE threads SET
            "userId" = COALESCE($2:uuid, (SELECT u."id" FROM users u WHERE u."identifier" = $3)),
            "userIdentifier" = COALESCE($3, (SELECT u."identifier" FROM users u WHERE u."id" = $2:uuid))
            WHERE "id" = $1:uuid AND "userId" IS NULL AND "userIdentifier" IS NULL"#
        };
        let query = sqlx::query(dialect.sql(query)).bind(update.id.to_string());
        let query = query.bind(update.user_id.clone());
        query.bind(update.user_identifier.as_deref().map(text)).execute(&mut *sql).await?;
    }
    if let Some(tags) = &update.tags {
        let query = r#"UPDATE %threads% SET "tags" = $2:tags WHERE "id" = $1:uuid"#;
        let query = sqlx::query(dialect.sql(query)).bind(update.id.to_string());
        query.bind(Some(json(tags))).execute(&mut *sql).await?;
    }
    if let Some(archived_at) = update.archived_at {
        let query = r#"UPDATE %threads% SET "archivedAt" = $2 WHERE "id" = $1:uuid"#;
        let query = sqlx::query(dialect.sql(query)).bind(update.id.to_string());
        query.bind(archived_at.map(rows::row_time)).execute(&mut *sql).await?;
    }
    Ok(())
}

/// What the thread has with what is given over it; `null` takes a fact away.
async fn merged(
    dialect: Dialect,
    sql: &mut AnyConnection,
    id: &str,
    given: &Map<String, Value>,
) -> Outcome<Map<String, Value>> {
    let query =
        r#"SELECT CAST("metadata" AS TEXT) AS "metadata" FROM %threads% WHERE "id" = $1:uuid"#;
    let row = sqlx::query(dialect.sql(query)).bind(id.to_owned()).fetch_optional(sql).await?;
    let mut metadata: Map<String, Value> = match &row {
        Some(row) => rows::from_json(row, "metadata")?,
        None => Map::new(),
    };
    for (key, value) in given {
        match value {
            Value::Null => metadata.remove(key),
            value => metadata.insert(key.clone(), value.clone()),
        };
    }
    Ok(metadata)
}

pub(super) async fn summary(
    dialect: Dialect,
    sql: &mut AnyConnection,
    id: &str,
) -> Outcome<Option<ThreadSummary>> {
    let query = format!(
        r#"SELECT {} FROM %threads% WHERE "id" = $1:uuid{}"#,
        rows::thread_columns(dialect),
        dialect.shown()
    );
    let row = sqlx::query(dialect.sql(&query)).bind(id.to_owned()).fetch_optional(sql).await?;
    row.as_ref().map(rows::summary).transpose()
}

pub(super) async fn get(
    dialect: Dialect,
    sql: &mut AnyConnection,
    id: &str,
    range: chainlit_core::StepRange<'_>,
) -> Outcome<Option<Thread>> {
    let Some(summary) = summary(dialect, sql, id).await? else { return Ok(None) };
    let (steps, has_earlier) = steps::list(dialect, sql, id, range).await?;
    let ids: Vec<&str> = steps.iter().map(|step| &**step.id()).collect();
    let ids = json(&ids);
    let elements = elements::of_steps(dialect, sql, id, &ids).await?;
    let feedbacks = feedbacks::of_steps(dialect, sql, &ids).await?;
    Ok(Some(Thread { summary, steps, elements, feedbacks, has_earlier }))
}

/// Removes the thread with all that belongs to it, also where another program's tables have no rule for that.
pub(super) async fn delete(dialect: Dialect, sql: &mut AnyConnection, id: &str) -> Outcome<()> {
    if dialect == Dialect::Official {
        sqlx::query(official::DELETE_FEEDBACKS).bind(id.to_owned()).execute(&mut *sql).await?;
    } else {
        let query = r#"DELETE FROM feedbacks WHERE "threadId" = $1:uuid"#;
        sqlx::query(dialect.sql(query)).bind(id.to_owned()).execute(&mut *sql).await?;
    }
    for query in [
        r#"DELETE FROM %elements% WHERE "threadId" = $1:uuid"#,
        r#"DELETE FROM %steps% WHERE "threadId" = $1:uuid"#,
        r#"DELETE FROM %threads% WHERE "id" = $1:uuid"#,
    ] {
        sqlx::query(dialect.sql(query)).bind(id.to_owned()).execute(&mut *sql).await?;
    }
    Ok(())
}
