//! Many writes at once.

use std::collections::HashSet;

use chainlit_core::Record;
use sqlx::{AnyConnection, Connection};

use super::database::Database;
use super::dialect::Dialect;
use super::failure::Outcome;
use super::{elements, steps, threads};

/// Writes all of it in one transaction. When something is refused, all is done anew with a savepoint
/// around each: what is refused is left out, the rest is written, and the first refusal is told.
pub(super) async fn record(database: &Database, records: &[Record]) -> Outcome<()> {
    if records.is_empty() {
        return Ok(());
    }
    match at_once(database, records).await {
        Err(failure) if failure.is_refusal() && records.len() > 1 => {
            one_by_one(database, records).await
        }
        done => done,
    }
}

async fn at_once(database: &Database, records: &[Record]) -> Outcome<()> {
    let mut transaction = database.begin().await?;
    let mut touched = HashSet::new();
    for record in records {
        write(database.dialect, &mut transaction, record, &mut touched).await?;
    }
    Ok(transaction.commit().await?)
}

async fn one_by_one(database: &Database, records: &[Record]) -> Outcome<()> {
    let mut transaction = database.begin().await?;
    let mut refused = None;
    for record in records {
        let mut savepoint = transaction.begin().await?;
        // A thread that a refused record has made goes with it.
        match write(database.dialect, &mut savepoint, record, &mut HashSet::new()).await {
            Ok(()) => savepoint.commit().await?,
            Err(failure) if failure.is_refusal() => {
                savepoint.rollback().await?;
                refused.get_or_insert(failure);
            }
            Err(failure) => return Err(failure),
        }
    }
    transaction.commit().await?;
    refused.map_or(Ok(()), Err)
}

async fn write<'a>(
    dialect: Dialect,
    sql: &mut AnyConnection,
    record: &'a Record,
    touched: &mut HashSet<&'a str>,
) -> Outcome<()> {
    let thread: Option<&str> = match record {
        Record::Thread(update) => Some(&update.id),
        Record::Step(step) => Some(step.thread_id()),
        Record::Element(element) => Some(&element.thread_id),
        _ => None,
    };
    if let Some(thread) = thread
        && touched.insert(thread)
    {
        threads::touch(dialect, sql, thread).await?;
    }
    match record {
        Record::Thread(update) => threads::update(dialect, sql, update).await,
        Record::Step(step) => steps::put(dialect, sql, step).await,
        Record::DeleteStep { thread_id, id } => steps::delete(dialect, sql, thread_id, id).await,
        Record::Element(element) => elements::put(dialect, sql, element).await,
        Record::DeleteElement { thread_id, id } => {
            elements::delete(dialect, sql, thread_id, id).await
        }
        // Such a record is new since this was written.
        _ => Err(super::failure::Failure::Refused("this database can't keep such a record")),
    }
}
