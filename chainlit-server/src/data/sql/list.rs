//! Pages of threads.

use chainlit_core::{FeedbackValue, ThreadPage, ThreadQuery};
use sqlx::any::AnyArguments;
use sqlx::{AnyConnection, Arguments, Row};

use super::dialect::Dialect;
use super::failure::{Failure, Outcome};
use super::json::text;
use super::{official, rows};

/// The index of letters has groups of this many, so it knows nothing shorter.
const INDEXED: usize = 3;

/// A statement with its parameters, put together piece by piece.
struct Query {
    sql: String,
    arguments: AnyArguments,
}

impl Query {
    /// Adds a parameter; gives its mark.
    fn bind<'a, T>(&mut self, value: T) -> Outcome<String>
    where
        T: sqlx::Encode<'a, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        self.arguments.add(value).map_err(sqlx::Error::Encode).map_err(Failure::from)?;
        Ok(format!("${}", self.arguments.len()))
    }
}

pub(super) async fn threads(
    dialect: Dialect,
    sql: &mut AnyConnection,
    wanted: &ThreadQuery,
) -> Outcome<ThreadPage> {
    let columns = rows::thread_columns(dialect);
    let mut query = Query {
        sql: format!(r#"SELECT {columns} FROM %threads% WHERE "#),
        arguments: AnyArguments::default(),
    };
    let user = query.bind(wanted.user_id.clone())?;
    let archive = if wanted.archived { "IS NOT NULL" } else { "IS NULL" };
    query.sql += &format!(r#""userId" = {user}:uuid AND "archivedAt" {archive}"#);
    query.sql += dialect.shown();
    let order = order(dialect);
    if let Some(cursor) = &wanted.cursor {
        let Some(updated_at) = updated_at(dialect, sql, cursor).await? else {
            return Ok(ThreadPage::default());
        };
        let (time, id) = (query.bind(updated_at)?, query.bind(cursor.clone())?);
        query.sql += &format!(r#" AND ({order}, %threads%."id") < ({time}, {id}:uuid)"#);
    }
    if let Some(value) = wanted.feedback {
        let value = query.bind(i32::from(value == FeedbackValue::Positive))?;
        query.sql += &format!(
            r#" AND EXISTS (SELECT 1 FROM %feedbacks% f WHERE {} AND f."value" = {value})"#,
            match dialect {
                Dialect::Official => official::FEEDBACK_OF_THREAD,
                _ => r#"f."threadId" = threads."id""#,
            }
        );
    }
    if let Some(search) = wanted.search.as_deref().filter(|search| !search.is_empty()) {
        add_search(dialect, &mut query, &text(search))?;
    }
    let limit = query.bind(i64::try_from(wanted.first).unwrap_or(i64::MAX).saturating_add(1))?;
    query.sql += &format!(r#" ORDER BY {order} DESC, %threads%."id" DESC LIMIT {limit}"#);
    let rows = sqlx::query_with(dialect.sql(&query.sql), query.arguments).fetch_all(sql).await?;
    let threads = rows.iter().take(wanted.first).map(rows::summary).collect::<Outcome<_>>()?;
    Ok(ThreadPage { threads, has_more: rows.len() > wanted.first })
}

/// What threads are sorted by: when they were written to. With the table's name: a bare name would be
/// the column that is read, which no index has.
fn order(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Official { official::WRITTEN } else { r#"threads."updatedAt""# }
}

async fn updated_at(
    dialect: Dialect,
    sql: &mut AnyConnection,
    id: &str,
) -> Outcome<Option<String>> {
    let query =
        format!(r#"SELECT CAST({} AS TEXT) FROM %threads% WHERE "id" = $1:uuid"#, order(dialect));
    let row = sqlx::query(dialect.sql(&query)).bind(id.to_owned()).fetch_optional(sql).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
}

/// The kinds of steps that are messages, as the indexes of the search have them.
const MESSAGE: &str = r#"s."type" IN ('user_message', 'assistant_message', 'system_message')"#;

fn add_search(dialect: Dialect, query: &mut Query, search: &str) -> Outcome<()> {
    if dialect == Dialect::Sqlite && search.chars().count() >= INDEXED {
        // A phrase of groups of letters is the text itself, whatever its case.
        let phrase = query.bind(format!("\"{}\"", search.replace('"', "\"\"")))?;
        let pattern = query.bind(pattern(search))?;
        query.sql += &format!(
            r#" AND %threads%."id" IN (
                SELECT r."threadId" FROM chainlit_search f
                    JOIN chainlit_search_rows r ON r."id" = f.rowid WHERE chainlit_search MATCH {phrase}
                UNION ALL SELECT s."threadId" FROM %steps% s
                    WHERE s."streaming" AND {MESSAGE} AND s."output" LIKE {pattern} ESCAPE '\')"#
        );
        return Ok(());
    }
    if dialect == Dialect::Sqlite {
        // Texts as short as this are found soon, so the threads are walked. SQLite's LIKE knows the cases
        // of ASCII only.
        let mut forms = vec![search.to_owned(), search.to_lowercase(), search.to_uppercase()];
        forms.dedup();
        let mut any = Vec::new();
        for form in forms {
            let pattern = query.bind(pattern(&form))?;
            any.push(format!(
                r#""name" LIKE {pattern} ESCAPE '\' OR EXISTS (SELECT 1 FROM %steps% s
                WHERE s."threadId" = threads."id" AND {MESSAGE} AND s."output" LIKE {pattern} ESCAPE '\')"#
            ));
        }
        query.sql += &format!(" AND ({})", any.join(" OR "));
        return Ok(());
    }
    let pattern = query.bind(pattern(search))?;
    // Each in the words of its index.
    query.sql += &format!(
        r#" AND %threads%."id" IN (
            SELECT s."threadId" FROM %steps% s
                WHERE NOT s."streaming" AND {MESSAGE} AND s."output" ILIKE {pattern}
            UNION ALL SELECT s."threadId" FROM %steps% s
                WHERE s."streaming" AND {MESSAGE} AND s."output" ILIKE {pattern}
            UNION ALL SELECT t."id" FROM %threads% t WHERE t."name" ILIKE {pattern})"#
    );
    Ok(())
}

/// The text for LIKE, as a part of any other.
fn pattern(search: &str) -> String {
    let mut pattern = String::with_capacity(search.len() + 2);
    pattern.push('%');
    for letter in search.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
