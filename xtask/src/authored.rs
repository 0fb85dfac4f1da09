//! Plugins that are built as authors build theirs: by `usher plugin build`, with the toolchains that it fetches and keeps.

use crate::cargo::{self, cargo, root, target_dir};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Languages with an SDK, by its folder in `plugins/sdk`; templates and conformance plugins have folders of the same names.
pub(crate) const LANGUAGES: [&str; 6] = ["rust", "typescript", "python", "c", "zig", "go"];

/// The builder itself: what it makes may be other than before when it is.
const BUILDER: [&str; 3] = ["host/cli/src/plugin/build", "host/cli/src/plugin/build.rs", "host/cli/src/plugin/sdk.rs"];

/// What lies in a plugin's folder and does not go into its component.
const BESIDE: [&str; 6] = ["build", "cases", "target", "node_modules", "__pycache__", "README.md"];

/// A plugin's sources, and its SDK's folder in `plugins/sdk`.
pub(crate) struct Source {
    pub(crate) folder: PathBuf,
    pub(crate) language: &'static str,
}

/// Builds a plugin to this file, unless the file was made of these very sources.
pub(crate) fn build(source: &Source, component: &Path) -> Result<()> {
    let Source { folder, language } = source;
    let sdk = root().join("plugins/sdk").join(language);
    let made_of =
        digest([folder.clone(), sdk, root().join("wit")].into_iter().chain(BUILDER.map(|at| root().join(at))))?;
    let noted = component.with_extension("made-of");
    if component.is_file() && fs::read_to_string(&noted).is_ok_and(|before| before == made_of) {
        return Ok(());
    }
    let mut command = usher()?;
    // Rust's have one target folder for all of them, so that what they share is compiled once.
    command.env("CARGO_TARGET_DIR", target_dir().join("authors"));
    cargo::run(command.args(["plugin", "build"]).arg(folder).arg("--output").arg(component))?;
    fs::write(noted, made_of)?;
    Ok(())
}

/// The `usher` command, built when it is not.
pub(crate) fn usher() -> Result<Command> {
    cargo::run(&mut cargo(&["build", "--quiet", "--workspace", "--bin", "usher"]))?;
    Ok(Command::new(target_dir().join("debug/usher")))
}

/// One number for all files below these, by name and content.
pub(crate) fn digest(paths: impl IntoIterator<Item = PathBuf>) -> Result<String> {
    let mut digest = Sha256::new();
    for path in paths {
        add(&mut digest, &path)?;
    }
    Ok(hex::encode(digest.finalize()))
}

fn add(digest: &mut Sha256, path: &Path) -> Result<()> {
    let about = || path.display().to_string();
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path).with_context(about)?.flatten().map(|entry| entry.path()).collect();
        inside.retain(|path| BESIDE.iter().all(|beside| !path.ends_with(beside)));
        inside.sort();
        return inside.iter().try_for_each(|path| add(digest, path));
    }
    let content = fs::read(path).with_context(about)?;
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    digest.update(format!("{name}\n{}\n", content.len()));
    digest.update(content);
    Ok(())
}
