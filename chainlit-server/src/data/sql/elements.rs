//! Elements: what is known of them, not their content.

use chainlit_core::wire::ElementDict;
use serde_json::Value;
use sqlx::AnyConnection;

use super::dialect::Dialect;
use super::failure::{Failure, Outcome};
use super::json::{json, text};
use super::{official, rows};

/// The order of the parameters is that of the official tables, too.
const PUT: &str = r#"INSERT INTO elements ("id", "threadId", "type", "url", "chainlitKey", "name", "display",
        "objectKey", "size", "page", "language", "forId", "mime", "props", "autoPlay", "playerConfig")
    VALUES ($1:uuid, $2:uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12:uuid, $13, $14:json, $15, $16:json)
    ON CONFLICT ("id") DO UPDATE SET
        "type" = EXCLUDED."type", "url" = EXCLUDED."url", "chainlitKey" = EXCLUDED."chainlitKey",
        "name" = EXCLUDED."name", "display" = EXCLUDED."display",
        "objectKey" = EXCLUDED."objectKey", "size" = EXCLUDED."size", "page" = EXCLUDED."page",
        "language" = EXCLUDED."language", "forId" = EXCLUDED."forId", "mime" = EXCLUDED."mime",
        "props" = EXCLUDED."props", "autoPlay" = EXCLUDED."autoPlay",
        "playerConfig" = EXCLUDED."playerConfig"
    WHERE elements."threadId" = EXCLUDED."threadId""#;

/// Adds or replaces an element of a thread that is there. What stands under its id in another thread
/// stays.
pub(super) async fn put(
    dialect: Dialect,
    sql: &mut AnyConnection,
    element: &ElementDict,
) -> Outcome<()> {
    let query = if dialect == Dialect::Official {
        // There an element without a step can't be; Python does not keep such either.
        if element.for_id.is_empty() {
            return Ok(());
        }
        official::make_step_of(sql, element).await?;
        official::PUT_ELEMENT
    } else {
        PUT
    };
    let some = |value: &Option<String>| value.as_deref().map(text);
    // Task lists and the side bar's elements belong to no step.
    let for_id = Some(element.for_id.to_string()).filter(|id| !id.is_empty());
    let done = sqlx::query(dialect.sql(query))
        .bind(element.id.to_string())
        .bind(element.thread_id.to_string())
        .bind(word(&element.kind))
        .bind(some(&element.url))
        .bind(some(&element.chainlit_key))
        .bind(text(&element.name))
        .bind(word(&element.display))
        .bind(some(&element.object_key))
        .bind(element.size.as_ref().and_then(word))
        .bind(element.page.map(|page| i32::try_from(page).unwrap_or(i32::MAX)))
        .bind(some(&element.language))
        .bind(for_id)
        .bind(some(&element.mime))
        .bind(element.props.as_ref().map(json))
        .bind(element.auto_play)
        .bind(element.player_config.as_ref().map(json))
        .execute(sql)
        .await?;
    if done.rows_affected() == 0 {
        return Err(Failure::Refused("the element's id belongs to another thread"));
    }
    Ok(())
}

fn word(value: &impl serde::Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Some(word),
        _ => None,
    }
}

pub(super) async fn get(
    dialect: Dialect,
    sql: &mut AnyConnection,
    thread_id: &str,
    id: &str,
) -> Outcome<Option<ElementDict>> {
    let query = format!(
        r#"SELECT {} FROM %elements% WHERE "id" = $1:uuid AND "threadId" = $2:uuid"#,
        rows::element_columns(dialect)
    );
    let query = sqlx::query(dialect.sql(&query)).bind(id.to_owned()).bind(thread_id.to_owned());
    query.fetch_optional(sql).await?.as_ref().map(rows::element).transpose()
}

/// The elements of these steps, a JSON list of ids.
pub(super) async fn of_steps(
    dialect: Dialect,
    sql: &mut AnyConnection,
    thread_id: &str,
    ids: &str,
) -> Outcome<Vec<ElementDict>> {
    let query = format!(
        r#"SELECT {} FROM %elements% WHERE "threadId" = $1:uuid AND %for% IN ($2:uuids) ORDER BY %elements%."id""#,
        rows::element_columns(dialect)
    );
    let query = sqlx::query(dialect.sql(&query)).bind(thread_id.to_owned()).bind(ids.to_owned());
    query.fetch_all(sql).await?.iter().map(rows::element).collect()
}

/// All elements of the thread, also those of no step.
pub(super) async fn of_thread(
    dialect: Dialect,
    sql: &mut AnyConnection,
    thread_id: &str,
) -> Outcome<Vec<ElementDict>> {
    let query = format!(
        r#"SELECT {} FROM %elements% WHERE "threadId" = $1:uuid"#,
        rows::element_columns(dialect)
    );
    let query = sqlx::query(dialect.sql(&query)).bind(thread_id.to_owned());
    query.fetch_all(sql).await?.iter().map(rows::element).collect()
}

pub(super) async fn delete(
    dialect: Dialect,
    sql: &mut AnyConnection,
    thread_id: &str,
    id: &str,
) -> Outcome<()> {
    let query = r#"DELETE FROM %elements% WHERE "id" = $1:uuid AND "threadId" = $2:uuid"#;
    let query = sqlx::query(dialect.sql(query)).bind(id.to_owned()).bind(thread_id.to_owned());
    query.execute(sql).await?;
    Ok(())
}
