//! Python, by componentize-py.

use super::Project;
use super::component::Unfit;
use super::steps;
use super::tools::Tools;
use super::world::World;
use anyhow::Context;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

pub(super) fn build(project: &Project, tools: &Tools) -> anyhow::Result<Vec<u8>> {
    let programs = tools.componentize_py()?;
    let requirements = project.folder.join("requirements.txt");
    let packages = project.made("packages");
    if requirements.is_file() {
        let mut pip = Command::new(programs.join("pip"));
        pip.args(["install", "--quiet", "--upgrade", "--target"]).arg(&packages).arg("--requirement").arg(requirements);
        steps::run("install requirements.txt", &mut pip)?;
    }
    // Its Python leaves compiled modules beside what it reads.
    let sources = project.made("app");
    copy(&project.folder.join("src"), &sources).context("`src` can't be copied")?;
    let world = World::of_python(&fs::read_to_string(project.source("app.py"))?);
    let component = project.made("python.wasm");
    let mut componentize = Command::new(programs.join("componentize-py"));
    componentize.arg("--quiet").arg("--wit-path").arg(project.contract()).args([
        "--world",
        world.name(),
        "componentize",
    ]);
    // Nothing of WASI is there.
    componentize.arg("--stub-wasi");
    for folder in [sources, project.sdk(), packages] {
        if folder.is_dir() {
            componentize.arg("--python-path").arg(folder);
        }
    }
    componentize.args(["app", "--output"]).arg(&component);
    componentize.current_dir(&project.build);
    steps::run("make it a component", &mut componentize).map_err(without_exports)?;
    fs::read(&component).context("componentize-py wrote nothing")
}

/// componentize-py looks for the classes that it makes exports of in the module.
fn without_exports(error: anyhow::Error) -> anyhow::Error {
    if error.to_string().contains("module 'app' has no attribute") { error.context(Unfit) } else { error }
}

/// A folder with all that is in it, in place of what was there.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if to.is_dir() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
