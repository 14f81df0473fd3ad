//! Between rows and what the rest of the program knows.

use std::sync::Arc;

use chainlit_core::wire::{ElementDict, Facts, MessageDict, ShowInput, StepDict};
use chainlit_core::{
    Feedback, FeedbackValue, MessageType, PersistedUser, ThreadStep, ThreadSummary, Timestamp, User,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::dialect::Dialect;
use super::failure::Outcome;
use super::json::parse;
use super::official;

/// All columns are read as text or numbers, see `dialect.rs`.
const USER: &str = r#"CAST("id" AS TEXT) AS "id", CAST("identifier" AS TEXT) AS "identifier",
    CAST("metadata" AS TEXT) AS "metadata", CAST("createdAt" AS TEXT) AS "createdAt",
    CAST("displayName" AS TEXT) AS "displayName""#;

const THREAD: &str = r#"CAST("id" AS TEXT) AS "id", CAST("createdAt" AS TEXT) AS "createdAt",
    CAST("updatedAt" AS TEXT) AS "updatedAt", CAST("name" AS TEXT) AS "name",
    CAST("userId" AS TEXT) AS "userId", CAST("userIdentifier" AS TEXT) AS "userIdentifier",
    CAST(%tags% AS TEXT) AS "tags", CAST("metadata" AS TEXT) AS "metadata",
    CAST("archivedAt" AS TEXT) AS "archivedAt""#;

const STEP: &str = r#"CAST("id" AS TEXT) AS "id", CAST("name" AS TEXT) AS "name",
    CAST("type" AS TEXT) AS "type", CAST("threadId" AS TEXT) AS "threadId",
    CAST("parentId" AS TEXT) AS "parentId", CAST("streaming" AS INTEGER) AS "streaming",
    CAST("waitForAnswer" AS INTEGER) AS "waitForAnswer", CAST("isError" AS INTEGER) AS "isError",
    CAST("metadata" AS TEXT) AS "metadata", CAST(%tags% AS TEXT) AS "tags",
    CAST("input" AS TEXT) AS "input", CAST("output" AS TEXT) AS "output",
    CAST("createdAt" AS TEXT) AS "createdAt", CAST("command" AS TEXT) AS "command",
    CAST("start" AS TEXT) AS "start", CAST("end" AS TEXT) AS "end",
    CAST("generation" AS TEXT) AS "generation", CAST("showInput" AS TEXT) AS "showInput",
    CAST("language" AS TEXT) AS "language", CAST("defaultOpen" AS INTEGER) AS "defaultOpen",
    CAST("autoCollapse" AS INTEGER) AS "autoCollapse", CAST("modes" AS TEXT) AS "modes""#;

const ELEMENT: &str = r#"CAST("id" AS TEXT) AS "id", CAST("threadId" AS TEXT) AS "threadId",
    CAST("type" AS TEXT) AS "type", CAST("url" AS TEXT) AS "url",
    CAST("chainlitKey" AS TEXT) AS "chainlitKey", CAST("name" AS TEXT) AS "name",
    CAST("display" AS TEXT) AS "display", CAST("objectKey" AS TEXT) AS "objectKey",
    CAST("size" AS TEXT) AS "size", CAST("page" AS INTEGER) AS "page",
    CAST("language" AS TEXT) AS "language", CAST("forId" AS TEXT) AS "forId",
    CAST("mime" AS TEXT) AS "mime", CAST("props" AS TEXT) AS "props",
    CAST("autoPlay" AS INTEGER) AS "autoPlay", CAST("playerConfig" AS TEXT) AS "playerConfig""#;

const FEEDBACK: &str = r#"CAST("id" AS TEXT) AS "id", CAST("forId" AS TEXT) AS "forId",
    CAST("threadId" AS TEXT) AS "threadId", CAST("value" AS INTEGER) AS "value",
    CAST("comment" AS TEXT) AS "comment""#;

/// The columns of a user, under the names that the functions below look for.
pub(super) fn user_columns(_: Dialect) -> &'static str {
    USER
}

/// The same of a thread.
pub(super) fn thread_columns(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Official { official::THREAD } else { THREAD }
}

/// The same of a step.
pub(super) fn step_columns(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Official { official::STEP } else { STEP }
}

/// The same of an element.
pub(super) fn element_columns(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Official { official::ELEMENT } else { ELEMENT }
}

/// The same of a feedback.
pub(super) fn feedback_columns(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Official { official::FEEDBACK } else { FEEDBACK }
}

pub(super) fn text(row: &AnyRow, column: &str) -> Outcome<Option<String>> {
    Ok(row.try_get(column)?)
}

pub(super) fn some_text(row: &AnyRow, column: &str) -> Outcome<String> {
    Ok(text(row, column)?.unwrap_or_default())
}

pub(super) fn flag(row: &AnyRow, column: &str) -> Outcome<Option<bool>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(|number| number != 0))
}

/// A time as rows have it, always as long: they are sorted by this text.
pub(super) fn row_time(time: Timestamp) -> String {
    let text = time.to_string();
    match text.strip_suffix('Z') {
        Some(whole) if !whole.contains('.') => format!("{whole}.000000Z"),
        _ => text,
    }
}

/// A time that others may have written; `None` when it is none.
pub(super) fn time(row: &AnyRow, column: &str) -> Outcome<Option<Timestamp>> {
    let text = text(row, column)?;
    Ok(text.and_then(|text| match text.parse() {
        Ok(time) => Some(time),
        // Python's times without a zone are meant so.
        Err(_) => format!("{}Z", text.replace(' ', "T")).parse().ok(),
    }))
}

