//! What authors begin from, and what they are promised: a plugin of every template, the conformance plugins, and the cases
//! of all plugins that are built.

use crate::authored::{self, LANGUAGES, Source};
use crate::cargo::{self, root, target_dir};
use crate::plugins;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a plugin can be asked. Each language has a template for each.
const HOOKS: [&str; 3] = ["check", "score", "rank"];

/// Builds the conformance plugin in each language, to `target/conformance/<language>.wasm`.
pub(crate) fn conformance() -> Result<()> {
    for language in LANGUAGES {
        let source = Source { folder: root().join("tests/conformance").join(language), language };
        let component = target_dir().join("conformance").join(format!("{language}.wasm"));
        authored::build(&source, &component).with_context(|| format!("conformance in {language}"))?;
    }
    Ok(())
}

/// Builds a new plugin of each template, to `target/templates/<hook>/<language>.wasm`.
pub(crate) fn build() -> Result<()> {
    for (hook, language) in all() {
        begin(hook, language).with_context(|| format!("the template `{hook}` in {language}"))?;
    }
    Ok(())
}

/// Plays the cases of every bundled plugin, and of a new plugin of every template.
pub(crate) fn cases() -> Result<()> {
    for name in plugins::names() {
        // A case is a story of events: what scores and ranks has tests of its own.
        let cases = root().join("plugins").join(name).join("cases");
        if cases.is_dir() {
            play(&plugins::path(name), &cases)?;
        }
        unit_tests(&root().join("plugins").join(name))?;
    }
    build()?;
    for (hook, language) in all() {
        let folder = folder(hook, language);
        play(&folder.with_extension("wasm"), &folder.join("cases"))?;
    }
    Ok(())
}

fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    HOOKS.into_iter().flat_map(|hook| LANGUAGES.map(|language| (hook, language)))
}

fn folder(hook: &str, language: &str) -> PathBuf {
    target_dir().join("templates").join(hook).join(language)
}

/// Those that a plugin in Python has; those in Rust are the workspace's.
fn unit_tests(folder: &Path) -> Result<()> {
    if !folder.join("tests").is_dir() || !folder.join("src/app.py").is_file() {
        return Ok(());
    }
    let mut python = Command::new("python3");
    // No compiled modules beside the sources.
    python.args(["-B", "-m", "unittest", "discover", "--quiet", "--start-directory", "tests"]).current_dir(folder);
    cargo::run(&mut python)
}

/// A new plugin as `usher plugin new` makes it, built.
fn begin(hook: &str, language: &'static str) -> Result<()> {
    let folder = folder(hook, language);
    if folder.is_dir() {
        fs::remove_dir_all(&folder)?;
    }
    let mut new = authored::usher()?;
    new.args(["plugin", "new", "from-template", "--hook", hook, "--lang", language, "--folder"]).arg(&folder);
    cargo::run(new.stdout(std::process::Stdio::null()))?;
    let component = folder.with_extension("wasm");
    authored::build(&Source { folder, language }, &component)
}

fn play(component: &Path, cases: &Path) -> Result<()> {
    let mut test = authored::usher()?;
    test.env("USHER_CACHE", target_dir().join("compiled"));
    cargo::run(test.args(["plugin", "test"]).arg(component).arg(cases))
}
