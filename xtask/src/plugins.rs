//! The bundled plugins: core modules by cargo, components by `wit-component`.

use crate::cargo::{WASM_TARGET, cargo, ensure_wasm_target, run, target_dir};
use anyhow::{Context, Result, anyhow};
use std::fs;
use std::path::PathBuf;
use wit_component::ComponentEncoder;

/// Bundled plugins, by package.
pub(crate) const BUNDLED: [&str; 3] = ["ad-guard", "flood-guard", "red-packet"];

/// Plugins that only tests use, by package.
const FOR_TESTS: [&str; 1] = ["scripted"];

/// Where a bundled plugin's component is.
pub(crate) fn path(name: &str) -> PathBuf {
    target_dir().join("plugins").join(format!("{name}.wasm"))
}

/// Builds every bundled plugin, and those for tests, to `target/plugins/<name>.wasm`.
pub(crate) fn build() -> Result<()> {
    build_packages(&[&BUNDLED[..], &FOR_TESTS].concat())
}

/// Builds these packages of the workspace to `target/plugins/<name>.wasm`.
pub(crate) fn build_packages(names: &[&str]) -> Result<()> {
    ensure_wasm_target()?;
    let mut arguments = vec!["build", "--quiet", "--profile", "plugin", "--target", WASM_TARGET];
    arguments.extend(names.iter().flat_map(|name| ["--package", name]));
    run(&mut cargo(&arguments))?;
    fs::create_dir_all(target_dir().join("plugins"))?;
    for name in names {
        componentize(name).with_context(|| format!("`{name}` can't be made a component"))?;
    }
    Ok(())
}

fn componentize(name: &str) -> Result<()> {
    let module = target_dir().join(WASM_TARGET).join("plugin").join(format!("{}.wasm", name.replace('-', "_")));
    let module = fs::read(&module).with_context(|| module.display().to_string())?;
    let encoded = ComponentEncoder::default().validate(true).module(&module).and_then(|mut encoder| encoder.encode());
    let component = encoded.map_err(|error| anyhow!("{error:#}"))?;
    fs::write(path(name), component)?;
    Ok(())
}
