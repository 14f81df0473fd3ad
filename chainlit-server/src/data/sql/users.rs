//! Users.

use chainlit_core::{PersistedUser, Timestamp, User};
use sqlx::AnyConnection;
use uuid::Uuid;

use super::dialect::Dialect;
use super::failure::Outcome;
use super::json::{json, text};
use super::{official, rows};

pub(super) async fn get(
    dialect: Dialect,
    sql: &mut AnyConnection,
    identifier: &str,
) -> Outcome<Option<PersistedUser>> {
    let query =
        format!(r#"SELECT {} FROM %users% WHERE "identifier" = $1"#, rows::user_columns(dialect));
    let row = sqlx::query(dialect.sql(&query)).bind(text(identifier)).fetch_optional(sql).await?;
    row.as_ref().map(rows::user).transpose()
}

pub(super) async fn create(
    dialect: Dialect,
    sql: &mut AnyConnection,
    user: &User,
) -> Outcome<PersistedUser> {
    put(dialect, sql, &PersistedUser::new(Uuid::new_v4().to_string(), user.clone())).await
}

/// Adds the user under that id, or changes the one with that identifier.
pub(super) async fn put(
    dialect: Dialect,
    sql: &mut AnyConnection,
    new: &PersistedUser,
) -> Outcome<PersistedUser> {
    let insert = if dialect == Dialect::Official {
        official::PUT_USER
    } else {
        r#"INSERT INTO users ("id", "identifier", "metadata", "createdAt", "displayName")
        VALUES ($1:uuid, $2, $3:json, $4, $5)"#
    };
    let query = format!(
        r#"{insert} ON CONFLICT ("identifier") DO UPDATE
        SET "metadata" = EXCLUDED."metadata", "displayName" = EXCLUDED."displayName"
        RETURNING {}"#,
        rows::user_columns(dialect)
    );
    let row = sqlx::query(dialect.sql(&query))
        .bind(new.id.clone())
        .bind(text(&new.user.identifier))
        .bind(json(&new.user.metadata))
        .bind(rows::row_time(new.created_at.unwrap_or_else(Timestamp::now)))
        .bind(new.user.display_name.as_deref().map(text))
        .fetch_one(sql)
        .await?;
    rows::user(&row)
}
