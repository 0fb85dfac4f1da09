//! Rust, by cargo.

use super::Project;
use super::component::encode;
use super::steps;
use super::tools::needs;
use anyhow::{Context, bail};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const TARGET: &str = "wasm32-unknown-unknown";

pub(super) fn build(project: &Project) -> anyhow::Result<Vec<u8>> {
    needs("cargo", "Rust plugins are built with cargo: install Rust with rustup")?;
    ensure_target()?;
    let mut built = PathBuf::new();
    steps::step("cargo build", || {
        built = cargo(project)?;
        Ok(())
    })?;
    let module = fs::read(&built).with_context(|| format!("`{}` can't be read", built.display()))?;
    steps::step("make it a component", || encode(&module))
}

/// Builds and returns the module. Cargo's own lines go to the terminal as they come: it has a progress bar.
fn cargo(project: &Project) -> anyhow::Result<PathBuf> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"]);
    let ended =
        cargo.current_dir(&project.folder).stderr(Stdio::inherit()).output().context("`cargo` can't be started")?;
    if !ended.status.success() {
        bail!("cargo build failed");
    }
    let text = String::from_utf8_lossy(&ended.stdout);
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let files = messages.flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default());
    let mut paths = files.filter_map(|file| file.as_str().map(PathBuf::from));
    let module = paths.rfind(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    module.context("cargo made no module: `Cargo.toml` wants `[lib] crate-type = [\"cdylib\"]`")
}

fn ensure_target() -> anyhow::Result<()> {
    let found = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let there = found.is_ok_and(|found| PathBuf::from(String::from_utf8_lossy(&found.stdout).trim()).is_dir());
    if there {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    steps::run(&format!("rustup target add {TARGET}"), rustup.args(["target", "add", TARGET]))
        .context("Rust's standard library for plugins is not there, and rustup did not bring it")
}
