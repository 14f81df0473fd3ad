//! The `[data]` table: whether users and conversations are kept, and where. Not a table of Chainlit.

use serde::{Deserialize, Serialize};

/// Where conversations are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Data {
    /// Where the content of elements is kept: a folder, `s3://bucket`, `gs://bucket` or `az://container`; absent means
    /// `.chainlit/storage` below the application's folder.
    pub storage_url: Option<String>,
    /// Whether browsers get the content from the bucket itself, by an address that is good for five minutes.
    pub storage_signed_urls: bool,
}
