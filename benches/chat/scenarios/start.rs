use std::time::{Duration, Instant};

use super::{Run, millis};
use crate::Result;
use crate::http::{self, assets};
use crate::server::Which;
use crate::stats::median;

impl Run<'_> {
    pub(super) async fn start(&mut self) -> Result {
        let mut starts = Vec::new();
        for _ in 1..self.scale.starts {
            starts.push(millis(self.server().await?.start));
        }
        let server = self.server().await?;
        starts.push(millis(server.start));
        self.add("start.ms", median(&starts));
        // What it does once, after the first answer, belongs to it.
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.add("start.rss", server.rss()? as f64 / 1024.0 / 1024.0);
        if self.which == Which::Bare {
            return Ok(());
        }
        let address = server.target().address;
        let page = http::get(address, "/", "identity").await?;
        let mut paths = assets(&page.text);
        paths.insert(0, "/".to_owned());
        let (began, cpu) = (Instant::now(), server.cpu()?);
        let mut bytes = 0;
        for _ in 0..self.scale.starts {
            bytes = 0;
            for path in &paths {
                let answer = http::get(address, path, "br, gzip").await?;
                if answer.status != 200 {
                    return Err(format!("status {} for {path}", answer.status).into());
                }
                bytes += answer.bytes;
            }
        }
        let loads = self.scale.starts as f64;
        self.add("page.bytes", bytes as f64 / 1e3);
        self.add("page.requests", paths.len() as f64);
        self.add("page.ms", millis(began.elapsed()) / loads);
        self.add("page.cpu", millis(server.cpu()? - cpu) / loads);
        Ok(())
    }
}
