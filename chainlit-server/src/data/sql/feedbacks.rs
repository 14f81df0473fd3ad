//! What users say of answers.

use chainlit_core::{Feedback, FeedbackValue};
use sqlx::AnyConnection;
use uuid::Uuid;

use super::dialect::Dialect;
use super::failure::{Failure, Outcome};
use super::json::text;
use super::{official, rows};

const PUT: &str = r#"INSERT INTO feedbacks ("id", "forId", "threadId", "value", "comment")
    SELECT $1:uuid, s."id", s."threadId", $3, $4 FROM steps s WHERE s."id" = $2:uuid
    ON CONFLICT ("id") DO UPDATE SET "value" = EXCLUDED."value", "comment" = EXCLUDED."comment"
    WHERE feedbacks."forId" = EXCLUDED."forId""#;

/// Adds or changes a feedback, the only one of its step from then on; gives its id. The thread is that of the step.
pub(super) async fn put(
    dialect: Dialect,
    sql: &mut AnyConnection,
    feedback: &Feedback,
) -> Outcome<String> {
    let id = feedback.id.clone().unwrap_or_else(|| Uuid::new_v4().to_string());
    let query = if dialect == Dialect::Official { official::PUT_FEEDBACK } else { PUT };
    let value = i32::from(feedback.value == FeedbackValue::Positive);
    let query = sqlx::query(dialect.sql(query)).bind(id.clone()).bind(feedback.for_id.clone());
    let query = query.bind(value).bind(feedback.comment.as_deref().map(text));
    if query.execute(&mut *sql).await?.rows_affected() == 0 {
        return Err(Failure::Refused("there is no such step, or the feedback is of another one"));
    }
    let query = r#"DELETE FROM %feedbacks% WHERE %for% = $1:uuid AND "id" <> $2:uuid"#;
    let query = sqlx::query(dialect.sql(query)).bind(feedback.for_id.clone()).bind(id.clone());
    query.execute(sql).await?;
    Ok(id)
}

pub(super) async fn delete(dialect: Dialect, sql: &mut AnyConnection, id: &str) -> Outcome<bool> {
    let query = r#"DELETE FROM %feedbacks% WHERE "id" = $1:uuid"#;
    let done = sqlx::query(dialect.sql(query)).bind(id.to_owned()).execute(sql).await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn get(
    dialect: Dialect,
    sql: &mut AnyConnection,
    id: &str,
) -> Outcome<Option<Feedback>> {
    let query = format!(
        r#"SELECT {} FROM %feedbacks% WHERE "id" = $1:uuid"#,
        rows::feedback_columns(dialect)
    );
    let row = sqlx::query(dialect.sql(&query)).bind(id.to_owned()).fetch_optional(sql).await?;
    row.as_ref().map(rows::feedback).transpose()
}

/// The feedback of these steps, a JSON list of ids: one for each, also where others have left several.
pub(super) async fn of_steps(
    dialect: Dialect,
    sql: &mut AnyConnection,
    ids: &str,
) -> Outcome<Vec<Feedback>> {
    let query = format!(
        r#"SELECT {} FROM %feedbacks% WHERE %for% IN ($1:uuids) ORDER BY %feedbacks%."id""#,
        rows::feedback_columns(dialect)
    );
    let query = sqlx::query(dialect.sql(&query)).bind(ids.to_owned());
    let rows = query.fetch_all(sql).await?;
    let mut all: Vec<Feedback> = rows.iter().map(rows::feedback).collect::<Outcome<_>>()?;
    all.sort_by(|a, b| a.for_id.cmp(&b.for_id));
    all.dedup_by(|a, b| a.for_id == b.for_id);
    Ok(all)
}