/// JSON in a column, the usual value for anything that does not fit.
pub(super) fn from_json<T: DeserializeOwned + Default>(row: &AnyRow, column: &str) -> Outcome<T> {
    Ok(parse(text(row, column)?.as_deref()))
}

/// A word of a list of words.
pub(super) fn word<T: DeserializeOwned>(text: Option<String>) -> Option<T> {
    text.and_then(|text| serde_json::from_value(Value::String(text)).ok())
}

pub(super) fn user(row: &AnyRow) -> Outcome<PersistedUser> {
    let mut user = User::new(some_text(row, "identifier")?);
    user.display_name = text(row, "displayName")?;
    user.metadata = from_json(row, "metadata")?;
    let mut persisted = PersistedUser::new(some_text(row, "id")?, user);
    persisted.created_at = time(row, "createdAt")?;
    Ok(persisted)
}

pub(super) fn summary(row: &AnyRow) -> Outcome<ThreadSummary> {
    let mut thread = ThreadSummary::default();
    thread.id = some_text(row, "id")?;
    thread.created_at = time(row, "createdAt")?;
    thread.updated_at = time(row, "updatedAt")?;
    thread.name = text(row, "name")?;
    thread.user_id = text(row, "userId")?;
    thread.user_identifier = text(row, "userIdentifier")?;
    thread.tags = from_json(row, "tags")?;
    thread.metadata = from_json(row, "metadata")?;
    thread.archived_at = time(row, "archivedAt")?;
    Ok(thread)
}

pub(super) fn step(row: &AnyRow) -> Outcome<ThreadStep> {
    let kind = some_text(row, "type")?;
    let id: Arc<str> = some_text(row, "id")?.into();
    let thread_id: Arc<str> = some_text(row, "threadId")?.into();
    let parent_id: Option<Arc<str>> = text(row, "parentId")?.map(Arc::from);
    let streaming = flag(row, "streaming")?.unwrap_or_default();
    let is_error = flag(row, "isError")?.unwrap_or_default();
    let created_at = time(row, "createdAt")?;
    let (start, end) = (time(row, "start")?, time(row, "end")?);
    let output = some_text(row, "output")?;
    let language = text(row, "language")?;
    let tags = from_json(row, "tags")?;
    if let Some(kind) = word::<MessageType>(Some(kind.clone())) {
        let metadata: Facts = from_json(row, "metadata")?;
        return Ok(ThreadStep::Message(Arc::new(MessageDict {
            id,
            thread_id,
            parent_id,
            created_at,
            command: text(row, "command")?,
            modes: from_json(row, "modes")?,
            start,
            end,
            output,
            name: some_text(row, "name")?,
            kind,
            language,
            streaming,
            is_error,
            wait_for_answer: flag(row, "waitForAnswer")?.unwrap_or_default(),
            metadata,
            tags,
        })));
    }
    let generation: Option<Value> = from_json(row, "generation")?;
    let is_empty = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
    Ok(ThreadStep::Step(Arc::new(StepDict {
        name: some_text(row, "name")?.into(),
        kind: kind.into(),
        id,
        thread_id,
        parent_id,
        streaming,
        metadata: from_json(row, "metadata")?,
        tags,
        input: some_text(row, "input")?,
        is_error,
        output,
        created_at,
        start,
        end,
        language,
        default_open: flag(row, "defaultOpen")?.unwrap_or_default(),
        auto_collapse: flag(row, "autoCollapse")?.unwrap_or_default(),
        show_input: show_input(text(row, "showInput")?),
        // Python writes `{}` where there is none.
        generation: generation.filter(|value| !is_empty(value)),
    })))
}

fn show_input(text: Option<String>) -> ShowInput {
    match text.as_deref() {
        None | Some("false" | "False" | "") => ShowInput::Plain(false),
        Some("true" | "True") => ShowInput::Plain(true),
        Some(language) => ShowInput::Code(language.to_owned().into()),
    }
}

/// What a row says of whether the input is shown.
pub(super) fn show_input_text(show: &ShowInput) -> String {
    match show {
        ShowInput::Plain(show) => show.to_string(),
        ShowInput::Code(language) => language.to_string(),
    }
}

pub(super) fn element(row: &AnyRow) -> Outcome<ElementDict> {
    use chainlit_core::ElementType;
    // What is of a kind that is not known can still be downloaded.
    let kind = word(text(row, "type")?).unwrap_or(ElementType::File);
    let mut element = ElementDict::new(
        some_text(row, "id")?,
        some_text(row, "threadId")?,
        kind,
        some_text(row, "name")?,
    );
    element.url = text(row, "url")?;
    element.chainlit_key = text(row, "chainlitKey")?;
    element.display = word(text(row, "display")?).unwrap_or_default();
    element.object_key = text(row, "objectKey")?;
    element.size = word(text(row, "size")?);
    element.props = from_json(row, "props")?;
    element.page = row.try_get::<Option<i64>, _>("page")?.and_then(|page| page.try_into().ok());
    element.auto_play = flag(row, "autoPlay")?;
    element.player_config = from_json(row, "playerConfig")?;
    element.language = text(row, "language")?;
    element.for_id = some_text(row, "forId")?.into();
    element.mime = text(row, "mime")?;
    Ok(element)
}

pub(super) fn feedback(row: &AnyRow) -> Outcome<Feedback> {
    let value: i64 = row.try_get("value")?;
    Ok(Feedback {
        id: text(row, "id")?,
        for_id: some_text(row, "forId")?,
        thread_id: text(row, "threadId")?,
        value: if value > 0 { FeedbackValue::Positive } else { FeedbackValue::Negative },
        comment: text(row, "comment")?,
    })
}
