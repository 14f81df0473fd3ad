//! What an address of a storage means.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
#[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
use object_store::signer::Signer;
use object_store::{Attribute, Attributes, ObjectStore};

use crate::files::make_private;

/// The folder below the application's where contents are kept when nothing else is said.
const FOLDER: &str = ".chainlit/storage";

/// A place for contents that is not opened yet.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Place {
    Folder(PathBuf),
    Bucket(Cloud, String),
}

/// Whose bucket it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cloud {
    S3,
    Gcs,
    Azure,
}

/// A place that is open.
pub(super) struct Opened {
    pub(super) store: Arc<dyn ObjectStore>,
    /// Makes addresses of the bucket's own.
    #[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
    signer: Option<Arc<dyn Signer>>,
}

/// An address without a place.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlaceError {
    #[error(
        "`data.storage_url` is `{0}`: write a folder, or `s3://bucket`, `gs://bucket`, `az://container`"
    )]
    Unknown(String),
    #[error(
        "`data.storage_url` begins with `{scheme}://`: build chainlit with its feature `{feature}`"
    )]
    NotCompiled { scheme: &'static str, feature: &'static str },
    #[error("the folder {path} can't be used: {source}")]
    Folder { path: String, source: io::Error },
    #[error(transparent)]
    Store(#[from] object_store::Error),
}

impl Place {
    pub(super) fn new(url: Option<&str>, app_root: &Path) -> Result<Self, PlaceError> {
        let Some(url) = url.filter(|url| !url.is_empty()) else {
            return Ok(Self::Folder(app_root.join(FOLDER)));
        };
        match url.split_once("://") {
            None => Ok(Self::Folder(app_root.join(url))),
            Some(("file", path)) if path.starts_with('/') => Ok(Self::Folder(path.into())),
            Some((scheme, bucket)) => {
                let unknown = || PlaceError::Unknown(url.to_owned());
                let cloud = Cloud::of(scheme).ok_or_else(unknown)?;
                // A folder in it would not be looked at.
                if bucket.is_empty() || bucket.contains('/') {
                    return Err(unknown());
                }
                cloud.check()?;
                Ok(Self::Bucket(cloud, url.to_owned()))
            }
        }
    }

    /// Whether anything can be there: a folder is made with its first file.
    pub(super) fn exists(&self) -> bool {
        match self {
            Self::Folder(path) => path.is_dir(),
            Self::Bucket(..) => true,
        }
    }

    /// What a bucket tells browsers that it is asked by. A folder tells nobody anything.
    pub(super) fn attributes(&self, media_type: &str) -> Attributes {
        match self {
            Self::Folder(_) => Attributes::new(),
            Self::Bucket(..) => Attributes::from_iter([
                (Attribute::ContentType, media_type.to_owned()),
                // Nothing is to run at the bucket's address either.
                (Attribute::ContentDisposition, "attachment".to_owned()),
            ]),
        }
    }

    pub(super) fn open(&self) -> Result<Opened, PlaceError> {
        match self {
            Self::Folder(path) => open_folder(path),
            Self::Bucket(cloud, url) => cloud.open(url),
        }
    }
}

fn open_folder(path: &Path) -> Result<Opened, PlaceError> {
    let failed = |source| PlaceError::Folder { path: path.display().to_string(), source };
    make_private(path).map_err(failed)?;
    let store = LocalFileSystem::new_with_prefix(path)?.with_automatic_cleanup(true);
    Ok(Opened {
        store: Arc::new(store),
        #[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
        signer: None,
    })
}

impl Cloud {
    fn of(scheme: &str) -> Option<Self> {
        match scheme {
            "s3" => Some(Self::S3),
            "gs" => Some(Self::Gcs),
            "az" => Some(Self::Azure),
            _ => None,
        }
    }

    fn check(self) -> Result<(), PlaceError> {
        let (scheme, feature, is_there) = match self {
            Self::S3 => ("s3", "s3", cfg!(feature = "s3")),
            Self::Gcs => ("gs", "gcs", cfg!(feature = "gcs")),
            Self::Azure => ("az", "azure", cfg!(feature = "azure")),
        };
        if is_there { Ok(()) } else { Err(PlaceError::NotCompiled { scheme, feature }) }
    }

    /// Keys and regions come from the environment, under the names that each cloud's own tools read.
    #[allow(unused_variables, reason = "without the features there is nothing to open")]
    fn open(self, url: &str) -> Result<Opened, PlaceError> {
        match self {
            #[cfg(feature = "s3")]
            Self::S3 => {
                let store = object_store::aws::AmazonS3Builder::from_env().with_url(url).build()?;
                Ok(Opened::signing(store))
            }
            #[cfg(feature = "gcs")]
            Self::Gcs => {
                use object_store::gcp::GoogleCloudStorageBuilder;
                let store = GoogleCloudStorageBuilder::from_env().with_url(url).build()?;
                Ok(Opened::signing(store))
            }
            #[cfg(feature = "azure")]
            Self::Azure => {
                use object_store::azure::MicrosoftAzureBuilder;
                let store = MicrosoftAzureBuilder::from_env().with_url(url).build()?;
                Ok(Opened::signing(store))
            }
            #[allow(unreachable_patterns, reason = "unless all features are there")]
            cloud => cloud.check().and(Err(PlaceError::Unknown(url.to_owned()))),
        }
    }
}

impl Opened {
    /// An address of the bucket's own, where there is a bucket.
    #[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
    pub(super) async fn signed_url(
        &self,
        key: &Key,
        good_for: Duration,
    ) -> Result<Option<String>, object_store::Error> {
        let Some(signer) = &self.signer else { return Ok(None) };
        Ok(Some(signer.signed_url(http::Method::GET, key, good_for).await?.into()))
    }

    /// An address of the bucket's own: a folder has none.
    #[cfg(not(any(feature = "s3", feature = "gcs", feature = "azure")))]
    #[allow(clippy::unused_async, reason = "with a bucket it may have to ask for one")]
    pub(super) async fn signed_url(
        &self,
        _key: &Key,
        _good_for: Duration,
    ) -> Result<Option<String>, object_store::Error> {
        Ok(None)
    }

    #[cfg(any(feature = "s3", feature = "gcs", feature = "azure"))]
    fn signing(store: impl ObjectStore + Signer) -> Self {
        let store = Arc::new(store);
        Self { store: Arc::clone(&store) as Arc<dyn ObjectStore>, signer: Some(store) }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "Folder({})", path.display()),
            // An address may have a key in it.
            Self::Bucket(cloud, _) => write!(f, "Bucket({cloud:?})"),
        }
    }
}
