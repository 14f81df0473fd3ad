use chainlit::SqlDataLayer;
use chainlit::testing::{MemoryDataLayer, check_data_layer};

#[tokio::test]
async fn memory_is_a_data_layer() {
    check_data_layer(MemoryDataLayer::new()).await;
}

#[tokio::test]
async fn sqlite_is_a_data_layer() {
    let (_folder, url) = super::sqlite();
    check_data_layer(SqlDataLayer::open(&url).await.unwrap()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn postgres_is_a_data_layer() {
    let url = crate::postgres::Postgres::database();
    check_data_layer(SqlDataLayer::open(&url).await.unwrap()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn the_official_tables_are_a_data_layer() {
    let url = crate::postgres::Postgres::database();
    super::execute(&url, include_str!("python/official.sql"));
    check_data_layer(SqlDataLayer::open(&url).await.unwrap()).await;
}
