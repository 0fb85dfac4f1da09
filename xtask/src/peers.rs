//! What a team would pick instead of Usher: built in a workspace of its own, or fetched by npm.

use crate::cargo::{self, WASM_TARGET, cargo, ensure_wasm_target, target_dir};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::Command;

const MANIFEST: &str = "bench/peers/Cargo.toml";
const CERBOS_VERSION: &str = "0.55.0";

/// Where the peers' workspace puts what it builds.
fn peers_dir() -> PathBuf {
    target_dir().join("peers")
}

/// Builds the peers, and says where they are. The first time takes long.
pub(crate) fn build() -> Result<PathBuf> {
    ensure_wasm_target()?;
    build_package(&["--profile", "plugin", "--target", WASM_TARGET, "--package", "extism-guest"])?;
    build_package(&["--release", "--package", "usher-peers"])?;
    Ok(peers_dir())
}

fn build_package(arguments: &[&str]) -> Result<()> {
    let mut command = cargo(&["build", "--manifest-path", MANIFEST, "--target-dir"]);
    cargo::run(command.arg(peers_dir()).args(arguments))
}

/// Cerbos' server, out of its npm package.
pub(crate) fn cerbos() -> Result<PathBuf> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    let name = format!("cerbos-{system}-{machine}");
    let binary = peers_dir().join("node_modules/@cerbos").join(&name).join(&name);
    if !binary.is_file() {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(peers_dir());
        npm.arg(format!("@cerbos/{name}@{CERBOS_VERSION}"));
        cargo::run(&mut npm)
            .context("Cerbos' server comes from npm; leave it out with `--no-peers` or `--only PART`")?;
    }
    ensure!(binary.is_file(), "{} is not there", binary.display());
    Ok(binary)
}
