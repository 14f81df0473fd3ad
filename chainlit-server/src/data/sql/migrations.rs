//! Brings the tables to what this program knows, step by step.
//!
//! Each step is one transaction that holds a lock, looks where the tables are, and notes where they are
//! then: two processes that start at once do each step once, and one that is killed leaves nothing half
//! done. What a step does never changes once it was released.

use sqlx::{AnyConnection, Executor, Row};

use super::database::Database;
use super::dialect::Dialect;
use super::failure::{Failure, Outcome};
use super::tables::TABLES;
use super::{indexes, official, search};
use crate::data::OpenError;

/// The last step that this program knows.
const NEWEST: i64 = 2;

/// Any number that others are not likely to take for an advisory lock of theirs.
const LOCK: i64 = 0x6368_6169_6e6c_6974;

/// Does all steps that are missing.
pub(super) async fn run(database: &Database) -> Result<(), OpenError> {
    while one_step(database).await? {}
    Ok(())
}

/// Why a step was not done.
enum Problem {
    Open(OpenError),
    Sql(Failure),
}

impl<T: Into<Failure>> From<T> for Problem {
    fn from(failure: T) -> Self {
        Self::Sql(failure.into())
    }
}

/// Does the next step; false when there is none.
async fn one_step(database: &Database) -> Result<bool, OpenError> {
    let mut version = 1;
    match try_step(database, &mut version).await {
        Ok(done) => Ok(done),
        Err(Problem::Open(error)) => Err(error),
        Err(Problem::Sql(failure)) => {
            let source = match failure {
                Failure::Sql(error) => error.into(),
                Failure::Refused(why) => why.into(),
            };
            Err(OpenError::Migration { version, source })
        }
    }
}

async fn try_step(database: &Database, version: &mut i64) -> Result<bool, Problem> {
    let dialect = database.dialect;
    let mut transaction = database.begin().await?;
    let sql = &mut *transaction;
    lock(dialect, sql).await?;
    let found = found(dialect, sql).await?;
    if found > NEWEST {
        return Err(Problem::Open(OpenError::Newer { found, known: NEWEST }));
    }
    if found == NEWEST {
        return Ok(false);
    }
    *version = found + 1;
    match *version {
        1 if dialect == Dialect::Official => official::complete(sql).await?,
        _ if dialect == Dialect::Official => {}
        1 => {
            make_tables(dialect, sql).await?;
            indexes::make(dialect, sql).await?;
        }
        _ => search::make(dialect, sql).await?,
    }
    let note = r#"INSERT INTO chainlit_migrations ("version", "appliedAt") VALUES ($1, $2)"#;
    let now = super::rows::row_time(chainlit_core::Timestamp::now());
    sqlx::query(note).bind(*version).bind(now).execute(&mut *sql).await?;
    transaction.commit().await?;
    tracing::info!(version = *version, "the database's tables are up to date");
    Ok(true)
}

/// Lets no other process change tables until the transaction ends. An SQLite file is locked by the
/// transaction itself.
pub(super) async fn lock(dialect: Dialect, sql: &mut AnyConnection) -> Outcome<()> {
    if dialect.is_postgres() {
        let lock = "SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)";
        sqlx::query(lock).bind(LOCK).execute(sql).await?;
    }
    Ok(())
}

/// Where the tables are.
async fn found(dialect: Dialect, sql: &mut AnyConnection) -> Outcome<i64> {
    sql.execute(dialect.sql(
        r#"CREATE TABLE IF NOT EXISTS chainlit_migrations
        ("version" INTEGER PRIMARY KEY NOT NULL, "appliedAt" TEXT NOT NULL)"#,
    ))
    .await?;
    let query = r#"SELECT CAST(COALESCE(MAX("version"), 0) AS BIGINT) FROM chainlit_migrations"#;
    Ok(sqlx::query(query).fetch_one(sql).await?.try_get(0)?)
}

/// Makes the tables, or adds to those of Chainlit for Python what they lack.
async fn make_tables(dialect: Dialect, sql: &mut AnyConnection) -> Result<(), Problem> {
    for table in &TABLES {
        let there = columns(dialect, sql, table.name).await?;
        if there.is_empty() {
            sql.execute(dialect.sql(&table.create(dialect))).await?;
            continue;
        }
        for column in table.columns.iter().filter(|column| !there.iter().any(|c| c == column.name))
        {
            if !column.can_be_added() {
                let (table, column) = (table.name, column.name);
                return Err(Problem::Open(OpenError::ForeignTable { table, column }));
            }
            let add =
                format!("ALTER TABLE {} ADD COLUMN {}", table.name, column.definition(dialect));
            sql.execute(dialect.sql(&add)).await?;
        }
    }
    Ok(())
}

/// The columns of a table; none when there is no such table.
pub(super) async fn columns(
    dialect: Dialect,
    sql: &mut AnyConnection,
    table: &str,
) -> Outcome<Vec<String>> {
    let query = match dialect {
        Dialect::Sqlite => "SELECT CAST(name AS TEXT) FROM pragma_table_info($1)",
        Dialect::Postgres | Dialect::Official => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let rows = sqlx::query(query).bind(table.to_owned()).fetch_all(sql).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}
