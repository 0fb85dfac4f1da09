//! TypeScript and JavaScript: checked by tsc, bundled by esbuild, and put into QuickJS by componentize-qjs.

use super::Project;
use super::component::Unfit;
use super::give_back::give_back;
use super::steps;
use super::tools::Tools;
use super::world::World;
use anyhow::{Context, anyhow};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the contract's exports are made of: the plugin, and a hook.
const HOOKS: [&str; 3] = ["checker", "scorer", "ranker"];

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
    let (bundle, metadata) = (project.made("plugin.mjs"), project.made("plugin.meta.json"));
    let mut esbuild = Command::new(programs.join("esbuild"));
    esbuild.arg(&source).args([
        "--bundle",
        "--format=esm",
        "--target=es2022",
        "--external:usher:*",
        "--log-level=warning",
    ]);
    esbuild.arg(format!("--alias:usher-plugin={}", project.sdk().join("index.ts").display()));
    esbuild.arg(format!("--metafile={}", metadata.display()));
    esbuild.arg(format!("--outfile={}", bundle.display())).current_dir(&project.folder);
    steps::run("bundle", &mut esbuild)?;
    check_exports(&metadata)?;
    let world = World::of_bundle(&fs::read(&metadata).context("esbuild wrote nothing")?)?;
    let component = project.made("quickjs.wasm");
    let mut quickjs = Command::new(programs.join("componentize-qjs"));
    quickjs.arg("--wit").arg(project.contract()).args(["--world", world.name(), "--js"]).arg(&bundle);
    // Nothing of WASI is there, and no asynchronous imports.
    quickjs.args(["--sync", "--stub-wasi", "--opt-size", "--output"]).arg(&component).current_dir(&project.build);
    steps::run("make it a component", &mut quickjs)?;
    give_back(&fs::read(&component).context("componentize-qjs wrote nothing")?)
}

/// QuickJS says of a missing export no more than that it trapped.
fn check_exports(metafile: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(metafile).context("esbuild told nothing of its output")?;
    let told: Value = serde_json::from_str(&text).context("what esbuild told of its output can't be read")?;
    let outputs = told["outputs"].as_object().into_iter().flatten();
    let exports: Vec<&str> = outputs
        .flat_map(|(_, output)| output["exports"].as_array().into_iter().flatten().filter_map(Value::as_str))
        .collect();
    let missing = match (exports.contains(&"plugin"), HOOKS.iter().any(|hook| exports.contains(hook))) {
        (true, true) => return Ok(()),
        (true, false) => "checker",
        (false, _) => "plugin",
    };
    Err(anyhow!("the module does not export `{missing}`")).context(Unfit)
}
