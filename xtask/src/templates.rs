//! What authors begin from, and what they are promised: a plugin of every template, the conformance plugins, and the cases
//! of all plugins that are built.

use crate::authored::{self, LANGUAGES, Source};
use crate::cargo::{self, root, target_dir};
use crate::plugins;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Templates of scorers and rankers: the hook, and the language.
const OF_TABLES: [(&str, &str); 8] = [
    ("score", "rust"),
    ("score", "typescript"),
    ("score", "python"),
    ("score", "go"),
    ("rank", "rust"),
    ("rank", "typescript"),
    ("rank", "python"),
    ("rank", "go"),
];

/// Builds the conformance plugin in each language, to `target/conformance/<language>.wasm`.
pub(crate) fn conformance() -> Result<()> {
    for language in LANGUAGES {
        let source = Source { folder: root().join("tests/conformance").join(language), language };
        let component = target_dir().join("conformance").join(format!("{language}.wasm"));
        authored::build(&source, &component).with_context(|| format!("conformance in {language}"))?;
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
    }
    let of_events = LANGUAGES.map(|language| ("check", language));
    for (hook, language) in of_events.into_iter().chain(OF_TABLES) {
        let folder = target_dir().join("templates").join(hook).join(language);
        let component =
            begin(hook, language, &folder).with_context(|| format!("the template `{hook}` in {language}"))?;
        play(&component, &folder.join("cases"))?;
    }
    Ok(())
}

/// A new plugin as `usher plugin new` makes it, built.
fn begin(hook: &str, language: &'static str, folder: &Path) -> Result<PathBuf> {
    if folder.is_dir() {
        fs::remove_dir_all(folder)?;
    }
    let mut new = authored::usher()?;
    new.args(["plugin", "new", "from-template", "--hook", hook, "--lang", language, "--folder"]).arg(folder);
    cargo::run(new.stdout(std::process::Stdio::null()))?;
    let component = folder.with_extension("wasm");
    authored::build(&Source { folder: folder.to_owned(), language }, &component)?;
    Ok(component)
}

fn play(component: &Path, cases: &Path) -> Result<()> {
    let mut test = authored::usher()?;
    test.env("USHER_CACHE", target_dir().join("compiled"));
    cargo::run(test.args(["plugin", "test"]).arg(component).arg(cases))
}
