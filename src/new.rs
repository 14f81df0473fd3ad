//! `chainlit new`: the first files of an application.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

/// What stands in the application's folder.
const MAIN: &str = include_str!("../templates/app/main.rs");
const MANIFEST: &str = include_str!("../templates/app/Cargo.toml.template");
const GITIGNORE: &str = include_str!("../templates/app/gitignore");

/// What the manifest depends on. A package can't be called like a library that it uses.
const LIBRARIES: [&str; 2] = ["chainlit", "tokio"];

/// The options of `chainlit new`.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The folder to make; its name becomes the application's
    folder: PathBuf,

    /// A checkout of Chainlit for Rust to depend on, instead of the published version
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
}

impl New {
    /// Makes the folder and its files. Nothing that exists is touched.
    pub(crate) fn run(&self) -> Result<(), Box<dyn Error>> {
        let name = self.folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        check_name(name)?;
        if self.folder.exists() {
            return Err(
                format!("{} exists already; choose another name", self.folder.display()).into()
            );
        }
        let manifest = MANIFEST
            .replace("{name}", name)
            .replace("{chainlit}", &self.dependency("")?)
            .replace("{chainlit_for_tests}", &self.dependency(", features = [\"testing\"]")?);
        fs::create_dir_all(self.folder.join("src"))?;
        fs::write(self.folder.join("Cargo.toml"), manifest)?;
        fs::write(self.folder.join(".gitignore"), GITIGNORE)?;
        fs::write(self.folder.join("src/main.rs"), MAIN)?;
        println!(
            "Made {name}. Now:\n\n    cd {}\n    cargo test\n    cargo run",
            self.folder.display()
        );
        Ok(())
    }

    /// The application's dependency on this crate.
    fn dependency(&self, more: &str) -> Result<String, Box<dyn Error>> {
        let Some(path) = &self.path else {
            return Ok(format!("{{ version = \"{}\"{more} }}", env!("CARGO_PKG_VERSION")));
        };
        let path = absolute(path)?;
        Ok(format!("{{ path = {path:?}{more} }}"))
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Box<dyn Error>> {
    path.canonicalize().map_err(|error| format!("--path {}: {error}", path.display()).into())
}

/// Cargo's rule for a package's name, so that its error does not come later.
fn check_name(name: &str) -> Result<(), String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !begins_well || !name.chars().all(is_word) {
        return Err(format!(
            "`{name}` can't be an application's name: use letters, digits, `-` and `_`, and begin with \
             a letter, as in `chainlit new my-chat`"
        ));
    }
    if LIBRARIES.contains(&name) {
        return Err(format!(
            "`{name}` can't be an application's name: it uses a library of that name; take another \
             one, as in `chainlit new my-{name}`"
        ));
    }
    Ok(())
}
