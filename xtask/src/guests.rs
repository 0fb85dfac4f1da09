//! Guests with a language's engine inside, for the tests and figures of heavy ones.

use crate::authored::{self, Source};
use crate::cargo::{root, run, target_dir};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// Built as authors build theirs: the folder in `tests/guests`, and the SDK's in `plugins/sdk`.
const AUTHORED: [(&str, &str); 2] = [("quickjs", "typescript"), ("python", "python")];

/// The largest engine of JavaScript, which authors are not offered. It comes from npm, in this version, into
/// `target/tools`.
const COMPONENTIZE_JS: &str = "@bytecodealliance/componentize-js@0.23.0";

/// All of them.
pub(crate) fn build() -> Result<()> {
    authored()?;
    starlingmonkey()
}

/// Those in languages that authors write, to `target/guests/words-<folder>.wasm`.
pub(crate) fn authored() -> Result<()> {
    for (name, language) in AUTHORED {
        let source = Source { folder: sources().join(name), language };
        authored::build(&source, &component(name)?)?;
    }
    Ok(())
}

/// The other one in JavaScript, to `target/guests/words-starlingmonkey.wasm`.
pub(crate) fn starlingmonkey() -> Result<()> {
    let (source, component) = (sources().join("starlingmonkey/plugin.js"), component("starlingmonkey")?);
    if is_newer(&component, &source) {
        return Ok(());
    }
    let folder = target_dir().join("tools/starlingmonkey");
    let tool = folder.join("node_modules/.bin/componentize-js");
    if !tool.exists() {
        needs("npm", "install Node 20 or newer")?;
        let mut install = Command::new("npm");
        install.args(["install", "--silent", "--no-fund", "--no-audit", "--prefix"]).arg(folder);
        run(install.arg(COMPONENTIZE_JS))?;
    }
    let mut command = Command::new(tool);
    command.arg(source).arg("--wit").arg(contract()).args(["--world-name", "check-plugin"]);
    // Nothing of WASI is there.
    command.args(["--disable", "stdio", "random", "clocks", "http", "fetch-event", "--out"]).arg(component);
    run(command.stdout(Stdio::null()))
}

fn sources() -> PathBuf {
    root().join("tests/guests")
}

fn contract() -> PathBuf {
    root().join("wit/0.1.0")
}

/// Where a guest's component goes.
fn component(name: &str) -> Result<PathBuf> {
    let folder = target_dir().join("guests");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("words-{name}.wasm")))
}

/// Whether it was made after its source and the contract were changed.
fn is_newer(component: &Path, source: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    let files = fs::read_dir(contract()).into_iter().flatten().flatten().map(|file| file.path());
    let sources: Result<Vec<SystemTime>, _> = files.chain([source.to_owned()]).map(|path| changed(&path)).collect();
    match (changed(component), sources) {
        (Ok(made), Ok(sources)) => sources.into_iter().all(|source| source < made),
        _ => false,
    }
}

fn needs(program: &str, remedy: &str) -> Result<()> {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        bail!("`{program}` is missing, which a heavy guest is built with: {remedy}");
    }
    Ok(())
}
