//! Chainlit's tables in SQLite and PostgreSQL, through one code path.

mod database;
mod dialect;
mod elements;
mod failure;
mod feedbacks;
mod import;
mod indexes;
mod json;
mod layer;
mod list;
mod migrations;
mod official;
mod record;
mod rows;
mod search;
mod steps;
mod tables;
mod threads;
mod users;

pub use import::ImportReport;
pub use layer::SqlDataLayer;
