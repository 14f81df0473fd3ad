use std::time::Instant;

use super::{Run, millis};
use crate::server::Which;
use crate::session::Session;
use crate::{Result, http};

const MIB: u64 = 1024 * 1024;

impl Run<'_> {
    /// One large file: the server is to keep it without holding it.
    pub(super) async fn upload(&mut self) -> Result {
        // The bare server takes no files.
        if self.which == Which::Bare {
            return Ok(());
        }
        let server = self.server().await?;
        let session = Session::ready(server.target()).await?;
        let target = format!("/project/file?session_id={}", session.id());
        // A process is slow at first, and holds more afterwards.
        http::upload(server.address(), &target, MIB).await?;
        let (before, cpu) = (server.rss()?, server.cpu()?);
        let began = Instant::now();
        let mut most = before;
        let upload = http::upload(server.address(), &target, self.scale.upload_bytes);
        tokio::pin!(upload);
        loop {
            tokio::select! {
                done = &mut upload => break done?,
                () = tokio::time::sleep(std::time::Duration::from_millis(20)) => {
                    most = most.max(server.rss()?);
                }
            }
        }
        let took = began.elapsed();
        most = most.max(server.rss()?);
        let gib = self.scale.upload_bytes as f64 / (1024 * MIB) as f64;
        self.add("upload.mib", (most - before) as f64 / MIB as f64);
        self.add("upload.ms", millis(took) / gib);
        self.add("upload.cpu", millis(server.cpu()? - cpu) / gib);
        session.close().await
    }
}
