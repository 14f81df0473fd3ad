//! Messages and steps.

use chainlit_core::wire::{AnyStep, Facts};
use chainlit_core::{StepRange, ThreadStep, Timestamp};
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::dialect::Dialect;
use super::failure::{Failure, Outcome};
use super::json::{json, text};
use super::{official, rows};

/// How many favourites are given at most.
const FAVORITES: usize = 1000;

/// The order of the parameters is that of the official tables, too.
const PUT: &str = r#"INSERT INTO steps ("id", "name", "type", "threadId", "parentId", "streaming",
        "waitForAnswer", "isError", "metadata", "tags", "input", "output", "createdAt", "command",
        "start", "end", "generation", "showInput", "language", "defaultOpen", "autoCollapse", "modes")
    VALUES ($1:uuid, $2, $3, $4:uuid, $5:uuid, $6, $7, $8, $9:json, $10:tags, $11, $12, $13, $14,
        $15, $16, $17:json, $18, $19, $20, $21, $22:json)
    ON CONFLICT ("id") DO UPDATE SET
        "name" = EXCLUDED."name", "type" = EXCLUDED."type", "parentId" = EXCLUDED."parentId",
        "streaming" = EXCLUDED."streaming", "waitForAnswer" = EXCLUDED."waitForAnswer",
        "isError" = EXCLUDED."isError", "metadata" = EXCLUDED."metadata", "tags" = EXCLUDED."tags",
        "input" = EXCLUDED."input", "output" = EXCLUDED."output", "createdAt" = EXCLUDED."createdAt",
        "command" = EXCLUDED."command", "start" = EXCLUDED."start", "end" = EXCLUDED."end",
        "generation" = EXCLUDED."generation", "showInput" = EXCLUDED."showInput",
        "language" = EXCLUDED."language", "defaultOpen" = EXCLUDED."defaultOpen",
        "autoCollapse" = EXCLUDED."autoCollapse", "modes" = EXCLUDED."modes"
    WHERE steps."threadId" = EXCLUDED."threadId""#;

/// Adds or replaces a step of a thread that is there. What stands under its id in another thread
/// stays.
pub(super) async fn put(
    dialect: Dialect,
    sql: &mut AnyConnection,
    step: &ThreadStep,
) -> Outcome<()> {
    let query = if dialect == Dialect::Official {
        official::make_parent(sql, step).await?;
        official::PUT_STEP
    } else {
        PUT
    };
    let time = |time: Option<Timestamp>| time.map(rows::row_time);
    let query = sqlx::query(dialect.sql(query)).bind(step.id().to_string());
    let query = match step.as_any() {
        AnyStep::Message(message) => query
            .bind(text(&message.name))
            .bind(word(&message.kind))
            .bind(message.thread_id.to_string())
            .bind(message.parent_id.as_deref().map(str::to_owned))
            .bind(message.streaming)
            .bind(Some(message.wait_for_answer))
            .bind(message.is_error)
            .bind(facts(&message.metadata))
            .bind(message.tags.as_ref().map(json))
            .bind(None::<String>)
            .bind(text(&message.output))
            .bind(time(message.created_at))
            .bind(message.command.as_deref().map(text))
            .bind(time(message.start))
            .bind(time(message.end))
            .bind(None::<String>)
            .bind(None::<String>)
            .bind(message.language.as_deref().map(text))
            .bind(None::<bool>)
            .bind(None::<bool>)
            .bind(message.modes.as_ref().map(json)),
        AnyStep::Step(step) => query
            .bind(text(&step.name))
            .bind(text(&step.kind))
            .bind(step.thread_id.to_string())
            .bind(step.parent_id.as_deref().map(str::to_owned))
            .bind(step.streaming)
            .bind(None::<bool>)
            .bind(step.is_error)
            .bind(json(&step.metadata))
            .bind(step.tags.as_ref().map(json))
            .bind(Some(text(&step.input)))
            .bind(text(&step.output))
            .bind(time(step.created_at))
            .bind(None::<String>)
            .bind(time(step.start))
            .bind(time(step.end))
            .bind(step.generation.as_ref().map(json))
            .bind(Some(text(&rows::show_input_text(&step.show_input))))
            .bind(step.language.as_deref().map(text))
            .bind(Some(step.default_open))
            .bind(Some(step.auto_collapse))
            .bind(None::<String>),
    };
    let done = query.execute(sql).await?;
    if done.rows_affected() == 0 {
        return Err(Failure::Refused("the step's id belongs to another thread"));
    }
    Ok(())
}

/// A word of a list, as the wire has it.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

fn facts(facts: &Facts) -> String {
    if facts.as_str() == "{}" { "{}".to_owned() } else { json(&facts.to_map()) }
}

