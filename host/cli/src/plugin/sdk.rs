//! The SDKs and the contract, as they are carried in this binary: what is built against them fits this host.

use super::language::Language;
use anyhow::Context;
use include_dir::{Dir, include_dir};
use std::fs;
use std::path::Path;

static CONTRACT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../wit/0.1.0");
static RUST: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../plugins/sdk/rust/src");
static TYPESCRIPT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../plugins/sdk/typescript");
static PYTHON: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../plugins/sdk/python");
static C: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../plugins/sdk/c");
static ZIG: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../plugins/sdk/zig");
static GO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../plugins/sdk/go");

/// The Rust SDK's manifest outside of this workspace.
const RUST_MANIFEST: &str = include_str!("../../../../plugins/sdk/rust/standalone.toml");

/// Writes a language's SDK to a folder, with the contract in `wit`. Files that are as they should be are left alone, so
/// that nothing is compiled again for them.
pub(super) fn write(language: Language, folder: &Path) -> anyhow::Result<()> {
    unfold(&CONTRACT, &folder.join("wit"))?;
    match language {
        Language::Rust => {
            unfold(&RUST, &folder.join("src"))?;
            put(&folder.join("Cargo.toml"), RUST_MANIFEST.as_bytes())
        }
        Language::Typescript => unfold(&TYPESCRIPT, folder),
        Language::Python => unfold(&PYTHON, folder),
        Language::C => unfold(&C, folder),
        Language::Zig => unfold(&ZIG, folder),
        Language::Go => unfold(&GO, folder),
    }
}

fn unfold(from: &Dir<'_>, to: &Path) -> anyhow::Result<()> {
    for file in from.files() {
        put(&to.join(file.path().file_name().unwrap_or_default()), file.contents())?;
    }
    for inner in from.dirs() {
        // What Python and npm leave beside their sources.
        let name = inner.path().file_name().unwrap_or_default();
        if name != "__pycache__" && name != "node_modules" {
            unfold(inner, &to.join(name))?;
        }
    }
    Ok(())
}

/// Writes a file, and the folders that it stands in, unless it is like that already.
pub(super) fn put(path: &Path, contents: &[u8]) -> anyhow::Result<()> {
    if fs::read(path).is_ok_and(|there| there == contents) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("`{}` can't be made", folder.display()))?;
    }
    fs::write(path, contents).with_context(|| format!("`{}` can't be written", path.display()))
}
