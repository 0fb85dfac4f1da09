//! Zig.

use super::Project;
use super::component::encode_plain;
use super::steps;
use super::tools::Tools;

/// They hold for the modules that come after them.
const OPTIONS: [&str; 5] = ["-target", "wasm32-freestanding", "-fsingle-threaded", "-OReleaseSmall", "-fno-strip"];

pub(super) fn build(project: &Project, tools: &Tools) -> anyhow::Result<Vec<u8>> {
    let mut zig = tools.zig()?;
    let module = project.made("module.wasm");
    zig.args(["build-exe", "-fno-entry", "-rdynamic"]).args(OPTIONS).args(["--dep", "usher"]);
    zig.arg(format!("-Mroot={}", project.source("plugin.zig").display()));
    zig.args(OPTIONS).arg(format!("-Musher={}", project.sdk().join("usher.zig").display()));
    zig.arg(format!("-femit-bin={}", module.display())).current_dir(&project.folder);
    steps::run("compile", &mut zig)?;
    steps::step("make it a component", || encode_plain(project, &module))
}
