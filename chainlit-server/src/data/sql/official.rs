//! The tables of Chainlit's official data layer (`"Thread"`, `"Step"`, ...), as its Prisma schema makes them.
//!
//! They get columns of ours, each with a default, so that Python's code does not notice. What it has
//! only to the millisecond (`"startTime"`) we keep as text beside it, which triggers fill for Python's
//! rows. Everything that is not here is the same as for our own tables.

use chainlit_core::wire::{AnyStep, ElementDict};
use chainlit_core::{ThreadStep, Timestamp};
use sqlx::{AnyConnection, Executor};

use super::dialect::Dialect;
use super::failure::Outcome;
use super::{migrations, rows};

/// The longest title, as Python cuts it.
const TITLE: usize = 255;

impl Dialect {
    /// The title as the column can have it.
    pub(super) fn title(self, title: &str) -> String {
        match self {
            Self::Official => title.chars().take(TITLE).collect(),
            _ => title.to_owned(),
        }
    }

    /// What threads must be to be shown, behind other conditions.
    pub(super) fn shown(self) -> &'static str {
        if self == Self::Official { r#" AND "deletedAt" IS NULL"# } else { "" }
    }
}

pub(super) const THREAD: &str = r#"CAST("id" AS TEXT) AS "id", CAST("createdAt" AS TEXT) AS "createdAt",
    CAST("written" AS TEXT) AS "updatedAt", CAST("name" AS TEXT) AS "name",
    CAST("userId" AS TEXT) AS "userId",
    (SELECT CAST(u."identifier" AS TEXT) FROM "User" u WHERE u."id" = "Thread"."userId") AS "userIdentifier",
    CAST(%tags% AS TEXT) AS "tags", CAST("metadata" AS TEXT) AS "metadata",
    CAST("archivedAt" AS TEXT) AS "archivedAt""#;

pub(super) const STEP: &str = r#"CAST("id" AS TEXT) AS "id", CAST("name" AS TEXT) AS "name",
    CAST("type" AS TEXT) AS "type", CAST("threadId" AS TEXT) AS "threadId",
    CAST("parentId" AS TEXT) AS "parentId", CAST("streaming" AS INTEGER) AS "streaming",
    CAST("waitForAnswer" AS INTEGER) AS "waitForAnswer", CAST("isError" AS INTEGER) AS "isError",
    CAST("metadata" AS TEXT) AS "metadata", CAST(%tags% AS TEXT) AS "tags",
    CAST("input" AS TEXT) AS "input", CAST("output" AS TEXT) AS "output",
    CAST("created" AS TEXT) AS "createdAt", CAST("command" AS TEXT) AS "command",
    CAST("start" AS TEXT) AS "start", CAST("end" AS TEXT) AS "end",
    CAST("generation" AS TEXT) AS "generation", CAST("showInput" AS TEXT) AS "showInput",
    CAST("language" AS TEXT) AS "language", CAST("defaultOpen" AS INTEGER) AS "defaultOpen",
    CAST("autoCollapse" AS INTEGER) AS "autoCollapse", CAST("modes" AS TEXT) AS "modes""#;

pub(super) const ELEMENT: &str = r#"CAST("id" AS TEXT) AS "id", CAST("threadId" AS TEXT) AS "threadId",
    CAST("metadata"->>'type' AS TEXT) AS "type", CAST("url" AS TEXT) AS "url",
    CAST("chainlitKey" AS TEXT) AS "chainlitKey", CAST("name" AS TEXT) AS "name",
    CAST("display" AS TEXT) AS "display", CAST("objectKey" AS TEXT) AS "objectKey",
    CAST("size" AS TEXT) AS "size", CAST("page" AS INTEGER) AS "page",
    CAST("language" AS TEXT) AS "language", CAST("stepId" AS TEXT) AS "forId",
    CAST("mime" AS TEXT) AS "mime", CAST("props" AS TEXT) AS "props",
    CAST("autoPlay" AS INTEGER) AS "autoPlay", CAST("playerConfig" AS TEXT) AS "playerConfig""#;

pub(super) const FEEDBACK: &str = r#"CAST("id" AS TEXT) AS "id", CAST("stepId" AS TEXT) AS "forId",
    (SELECT CAST(s."threadId" AS TEXT) FROM "Step" s WHERE s."id" = "Feedback"."stepId") AS "threadId",
    CAST("value" AS INTEGER) AS "value", CAST("comment" AS TEXT) AS "comment""#;

