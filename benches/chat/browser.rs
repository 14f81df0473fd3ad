//! A browser that looks at the servers' pages: Chromium, driven by the scripts in
//! `tests/browser/measure`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::Deserialize;

use crate::Result;

/// Unless the variable `CHROMIUM` says otherwise.
const CHROMIUM: &str = "/usr/bin/chromium";

pub(crate) struct Browser {
    chromium: PathBuf,
    scripts: PathBuf,
}

/// What a script prints.
#[derive(Deserialize)]
pub(crate) struct Figures {
    /// What the page has not shown.
    pub(crate) missing: Option<String>,
    #[serde(flatten)]
    pub(crate) values: BTreeMap<String, f64>,
}

impl Browser {
    /// Looks for all that is needed; else says what is missing.
    pub(crate) fn find() -> Result<Self, String> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
        let chromium = std::env::var_os("CHROMIUM").map_or(CHROMIUM.into(), PathBuf::from);
        let mut node = Command::new("node");
        node.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if !node.status().is_ok_and(|status| status.success()) {
            return Err("there is no `node`".to_owned());
        }
        if !chromium.is_file() {
            let chromium = chromium.display();
            return Err(format!("there is no {chromium}; the variable CHROMIUM names another one"));
        }
        if !tests.join("node_modules/playwright-core").is_dir() {
            return Err("install what drives it: npm ci --prefix tests/browser".to_owned());
        }
        Ok(Self { chromium, scripts: tests.join("measure") })
    }

    /// Runs a script with the page at that address.
    pub(crate) async fn measure(
        &self,
        address: SocketAddr,
        script: &str,
        arguments: &[&str],
        patience: Duration,
    ) -> Result<Figures> {
        let mut command = Command::new("node");
        command
            .arg(self.scripts.join(script))
            .arg(format!("http://{address}"))
            .args(arguments)
            .arg(patience.as_millis().to_string())
            .env("CHROMIUM", &self.chromium)
            .stdin(Stdio::null());
        // It ends by itself, also when the page does not.
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}
