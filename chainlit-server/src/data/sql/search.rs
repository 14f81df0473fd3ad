//! The search in titles and messages.
//!
//! SQLite has an index of all groups of three letters (FTS5, `trigram`), kept by triggers, so that it
//! has what others write, too. It holds no text of its own: `chainlit_search_rows` says whose
//! the entries are. PostgreSQL has the same as an index of `pg_trgm`, if this user may use it. Answers that are still
//! being written are left out of both, since each piece would be indexed anew; there are few of
//! them, and those are read.

use sqlx::{AnyConnection, Executor, Row};

use super::database::Database;
use super::dialect::Dialect;
use super::failure::Outcome;

const SQLITE: [&str; 11] = [
    r#"CREATE TABLE chainlit_search_rows
       ("id" INTEGER PRIMARY KEY, "source" TEXT NOT NULL UNIQUE, "threadId" TEXT NOT NULL)"#,
    r#"CREATE VIRTUAL TABLE chainlit_search USING fts5("text", content='', tokenize='trigram')"#,
    r#"CREATE INDEX chainlit_steps_streaming ON steps ("threadId") WHERE "streaming""#,
    r#"INSERT INTO chainlit_search_rows ("source", "threadId")
       SELECT 's' || "id", "threadId" FROM steps
       WHERE "output" <> '' AND NOT "streaming"
         AND "type" IN ('user_message', 'assistant_message', 'system_message')"#,
    r#"INSERT INTO chainlit_search (rowid, "text")
       SELECT r."id", s."output" FROM chainlit_search_rows r JOIN steps s ON r."source" = 's' || s."id""#,
    r#"INSERT INTO chainlit_search_rows ("source", "threadId")
       SELECT 't' || "id", "id" FROM threads WHERE "name" <> ''"#,
    r#"INSERT INTO chainlit_search (rowid, "text")
       SELECT r."id", t."name" FROM threads t JOIN chainlit_search_rows r ON r."source" = 't' || t."id""#,
    r#"CREATE TRIGGER chainlit_search_new_step AFTER INSERT ON steps
       WHEN NEW."output" <> '' AND NOT NEW."streaming"
         AND NEW."type" IN ('user_message', 'assistant_message', 'system_message') BEGIN
         INSERT INTO chainlit_search_rows ("source", "threadId") VALUES ('s' || NEW."id", NEW."threadId");
         INSERT INTO chainlit_search (rowid, "text")
           SELECT "id", NEW."output" FROM chainlit_search_rows WHERE "source" = 's' || NEW."id";
       END"#,
    r#"CREATE TRIGGER chainlit_search_changed_step AFTER UPDATE OF "output", "streaming", "type" ON steps
       WHEN (NEW."output" IS NOT OLD."output" OR NEW."streaming" IS NOT OLD."streaming" OR NEW."type" IS NOT OLD."type")
         AND NOT (NEW."streaming" AND OLD."streaming") BEGIN
         INSERT INTO chainlit_search (chainlit_search, rowid, "text")
           SELECT 'delete', "id", OLD."output" FROM chainlit_search_rows WHERE "source" = 's' || OLD."id";
         DELETE FROM chainlit_search_rows WHERE "source" = 's' || OLD."id";
         INSERT INTO chainlit_search_rows ("source", "threadId") SELECT 's' || NEW."id", NEW."threadId"
           WHERE NEW."output" <> '' AND NOT NEW."streaming"
             AND NEW."type" IN ('user_message', 'assistant_message', 'system_message');
         INSERT INTO chainlit_search (rowid, "text")
           SELECT "id", NEW."output" FROM chainlit_search_rows WHERE "source" = 's' || NEW."id";
       END"#,
    r#"CREATE TRIGGER chainlit_search_gone_step AFTER DELETE ON steps BEGIN
         INSERT INTO chainlit_search (chainlit_search, rowid, "text")
           SELECT 'delete', "id", OLD."output" FROM chainlit_search_rows WHERE "source" = 's' || OLD."id";
         DELETE FROM chainlit_search_rows WHERE "source" = 's' || OLD."id";
       END"#,
    r#"CREATE TRIGGER chainlit_search_gone_thread AFTER DELETE ON threads BEGIN
         INSERT INTO chainlit_search (chainlit_search, rowid, "text")
           SELECT 'delete', "id", OLD."name" FROM chainlit_search_rows WHERE "source" = 't' || OLD."id";
         DELETE FROM chainlit_search_rows WHERE "source" = 't' || OLD."id";
       END"#,
];

