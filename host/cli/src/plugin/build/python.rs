//! Python, by componentize-py.

use super::component::Unfit;
use super::steps;
use super::tools::Tools;
use super::{Project, WORLD};
use anyhow::Context;
use std::fs;
use std::process::Command;

pub(super) fn build(project: &Project, tools: &Tools) -> anyhow::Result<Vec<u8>> {
    let programs = tools.componentize_py()?;
    let requirements = project.folder.join("requirements.txt");
    let packages = project.made("packages");
    if requirements.is_file() {
        let mut pip = Command::new(programs.join("pip"));
        pip.args(["install", "--quiet", "--upgrade", "--target"]).arg(&packages).arg("--requirement").arg(requirements);
        steps::run("install requirements.txt", &mut pip)?;
    }
    let component = project.made("python.wasm");
    let mut componentize = Command::new(programs.join("componentize-py"));
    componentize.arg("--quiet").arg("--wit-path").arg(project.contract()).args(["--world", WORLD, "componentize"]);
    // Nothing of WASI is there.
    componentize.arg("--stub-wasi");
    for folder in [project.folder.join("src"), project.sdk(), packages] {
        if folder.is_dir() {
            componentize.arg("--python-path").arg(folder);
        }
    }
    componentize.args(["app", "--output"]).arg(&component);
    // No compiled modules beside the sources.
    componentize.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(&project.build);
    steps::run("make it a component", &mut componentize).map_err(without_exports)?;
    fs::read(&component).context("componentize-py wrote nothing")
}

/// componentize-py looks for the classes that it makes exports of in the module.
fn without_exports(error: anyhow::Error) -> anyhow::Error {
    if error.to_string().contains("module 'app' has no attribute") { error.context(Unfit) } else { error }
}
