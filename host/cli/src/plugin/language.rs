//! The languages that plugins are written in here, and how a project shows its own.

use anyhow::bail;
use clap::ValueEnum;
use std::path::Path;

/// What a plugin is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    Rust,
    #[value(alias = "ts", alias = "javascript", alias = "js")]
    Typescript,
    #[value(alias = "py")]
    Python,
    C,
    Zig,
}

/// What a folder has in it when it is a plugin in that language.
const MARKS: [(&str, Language); 6] = [
    ("Cargo.toml", Language::Rust),
    ("src/plugin.ts", Language::Typescript),
    ("src/plugin.js", Language::Typescript),
    ("src/app.py", Language::Python),
    ("src/plugin.c", Language::C),
    ("src/plugin.zig", Language::Zig),
];

impl Language {
    /// What the plugin in this folder is written in.
    ///
    /// # Errors
    /// In words, when nothing there tells.
    pub(super) fn of(folder: &Path) -> anyhow::Result<Self> {
        let found = MARKS.into_iter().find(|(mark, _)| folder.join(mark).is_file());
        let Some((_, language)) = found else {
            let marks = MARKS.map(|(mark, _)| format!("`{mark}`")).join(", ");
            bail!(
                "there is no plugin in `{}`: one of {marks} would be there. `usher plugin new` makes one",
                folder.display()
            );
        };
        Ok(language)
    }
}