/// Removes the step of that thread with what belongs to it.
pub(super) async fn delete(
    dialect: Dialect,
    sql: &mut AnyConnection,
    thread_id: &str,
    id: &str,
) -> Outcome<()> {
    // It takes only along what is its own, wherever a foreign key would have it otherwise.
    let before: [&str; 2] = if dialect == Dialect::Official {
        official::BEFORE_DELETE_STEP
    } else {
        [
            r#"DELETE FROM feedbacks WHERE "forId" = $1:uuid AND "threadId" = $2:uuid"#,
            r#"DELETE FROM elements WHERE "forId" = $1:uuid AND "threadId" = $2:uuid"#,
        ]
    };
    for query in before
        .into_iter()
        .chain([r#"DELETE FROM %steps% WHERE "id" = $1:uuid AND "threadId" = $2:uuid"#])
    {
        let query = sqlx::query(dialect.sql(query)).bind(id.to_owned()).bind(thread_id.to_owned());
        query.execute(&mut *sql).await?;
    }
    Ok(())
}

/// The place of a step among those of its thread.
fn place_of(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Official {
        official::PLACE
    } else {
        r#"COALESCE(steps."createdAt", '')%order%"#
    }
}

/// The steps of that range, oldest first, and whether there are earlier ones.
pub(super) async fn list(
    dialect: Dialect,
    sql: &mut AnyConnection,
    thread_id: &str,
    range: StepRange<'_>,
) -> Outcome<(Vec<ThreadStep>, bool)> {
    let (before, count) = match range {
        StepRange::Last(count) => (None, Some(count)),
        StepRange::Before { id, count } => match place(dialect, sql, thread_id, id).await? {
            Some(place) => (Some((place, id)), Some(count)),
            None => return Ok((Vec::new(), false)),
        },
        _ => (None, None),
    };
    let limit =
        count.map_or(i64::MAX, |count| i64::try_from(count).unwrap_or(i64::MAX).saturating_add(1));
    let (columns, order) = (rows::step_columns(dialect), place_of(dialect));
    let rows = match before {
        None => {
            let query = format!(
                r#"SELECT {columns} FROM %steps% WHERE "threadId" = $1:uuid
                ORDER BY {order} DESC, %steps%."id" DESC LIMIT $2"#
            );
            sqlx::query(dialect.sql(&query))
                .bind(thread_id.to_owned())
                .bind(limit)
                .fetch_all(sql)
                .await?
        }
        Some((place, id)) => {
            let query = format!(
                r#"SELECT {columns} FROM %steps% WHERE "threadId" = $1:uuid
                AND ({order}, %steps%."id") < ($3, $4:uuid)
                ORDER BY {order} DESC, %steps%."id" DESC LIMIT $2"#
            );
            let query = sqlx::query(dialect.sql(&query)).bind(thread_id.to_owned()).bind(limit);
            query.bind(place).bind(id.to_owned()).fetch_all(sql).await?
        }
    };
    let has_earlier = count.is_some_and(|count| rows.len() > count);
    let rows = &rows[..rows.len().min(count.unwrap_or(usize::MAX))];
    Ok((rows.iter().rev().map(rows::step).collect::<Outcome<_>>()?, has_earlier))
}

async fn place(
    dialect: Dialect,
    sql: &mut AnyConnection,
    thread_id: &str,
    id: &str,
) -> Outcome<Option<String>> {
    let query = format!(
        r#"SELECT CAST({} AS TEXT) FROM %steps% WHERE "id" = $1:uuid AND "threadId" = $2:uuid"#,
        place_of(dialect)
    );
    let query = sqlx::query(dialect.sql(&query)).bind(id.to_owned()).bind(thread_id.to_owned());
    let row: Option<AnyRow> = query.fetch_optional(sql).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// The favourite messages of that user, newest first.
pub(super) async fn favorites(
    dialect: Dialect,
    sql: &mut AnyConnection,
    user_id: &str,
) -> Outcome<Vec<ThreadStep>> {
    let query = format!(
        r#"SELECT {} FROM %steps% WHERE %favorite%
        AND EXISTS (SELECT 1 FROM %threads% t WHERE t."id" = %steps%."threadId" AND t."userId" = $1:uuid)
        ORDER BY {} DESC, %steps%."id" DESC LIMIT {FAVORITES}"#,
        rows::step_columns(dialect),
        place_of(dialect)
    );
    let rows = sqlx::query(dialect.sql(&query)).bind(user_id.to_owned()).fetch_all(sql).await?;
    let steps: Vec<ThreadStep> = rows.iter().map(rows::step).collect::<Outcome<_>>()?;
    // SQLite has looked for the text, which may stand deeper.
    Ok(steps.into_iter().filter(is_favorite).collect())
}

fn is_favorite(step: &ThreadStep) -> bool {
    let mark = match step.as_any() {
        AnyStep::Message(message) => message.metadata.to_map().remove("favorite"),
        AnyStep::Step(step) => step.metadata.get("favorite").cloned(),
    };
    mark == Some(Value::Bool(true))
}

/// Sets or takes away the mark; gives the step as it is then.
pub(super) async fn set_favorite(
    dialect: Dialect,
    sql: &mut AnyConnection,
    thread_id: &str,
    id: &str,
    is_favorite: bool,
) -> Outcome<Option<ThreadStep>> {
    let query = r#"SELECT CAST("metadata" AS TEXT) AS "metadata" FROM %steps%
        WHERE "id" = $1:uuid AND "threadId" = $2:uuid%lock%"#;
    let query = sqlx::query(dialect.sql(query)).bind(id.to_owned()).bind(thread_id.to_owned());
    let Some(row) = query.fetch_optional(&mut *sql).await? else { return Ok(None) };
    let mut metadata: serde_json::Map<String, Value> = rows::from_json(&row, "metadata")?;
    metadata.insert("favorite".to_owned(), Value::Bool(is_favorite));
    let query = format!(
        r#"UPDATE %steps% SET "metadata" = $1:json WHERE "id" = $2:uuid AND "threadId" = $3:uuid
        RETURNING {}"#,
        rows::step_columns(dialect)
    );
    let query = sqlx::query(dialect.sql(&query)).bind(json(&metadata));
    let row = query.bind(id.to_owned()).bind(thread_id.to_owned()).fetch_optional(sql).await?;
    row.as_ref().map(rows::step).transpose()
}
