//! C, by the clang in Zig.

use super::Project;
use super::component::encode_plain;
use super::steps;
use super::tools::Tools;
use anyhow::Context;
use std::fs;
use std::path::PathBuf;

pub(super) fn build(project: &Project, tools: &Tools) -> anyhow::Result<Vec<u8>> {
    let mut zig = tools.zig()?;
    let module = project.made("module.wasm");
    zig.args(["cc", "-target", "wasm32-wasi", "-mexec-model=reactor", "-std=c23", "-O2", "-g", "-Wall", "-Wextra"]);
    zig.arg("-I").arg(project.sdk()).args(sources(project)?).arg("-o").arg(&module).current_dir(&project.folder);
    steps::run("compile", &mut zig)?;
    steps::step("make it a component", || encode_plain(project, &module))
}

/// Every `.c` file in `src`.
fn sources(project: &Project) -> anyhow::Result<Vec<PathBuf>> {
    let files = fs::read_dir(project.folder.join("src")).context("`src` can't be read")?;
    let mut files: Vec<PathBuf> = files.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "c"));
    files.sort();
    Ok(files)
}
