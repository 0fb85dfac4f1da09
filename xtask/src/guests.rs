//! Guests with a language's engine inside, for the tests and figures of heavy ones. Their tools come from npm and PyPI, in
//! these versions, into `target/tools`; nothing is installed outside of it.

use crate::cargo::{root, run, target_dir};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// Not QuickJS: componentize-qjs 0.4.5 gives a borrowed event back only after the call, which wasmtime does not take.
const COMPONENTIZE_JS: &str = "@bytecodealliance/componentize-js@0.23.0";
const COMPONENTIZE_PY: &str = "componentize-py==0.25.1";

/// Both of them.
pub(crate) fn build() -> Result<()> {
    javascript()?;
    python()
}

/// The JavaScript guest, to `target/guests/words-js.wasm`.
fn javascript() -> Result<()> {
    let (source, component) = (sources().join("js/plugin.js"), component("words-js")?);
    if is_newer(&component, &source) {
        return Ok(());
    }
    let folder = tools().join("js");
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

/// The Python guest, to `target/guests/words-python.wasm`.
fn python() -> Result<()> {
    let (source, component) = (sources().join("python/app.py"), component("words-python")?);
    if is_newer(&component, &source) {
        return Ok(());
    }
    let folder = tools().join("python");
    let tool = folder.join("bin/componentize-py");
    if !tool.exists() {
        needs("python3", "install Python 3.10 or newer, with `venv`")?;
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", COMPONENTIZE_PY]))?;
    }
    // Its Python leaves compiled modules beside the source.
    let beside = folder.join("app");
    fs::create_dir_all(&beside)?;
    fs::copy(source, beside.join("app.py"))?;
    let mut command = Command::new(tool);
    command.arg("--quiet").arg("--wit-path").arg(contract()).args(["--world", "check-plugin", "componentize"]);
    command.arg("--stub-wasi").arg("--python-path").arg(beside).args(["app", "--output"]).arg(component);
    run(&mut command)
}

fn sources() -> PathBuf {
    root().join("tests/guests")
}

fn contract() -> PathBuf {
    root().join("wit/0.1.0")
}

fn tools() -> PathBuf {
    target_dir().join("tools")
}

/// Where a guest's component goes.
fn component(name: &str) -> Result<PathBuf> {
    let folder = target_dir().join("guests");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{name}.wasm")))
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
        bail!("`{program}` is missing, which the heavy guests are built with: {remedy}");
    }
    Ok(())
}
