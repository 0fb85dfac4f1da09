//! The bundled plugins: those in Rust by cargo and `wit-component`, the others as authors build theirs.

use crate::authored::{self, Source};
use crate::cargo::{WASM_TARGET, cargo, ensure_wasm_target, root, run, target_dir};
use anyhow::{Context, Result, anyhow};
use std::fs;
use std::path::PathBuf;
use wit_component::ComponentEncoder;

/// Bundled plugins in Rust, by package.
const IN_RUST: [&str; 7] =
    ["ad-guard", "fan-level", "flood-guard", "member-taste", "red-packet", "slot-ranker", "vip-score"];

/// Bundled plugins in other languages: the folder in `plugins`, and the SDK's in `plugins/sdk`.
const IN_OTHERS: [(&str, &str); 8] = [
    ("check-in", "python"),
    ("faq", "typescript"),
    ("group-names", "zig"),
    ("leader-score", "typescript"),
    ("member-roles", "python"),
    ("nickname-format", "typescript"),
    ("segment-push", "typescript"),
    ("welcome", "python"),
];

/// Plugins that only tests use, by package.
const FOR_TESTS: [&str; 4] = ["scripted", "scripted-next", "test-scorer", "test-ranker"];

/// Where a bundled plugin's component is.
pub(crate) fn path(name: &str) -> PathBuf {
    target_dir().join("plugins").join(format!("{name}.wasm"))
}

/// Every bundled plugin, by name.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    IN_RUST.into_iter().chain(IN_OTHERS.map(|(name, _)| name))
}

/// Builds every bundled plugin, and those for tests, to `target/plugins/<name>.wasm`.
pub(crate) fn build() -> Result<()> {
    build_in_rust()?;
    for (name, language) in IN_OTHERS {
        let source = Source { folder: root().join("plugins").join(name), language };
        authored::build(&source, &path(name)).with_context(|| format!("`{name}` can't be built"))?;
    }
    Ok(())
}

/// Builds the bundled plugins that need nothing but Rust, and those for tests, to `target/plugins/<name>.wasm`.
pub(crate) fn build_in_rust() -> Result<()> {
    build_packages(&[&IN_RUST[..], &FOR_TESTS].concat())
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
