//! Finds or builds the web UI and writes the table through which it is embedded.
//!
//! In this order:
//!
//! 1. `CHAINLIT_UI_DIST` names a folder with a built UI: it is used as it is.
//! 2. `ui/package.json` is missing, as in the published crate: `ui/dist` is used.
//! 3. `DOCS_RS` or `CHAINLIT_SKIP_UI` is set: a page stands in that says so.
//! 4. Otherwise `npm ci` (when the lock file changed) and `npm run build`, into `OUT_DIR`.
//!
//! There is no other way out: a binary without a page would cost its user hours.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fmt::Write as _};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// Inputs of the UI's build that may be absent, beside `package.json` and the lock file.
const NOT_INPUTS: &[&str] = &["node_modules", "dist", "coverage", "README.md"];

const WAYS_OUT: &str = "Three ways out:\n\
    1. install Node.js 20.19 or later with npm, and build again;\n\
    2. set CHAINLIT_UI_DIST to the folder of a UI that is built already;\n\
    3. set CHAINLIT_SKIP_UI=1 to build a server whose page says that it has none.";

fn main() {
    for variable in ["CHAINLIT_UI_DIST", "CHAINLIT_SKIP_UI", "DOCS_RS"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(error) = embed() {
        eprintln!("\nThe web UI could not be embedded: {error}\n\n{WAYS_OUT}\n");
        std::process::exit(1);
    }
}

fn embed() -> Result<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let ui = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("ui");
    let dist = if let Some(given) = set("CHAINLIT_UI_DIST") {
        let dist = fs::canonicalize(&given)
            .map_err(|error| format!("CHAINLIT_UI_DIST={given}: {error}"))?;
        println!("cargo::rerun-if-changed={}", dist.display());
        dist
    } else if !ui.join("package.json").is_file() && ui.join("dist/index.html").is_file() {
        println!("cargo::rerun-if-changed={}", ui.join("dist").display());
        ui.join("dist")
    } else if set("DOCS_RS").is_some() || set("CHAINLIT_SKIP_UI").is_some() {
        stand_in(&out)?
    } else if ui.join("package.json").is_file() {
        build(&ui, &out)?
    } else {
        return Err(format!(
            "there is neither a package.json nor a dist/index.html in {}",
            ui.display()
        )
        .into());
    };
    if !dist.join("index.html").is_file() {
        return Err(format!("there is no index.html in {}", dist.display()).into());
    }
    fs::write(out.join("ui_files.rs"), table(&dist)?)?;
    Ok(())
}

fn set(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}

/// A page that says what is missing, in a folder of its own.
fn stand_in(out: &Path) -> Result<PathBuf> {
    let dist = out.join("ui-skipped");
    fs::create_dir_all(&dist)?;
    fs::copy("assets/skipped.html", dist.join("index.html"))?;
    println!("cargo::rerun-if-changed=assets/skipped.html");
    Ok(dist)
}

fn build(ui: &Path, out: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(ui)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !NOT_INPUTS.contains(&name) && !name.starts_with('.') {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    // An editor may check the code while a terminal builds it: one of the two installs, the other waits.
    let name = format!("chainlit-ui-{:016x}.lock", hash(&ui.to_string_lossy().as_bytes()));
    let guard = File::create(env::temp_dir().join(name))?;
    guard.lock()?;

    let wanted = format!("{:016x}", hash(&fs::read(ui.join("package-lock.json"))?));
    let stamp = ui.join("node_modules/.chainlit-installed");
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&wanted) {
        npm(ui, &["ci", "--no-audit", "--no-fund"])?;
        fs::write(&stamp, &wanted)?;
    }
    let dist = out.join("ui");
    if dist.exists() {
        fs::remove_dir_all(&dist)?; // files of an earlier build would be embedded too
    }
    let target = dist.to_str().ok_or("OUT_DIR is not text")?;
    npm(ui, &["run", "build", "--", "--outDir", target])?;
    Ok(dist)
}

fn npm(ui: &Path, arguments: &[&str]) -> Result<()> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let command = format!("npm {}", arguments.join(" "));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(ui)
        .output()
        .map_err(|error| format!("`{command}` could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    eprintln!("{}", String::from_utf8_lossy(&output.stdout));
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    Err(format!("`{command}` in {} ended with {}", ui.display(), output.status).into())
}

/// The files of a folder as the text of a Rust array, sorted by path; `x.br` and `x.gz` belong to `x`.
fn table(dist: &Path) -> Result<String> {
    let mut files = BTreeMap::new();
    collect(dist, "", &mut files)?;
    let mut text = String::from("&[\n");
    for (path, file) in &files {
        if path
            .strip_suffix(".br")
            .or(path.strip_suffix(".gz"))
            .is_some_and(|p| files.contains_key(p))
        {
            continue;
        }
        let variant = |extension| match files.get(&format!("{path}.{extension}")) {
            Some(file) => format!("Some(include_bytes!({file:?}))"),
            None => "None".to_owned(),
        };
        let (brotli, gzip) = (variant("br"), variant("gz"));
        writeln!(
            text,
            "EmbeddedFile {{ path: {path:?}, hash: \"{:016x}\", identity: include_bytes!({file:?}), brotli: {brotli}, gzip: {gzip} }},",
            hash(&fs::read(file)?),
        )?;
    }
    text.push(']');
    Ok(text)
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name =
            entry.file_name().into_string().map_err(|name| format!("{name:?} is not text"))?;
        let path = entry.path();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.insert(format!("{prefix}{name}"), path);
        }
    }
    Ok(())
}

/// Tells contents apart; not meant to withstand somebody who makes two alike.
fn hash(bytes: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
