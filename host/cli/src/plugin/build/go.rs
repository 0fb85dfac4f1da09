//! Go, by its own compiler, as a reactor for WASI.

use super::Project;
use super::component::encode_on;
use super::steps;
use super::tools::Tools;

/// WASI with nothing behind it: Go's runtime can't be without, and no host has it.
const WASI: &str = include_str!("wasi.wat");

/// Go keeps a table of functions and lines for itself, with which a panic says where it was; what a debugger wants goes.
const OPTIONS: [&str; 6] =
    ["-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-ldflags=-w -buildid=", "-mod=readonly", "-o"];

pub(super) fn build(project: &Project, tools: &Tools) -> anyhow::Result<Vec<u8>> {
    let mut go = tools.go()?;
    let module = project.made("module.wasm");
    go.env("GOOS", "wasip1").env("GOARCH", "wasm").env("GOWORK", "off");
    go.arg("build").args(OPTIONS).arg(&module).arg("./src").current_dir(&project.folder);
    steps::run("compile", &mut go)?;
    steps::step("make it a component", || encode_on(project, &module, WASI))
}