pub(super) const SET_TIMES: &str = r#"UPDATE "Thread" SET
    "createdAt" = COALESCE($2:timestamp, "createdAt"), "updatedAt" = COALESCE($3:timestamp, "updatedAt"),
    "written" = COALESCE($3, "written") WHERE "id" = $1"#;

/// What threads are sorted by.
pub(super) const WRITTEN: &str = r#""Thread"."written""#;

/// What steps are sorted by.
pub(super) const PLACE: &str = r#""Step"."created""#;

pub(super) const PUT_USER: &str = r#"INSERT INTO "User"
    ("id", "identifier", "metadata", "createdAt", "updatedAt", "displayName")
    VALUES ($1, $2, $3:json, $4:timestamp, $4:timestamp, $5)"#;

pub(super) const TOUCH: &str = r#"INSERT INTO "Thread" ("id", "createdAt", "updatedAt", "written", "metadata")
    VALUES ($1, $2:timestamp, $2:timestamp, $2, $3:json)
    ON CONFLICT ("id") DO UPDATE SET "updatedAt" = EXCLUDED."updatedAt", "written" = EXCLUDED."written""#;

pub(super) const SET_AUTHOR: &str = r#"UPDATE "Thread" SET "userId" = COALESCE(
    (SELECT u."id" FROM "User" u WHERE u."id" = $2), (SELECT u."id" FROM "User" u WHERE u."identifier" = $3))
    WHERE "id" = $1 AND "userId" IS NULL"#;

pub(super) const DELETE_FEEDBACKS: &str = r#"DELETE FROM "Feedback"
    WHERE "stepId" IN (SELECT s."id" FROM "Step" s WHERE s."threadId" = $1)"#;

/// Steps below it would go with it, by a foreign key.
pub(super) const BEFORE_DELETE_STEP: [&str; 2] = [
    r#"DELETE FROM "Feedback"
       WHERE "stepId" IN (SELECT s."id" FROM "Step" s WHERE s."id" = $1 AND s."threadId" = $2)"#,
    r#"UPDATE "Step" SET "parentId" = NULL
       WHERE "parentId" IN (SELECT s."id" FROM "Step" s WHERE s."id" = $1 AND s."threadId" = $2)"#,
];

pub(super) const PUT_STEP: &str = r#"INSERT INTO "Step" ("id", "name", "type", "threadId", "parentId",
        "streaming", "waitForAnswer", "isError", "metadata", "tags", "input", "output", "created",
        "command", "start", "end", "generation", "showInput", "language", "defaultOpen",
        "autoCollapse", "modes", "startTime", "endTime", "updatedAt")
    VALUES ($1, $2, CAST($3 AS "StepType"), $4, $5, $6, $7, $8, $9:json, $10:tags, $11, $12, $13, $14,
        $15, $16, $17:json, $18, $19, $20, $21, $22:json,
        COALESCE($13:timestamp, $15:timestamp, timezone('utc', now())),
        COALESCE($16:timestamp, $13:timestamp, timezone('utc', now())), timezone('utc', now()))
    ON CONFLICT ("id") DO UPDATE SET
        "name" = EXCLUDED."name", "type" = EXCLUDED."type", "threadId" = EXCLUDED."threadId",
        "parentId" = EXCLUDED."parentId", "streaming" = EXCLUDED."streaming",
        "waitForAnswer" = EXCLUDED."waitForAnswer", "isError" = EXCLUDED."isError",
        "metadata" = EXCLUDED."metadata", "tags" = EXCLUDED."tags", "input" = EXCLUDED."input",
        "output" = EXCLUDED."output", "created" = EXCLUDED."created", "command" = EXCLUDED."command",
        "start" = EXCLUDED."start", "end" = EXCLUDED."end", "generation" = EXCLUDED."generation",
        "showInput" = EXCLUDED."showInput", "language" = EXCLUDED."language",
        "defaultOpen" = EXCLUDED."defaultOpen", "autoCollapse" = EXCLUDED."autoCollapse",
        "modes" = EXCLUDED."modes", "startTime" = EXCLUDED."startTime",
        "endTime" = EXCLUDED."endTime", "updatedAt" = EXCLUDED."updatedAt"
    WHERE "Step"."threadId" IS NULL OR "Step"."threadId" = EXCLUDED."threadId""#;