const SQLITE_TITLES: [&str; 2] = [
    r#"CREATE TRIGGER chainlit_search_new_thread AFTER INSERT ON threads WHEN NEW."name" <> '' BEGIN
         INSERT INTO chainlit_search_rows ("source", "threadId") VALUES ('t' || NEW."id", NEW."id");
         INSERT INTO chainlit_search (rowid, "text")
           SELECT "id", NEW."name" FROM chainlit_search_rows WHERE "source" = 't' || NEW."id";
       END"#,
    r#"CREATE TRIGGER chainlit_search_changed_thread AFTER UPDATE OF "name" ON threads
       WHEN NEW."name" IS NOT OLD."name" BEGIN
         INSERT INTO chainlit_search (chainlit_search, rowid, "text")
           SELECT 'delete', "id", OLD."name" FROM chainlit_search_rows WHERE "source" = 't' || OLD."id";
         DELETE FROM chainlit_search_rows WHERE "source" = 't' || OLD."id";
         INSERT INTO chainlit_search_rows ("source", "threadId")
           SELECT 't' || NEW."id", NEW."id" WHERE NEW."name" <> '';
         INSERT INTO chainlit_search (rowid, "text")
           SELECT "id", NEW."name" FROM chainlit_search_rows WHERE "source" = 't' || NEW."id";
       END"#,
];

const POSTGRES: &str =
    r#"CREATE INDEX chainlit_steps_streaming ON steps ("threadId") WHERE "streaming""#;

const POSTGRES_INDEXES: [&str; 2] = [
    r#"CREATE INDEX IF NOT EXISTS chainlit_steps_search ON %steps% USING gin ("output" gin_trgm_ops)
       WHERE NOT "streaming" AND "type" IN ('user_message', 'assistant_message', 'system_message')"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_threads_search ON %threads% USING gin ("name" gin_trgm_ops)"#,
];

/// What belongs to the tables in any case.
pub(super) async fn make(dialect: Dialect, sql: &mut AnyConnection) -> Outcome<()> {
    match dialect {
        Dialect::Postgres | Dialect::Official => {
            sql.execute(POSTGRES).await?;
        }
        Dialect::Sqlite => {
            for statement in SQLITE.into_iter().chain(SQLITE_TITLES) {
                sql.execute(statement).await?;
            }
        }
    }
    Ok(())
}

/// Makes PostgreSQL's indexes, at each start: whoever runs the server may have allowed `pg_trgm` since the
/// last one. Without it a search reads all messages, which is slow and no more.
pub(super) async fn prepare(database: &Database) {
    if !database.dialect.is_postgres() {
        return;
    }
    if let Err(failure) = make_postgres_indexes(database).await {
        tracing::warn!(
            ?failure,
            "the search in conversations is slow without PostgreSQL's extension `pg_trgm`; let this \
             program's user create it, or run `CREATE EXTENSION pg_trgm` in its database"
        );
    }
}

async fn make_postgres_indexes(database: &Database) -> Outcome<()> {
    let found = r#"SELECT CAST(count(*) AS BIGINT) FROM pg_indexes WHERE schemaname = current_schema()
        AND indexname IN ('chainlit_steps_search', 'chainlit_threads_search')"#;
    let found: i64 =
        sqlx::query(found).fetch_one(&mut *database.read().await?).await?.try_get(0)?;
    if found == POSTGRES_INDEXES.len() as i64 {
        return Ok(());
    }
    let mut transaction = database.begin().await?;
    super::migrations::lock(database.dialect, &mut transaction).await?;
    transaction.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm").await?;
    for index in POSTGRES_INDEXES {
        transaction.execute(database.dialect.sql(index)).await?;
    }
    Ok(transaction.commit().await?)
}
