//! Indexes, and what keeps `updatedAt` of threads.

use sqlx::{AnyConnection, Executor};

use super::dialect::Dialect;
use super::failure::Outcome;

/// One page of a list or of a thread is one walk along each.
const INDEXES: [&str; 8] = [
    r#"CREATE INDEX IF NOT EXISTS chainlit_threads_shown ON threads ("userId", "updatedAt", "id")
       WHERE "archivedAt" IS NULL"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_threads_archived ON threads ("userId", "updatedAt", "id")
       WHERE "archivedAt" IS NOT NULL"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_steps_thread ON steps
       ("threadId", (COALESCE("createdAt", ''))%order%, "id")"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_steps_favorite ON steps ("threadId") WHERE %favorite%"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_elements_thread ON elements ("threadId", "forId")"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_elements_step ON elements ("forId")"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_feedbacks_thread ON feedbacks ("threadId", "value")"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_feedbacks_step ON feedbacks ("forId")"#,
];

/// What others write moves a thread up, too. Our own writes set the time themselves, to the microsecond,
/// and are left alone: a thread that was written to within the last second stays as it is.
const SQLITE_TRIGGERS: [&str; 5] = [
    r#"CREATE TRIGGER IF NOT EXISTS chainlit_new_thread AFTER INSERT ON threads
       WHEN NEW."updatedAt" IS NULL BEGIN
         UPDATE threads SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' WHERE "id" = NEW."id";
       END"#,
    r#"CREATE TRIGGER IF NOT EXISTS chainlit_changed_thread AFTER UPDATE OF "name", "metadata", "tags", "userId" ON threads
       WHEN NEW."updatedAt" IS OLD."updatedAt"
         AND (OLD."updatedAt" IS NULL OR OLD."updatedAt" < strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 second')) BEGIN
         UPDATE threads SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' WHERE "id" = NEW."id";
       END"#,
    r#"CREATE TRIGGER IF NOT EXISTS chainlit_new_step AFTER INSERT ON steps BEGIN
         UPDATE threads SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z'
         WHERE "id" = NEW."threadId"
           AND ("updatedAt" IS NULL OR "updatedAt" < strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 second'));
       END"#,
    r#"CREATE TRIGGER IF NOT EXISTS chainlit_changed_step AFTER UPDATE ON steps BEGIN
         UPDATE threads SET "updatedAt" = strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z'
         WHERE "id" = NEW."threadId"
           AND ("updatedAt" IS NULL OR "updatedAt" < strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 second'));
       END"#,
    BACKFILL,
];

const POSTGRES_TRIGGERS: [&str; 7] = [
    r#"CREATE OR REPLACE FUNCTION chainlit_now(ago INTERVAL) RETURNS TEXT LANGUAGE sql VOLATILE AS $body$
         SELECT to_char((clock_timestamp() - ago) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
       $body$"#,
    r#"CREATE OR REPLACE FUNCTION chainlit_thread_written() RETURNS trigger LANGUAGE plpgsql
       SET search_path FROM CURRENT AS $body$ BEGIN
         IF NEW."updatedAt" IS NULL THEN
           NEW."updatedAt" := chainlit_now('0');
         ELSIF TG_OP = 'UPDATE' AND NEW."updatedAt" = OLD."updatedAt"
             AND NEW."updatedAt" < chainlit_now('1 second') THEN
           NEW."updatedAt" := chainlit_now('0');
         END IF;
         RETURN NEW;
       END $body$"#,
    r#"CREATE OR REPLACE FUNCTION chainlit_step_written() RETURNS trigger LANGUAGE plpgsql
       SET search_path FROM CURRENT AS $body$ BEGIN
         UPDATE threads SET "updatedAt" = chainlit_now('0') WHERE "id" = NEW."threadId"
           AND ("updatedAt" IS NULL OR "updatedAt" < chainlit_now('1 second'));
         RETURN NULL;
       END $body$"#,
    BACKFILL,
    r#"CREATE TRIGGER chainlit_new_thread BEFORE INSERT ON threads
       FOR EACH ROW EXECUTE FUNCTION chainlit_thread_written()"#,
    r#"CREATE TRIGGER chainlit_changed_thread BEFORE UPDATE OF "name", "metadata", "tags", "userId" ON threads
       FOR EACH ROW EXECUTE FUNCTION chainlit_thread_written()"#,
    r#"CREATE TRIGGER chainlit_written_step AFTER INSERT OR UPDATE ON steps
       FOR EACH ROW EXECUTE FUNCTION chainlit_step_written()"#,
];

/// Threads that others have left.
const BACKFILL: &str = r#"UPDATE threads SET "updatedAt" = COALESCE(
    (SELECT MAX(s."createdAt") FROM steps s WHERE s."threadId" = threads."id"), "createdAt", '')
    WHERE "updatedAt" IS NULL"#;

pub(super) async fn make(dialect: Dialect, sql: &mut AnyConnection) -> Outcome<()> {
    for index in INDEXES {
        sql.execute(dialect.sql(index)).await?;
    }
    let triggers: &[&'static str] = match dialect {
        Dialect::Sqlite => &SQLITE_TRIGGERS,
        Dialect::Postgres | Dialect::Official => &POSTGRES_TRIGGERS,
    };
    for trigger in triggers {
        sql.execute(*trigger).await?;
    }
    Ok(())
}