pub(super) const PUT_ELEMENT: &str = r#"INSERT INTO "Element" ("id", "threadId", "metadata", "url",
        "chainlitKey", "name", "display", "objectKey", "size", "page", "language", "stepId", "mime",
        "props", "autoPlay", "playerConfig")
    VALUES ($1, $2, jsonb_build_object('type', $3:text, 'display', $7:text, 'size', $9:text,
            'page', $10:int, 'language', $11:text),
        $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14:json, $15, $16:json)
    ON CONFLICT ("id") DO UPDATE SET
        "metadata" = EXCLUDED."metadata", "url" = EXCLUDED."url",
        "chainlitKey" = EXCLUDED."chainlitKey", "name" = EXCLUDED."name",
        "display" = EXCLUDED."display", "objectKey" = EXCLUDED."objectKey", "size" = EXCLUDED."size",
        "page" = EXCLUDED."page", "language" = EXCLUDED."language", "stepId" = EXCLUDED."stepId",
        "mime" = EXCLUDED."mime", "props" = EXCLUDED."props", "autoPlay" = EXCLUDED."autoPlay",
        "playerConfig" = EXCLUDED."playerConfig"
    WHERE "Element"."threadId" = EXCLUDED."threadId""#;

pub(super) const PUT_FEEDBACK: &str = r#"INSERT INTO "Feedback" ("id", "stepId", "name", "value", "comment")
    SELECT $1, s."id", 'user_feedback', $3, $4 FROM "Step" s WHERE s."id" = $2 AND s."threadId" IS NOT NULL
    ON CONFLICT ("id") DO UPDATE SET "value" = EXCLUDED."value", "comment" = EXCLUDED."comment"
    WHERE "Feedback"."stepId" = EXCLUDED."stepId""#;

pub(super) const FEEDBACK_OF_THREAD: &str =
    r#"f."stepId" IN (SELECT s."id" FROM "Step" s WHERE s."threadId" = "Thread"."id")"#;

/// A step that others refer to and nobody has written yet; it is in no thread until somebody does. Python does the same.
const STUB: &str = r#"INSERT INTO "Step" ("id", "metadata", "type", "startTime", "endTime")
    VALUES ($1, '{}', 'run', $2:timestamp, $2:timestamp) ON CONFLICT ("id") DO NOTHING"#;

async fn make_stub(sql: &mut AnyConnection, id: &str, time: Option<Timestamp>) -> Outcome<()> {
    let time = rows::row_time(time.unwrap_or_else(Timestamp::now));
    let stub = sqlx::query(Dialect::Official.sql(STUB)).bind(id.to_owned()).bind(time);
    stub.execute(sql).await?;
    Ok(())
}

/// Makes the step that this one is below, unless it is there.
pub(super) async fn make_parent(sql: &mut AnyConnection, step: &ThreadStep) -> Outcome<()> {
    let (parent, time) = match step.as_any() {
        AnyStep::Message(message) => (&message.parent_id, message.created_at),
        AnyStep::Step(step) => (&step.parent_id, step.created_at),
    };
    match parent {
        Some(parent) => make_stub(sql, parent, time).await,
        None => Ok(()),
    }
}

/// Makes the step that the element belongs to, unless it is there.
pub(super) async fn make_step_of(sql: &mut AnyConnection, element: &ElementDict) -> Outcome<()> {
    make_stub(sql, &element.for_id, None).await
}

/// Whether the official tables are here, and ours are not.
pub(super) async fn is_here(sql: &mut AnyConnection) -> Outcome<bool> {
    let official = migrations::columns(Dialect::Postgres, sql, "Thread").await?;
    let ours = migrations::columns(Dialect::Postgres, sql, "threads").await?;
    Ok(official.iter().any(|column| column == "deletedAt") && ours.is_empty())
}

