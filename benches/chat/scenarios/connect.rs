use std::time::Instant;

use tokio::task::JoinSet;

use super::{Run, all, millis};
use crate::Result;
use crate::session::Session;
use crate::stats::quantile;

/// Sessions that open at the same time.
const PARALLEL: usize = 8;

impl Run<'_> {
    pub(super) async fn connect(&mut self) -> Result {
        let server = self.server().await?;
        let target = server.target();
        Session::ready(target).await?.close().await?;
        let (began, cpu) = (Instant::now(), server.cpu()?);
        let end = began + self.scale.time;
        let mut clients = JoinSet::new();
        for _ in 0..PARALLEL {
            clients.spawn(async move {
                let mut times = Vec::new();
                while Instant::now() < end {
                    let began = Instant::now();
                    let session = Session::greeted(target).await?;
                    times.push(millis(began.elapsed()));
                    session.close().await?;
                }
                Ok(times)
            });
        }
        let mut times = all(clients).await?.concat();
        let (took, cpu) = (began.elapsed(), server.cpu()? - cpu);
        let sessions = times.len() as f64;
        self.add("connect.per_second", sessions / took.as_secs_f64());
        self.add("connect.p50", quantile(&mut times, 0.5));
        self.add("connect.p99", quantile(&mut times, 0.99));
        self.add("connect.cpu", millis(cpu) / sessions);
        Ok(())
    }
}
