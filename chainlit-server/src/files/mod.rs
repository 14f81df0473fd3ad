//! The files of the chats that live on this server, on its disk.
//!
//! A process has one folder `<app root>/.files/<random>`, made with its first file, in it one folder
//! per chat that has files, in it the files under ids of the server's own. No name of a client is
//! ever part of a path. A lock file beside the process's folder tells the next process which
//! folders nobody uses any more.

mod disk;
mod media_type;
mod on_disk;
mod outdated;
mod partial;
mod store;

pub(crate) use disk::{Disk, FileLimits, make_private};
pub(crate) use media_type::{MediaType, clean_name};
pub(crate) use on_disk::PinnedFile;
pub(crate) use store::{SaveError, SessionFiles};