const CHANGES: [&str; 17] = [
    r#"ALTER TABLE "User" ADD COLUMN IF NOT EXISTS "displayName" TEXT"#,
    r#"ALTER TABLE "Thread" ADD COLUMN IF NOT EXISTS "archivedAt" TEXT,
       ADD COLUMN IF NOT EXISTS "written" TEXT COLLATE "C" NOT NULL DEFAULT ''"#,
    r#"ALTER TABLE "Step" ADD COLUMN IF NOT EXISTS "created" TEXT COLLATE "C" NOT NULL DEFAULT '',
       ADD COLUMN IF NOT EXISTS "start" TEXT, ADD COLUMN IF NOT EXISTS "end" TEXT,
       ADD COLUMN IF NOT EXISTS "streaming" BOOLEAN NOT NULL DEFAULT false,
       ADD COLUMN IF NOT EXISTS "waitForAnswer" BOOLEAN, ADD COLUMN IF NOT EXISTS "tags" TEXT[],
       ADD COLUMN IF NOT EXISTS "command" TEXT, ADD COLUMN IF NOT EXISTS "generation" JSONB,
       ADD COLUMN IF NOT EXISTS "language" TEXT, ADD COLUMN IF NOT EXISTS "defaultOpen" BOOLEAN,
       ADD COLUMN IF NOT EXISTS "autoCollapse" BOOLEAN, ADD COLUMN IF NOT EXISTS "modes" JSONB"#,
    r#"ALTER TABLE "Element" ADD COLUMN IF NOT EXISTS "autoPlay" BOOLEAN,
       ADD COLUMN IF NOT EXISTS "playerConfig" JSONB"#,
    r#"CREATE OR REPLACE FUNCTION chainlit_text(moment TIMESTAMP) RETURNS TEXT LANGUAGE sql AS $body$
         SELECT to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
       $body$"#,
    r#"UPDATE "Thread" SET "written" = chainlit_text("updatedAt") WHERE "written" = ''"#,
    r#"UPDATE "Step" SET "created" = chainlit_text("startTime"), "start" = chainlit_text("startTime"),
       "end" = chainlit_text("endTime") WHERE "created" = ''"#,
    r#"CREATE OR REPLACE FUNCTION chainlit_thread_written() RETURNS trigger LANGUAGE plpgsql
       SET search_path FROM CURRENT AS $body$ BEGIN
         IF NEW."written" = '' OR TG_OP = 'UPDATE' AND NEW."updatedAt" <> OLD."updatedAt"
             AND NEW."written" = OLD."written" THEN
           NEW."written" := chainlit_text(NEW."updatedAt");
         END IF;
         RETURN NEW;
       END $body$"#,
    r#"CREATE OR REPLACE FUNCTION chainlit_step_written() RETURNS trigger LANGUAGE plpgsql
       SET search_path FROM CURRENT AS $body$ BEGIN
         IF COALESCE(NEW."created", '') = '' THEN
           NEW."created" := chainlit_text(NEW."startTime");
           NEW."start" := COALESCE(NEW."start", NEW."created");
           NEW."end" := COALESCE(NEW."end", chainlit_text(NEW."endTime"));
         ELSIF TG_OP = 'UPDATE' AND NEW."created" = OLD."created" AND NEW."startTime" <> OLD."startTime" THEN
           NEW."created" := chainlit_text(NEW."startTime");
         END IF;
         RETURN NEW;
       END $body$"#,
    r#"DROP TRIGGER IF EXISTS chainlit_thread_written ON "Thread""#,
    r#"CREATE TRIGGER chainlit_thread_written BEFORE INSERT OR UPDATE ON "Thread"
       FOR EACH ROW EXECUTE FUNCTION chainlit_thread_written()"#,
    r#"DROP TRIGGER IF EXISTS chainlit_step_written ON "Step""#,
    r#"CREATE TRIGGER chainlit_step_written BEFORE INSERT OR UPDATE ON "Step"
       FOR EACH ROW EXECUTE FUNCTION chainlit_step_written()"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_threads_listed ON "Thread" ("userId", "written", "id")"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_steps_thread ON "Step" ("threadId", "created", "id")"#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_steps_streaming ON "Step" ("threadId") WHERE "streaming""#,
    r#"CREATE INDEX IF NOT EXISTS chainlit_steps_favorite ON "Step" ("threadId") WHERE %favorite%"#,
];

/// Adds what we need beside Python's columns.
pub(super) async fn complete(sql: &mut AnyConnection) -> Outcome<()> {
    for change in CHANGES {
        // Functions have marks of their own.
        if change.contains("%favorite%") {
            sql.execute(Dialect::Official.sql(change)).await?;
        } else {
            sql.execute(change).await?;
        }
    }
    Ok(())
}
