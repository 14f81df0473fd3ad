//! Tables are made and changed at start: once, whole, and never those of somebody else.

use chainlit::{DataLayer, OpenError, SqlDataLayer, User};

use super::execute;

async fn several_may_open_at_once(url: &str) {
    let opened = futures_util::future::join_all((0..8).map(|_| SqlDataLayer::open(url))).await;
    let layers: Vec<SqlDataLayer> = opened.into_iter().collect::<Result<_, _>>().unwrap();
    let ada = layers[0].create_user(&User::new("ada")).await.unwrap();
    for layer in &layers {
        assert_eq!(layer.get_user("ada").await.unwrap().as_ref(), Some(&ada));
        layer.close().await.unwrap();
    }
}

async fn a_later_version_is_left_alone(url: &str) {
    SqlDataLayer::open(url).await.unwrap().close().await.unwrap();
    execute(url, r#"INSERT INTO chainlit_migrations ("version", "appliedAt") VALUES (99, 'then')"#);
    let error = SqlDataLayer::open(url).await.unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
    assert!(error.to_string().contains("`data.database_url`"), "{error}");
}

async fn a_table_of_somebody_else_is_left_alone(url: &str) {
    execute(url, "CREATE TABLE users (name TEXT)");
    let error = SqlDataLayer::open(url).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`users`") && text.contains("a database of its own"), "{text}");
    // Nothing was made, so that the same table is no obstacle once it is another's.
    execute(url, "DROP TABLE users");
    SqlDataLayer::open(url).await.unwrap();
}

/// What stands in the way of the second step ends it; the first one stays done, with what was written meanwhile.
async fn an_interrupted_step_is_done_anew(url: &str, obstacle: &str) {
    execute(url, &format!("CREATE TABLE {obstacle} (x TEXT)"));
    let error = SqlDataLayer::open(url).await.unwrap_err();
    assert!(matches!(error, OpenError::Migration { version: 2, .. }), "{error}");
    execute(
        url,
        r#"INSERT INTO users ("id", "identifier", "metadata")
        VALUES ('6f1c1c52-5b35-4a55-9ac4-65cd9e6a7a51', 'ada', '{}')"#,
    );
    execute(url, &format!("DROP TABLE {obstacle}"));
    let layer = SqlDataLayer::open(url).await.unwrap();
    assert!(layer.get_user("ada").await.unwrap().is_some());
}

#[tokio::test]
async fn several_may_open_a_file_at_once() {
    let (_folder, url) = super::sqlite();
    several_may_open_at_once(&url).await;
}

#[tokio::test]
async fn a_file_of_a_later_version_is_left_alone() {
    let (_folder, url) = super::sqlite();
    a_later_version_is_left_alone(&url).await;
}

#[tokio::test]
async fn a_file_of_somebody_else_is_left_alone() {
    let (_folder, url) = super::sqlite();
    a_table_of_somebody_else_is_left_alone(&url).await;
}

#[tokio::test]
async fn a_file_goes_on_where_it_was_interrupted() {
    let (_folder, url) = super::sqlite();
    an_interrupted_step_is_done_anew(&url, "chainlit_search_rows").await;
}

#[cfg(feature = "postgres")]
mod postgres {
    use crate::postgres::Postgres;

    #[tokio::test]
    async fn several_may_open_a_database_at_once() {
        super::several_may_open_at_once(&Postgres::database()).await;
    }

    #[tokio::test]
    async fn a_database_of_a_later_version_is_left_alone() {
        super::a_later_version_is_left_alone(&Postgres::database()).await;
    }

    #[tokio::test]
    async fn a_database_of_somebody_else_is_left_alone() {
        super::a_table_of_somebody_else_is_left_alone(&Postgres::database()).await;
    }

    #[tokio::test]
    async fn a_database_goes_on_where_it_was_interrupted() {
        super::an_interrupted_step_is_done_anew(&Postgres::database(), "chainlit_steps_streaming")
            .await;
    }
}
