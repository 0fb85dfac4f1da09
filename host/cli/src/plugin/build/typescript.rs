//! TypeScript and JavaScript: checked by tsc, bundled by esbuild, and put into QuickJS by componentize-qjs.

use super::give_back::give_back;
use super::steps;
use super::tools::Tools;
use super::{Project, WORLD};
use anyhow::Context;
use std::fs;
use std::process::Command;

pub(super) fn build(project: &Project, tools: &Tools) -> anyhow::Result<Vec<u8>> {
    let programs = tools.npm()?;
    if project.folder.join("package.json").is_file() && !project.folder.join("node_modules").is_dir() {
        let mut npm = Command::new("npm");
        steps::run("npm install", npm.args(["install", "--no-fund", "--no-audit"]).current_dir(&project.folder))?;
    }
    let mut source = project.source("plugin.ts");
    if source.is_file() {
        let mut tsc = Command::new(programs.join("tsc"));
        steps::run("check the types", tsc.args(["--noEmit", "--project"]).arg(&project.folder))?;
    } else {
        source = project.source("plugin.js");
    }
    let bundle = project.made("plugin.mjs");
    let mut esbuild = Command::new(programs.join("esbuild"));
    esbuild.arg(&source).args([
        "--bundle",
        "--format=esm",
        "--target=es2022",
        "--external:usher:*",
        "--log-level=warning",
    ]);
    esbuild.arg(format!("--alias:usher-plugin={}", project.sdk().join("index.ts").display()));
    esbuild.arg(format!("--outfile={}", bundle.display())).current_dir(&project.folder);
    steps::run("bundle", &mut esbuild)?;
    let component = project.made("quickjs.wasm");
    let mut quickjs = Command::new(programs.join("componentize-qjs"));
    quickjs.arg("--wit").arg(project.contract()).args(["--world", WORLD, "--js"]).arg(&bundle);
    // Nothing of WASI is there, and no asynchronous imports.
    quickjs.args(["--sync", "--stub-wasi", "--opt-size", "--output"]).arg(&component).current_dir(&project.build);
    steps::run("make it a component", &mut quickjs)?;
    give_back(&fs::read(&component).context("componentize-qjs wrote nothing")?)
}
