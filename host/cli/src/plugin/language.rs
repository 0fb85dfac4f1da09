//! The languages that plugins are written in here, and how a project shows its own.

use anyhow::bail;
use clap::ValueEnum;
use std::collections::BTreeSet;
use std::path::Path;
use wasmparser::{KnownCustom, Parser, Payload};

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
    #[value(alias = "golang")]
    Go,
}

/// What a folder has in it when it is a plugin in that language.
const MARKS: [(&str, Language); 7] = [
    ("Cargo.toml", Language::Rust),
    ("src/plugin.ts", Language::Typescript),
    ("src/plugin.js", Language::Typescript),
    ("src/app.py", Language::Python),
    ("src/plugin.c", Language::C),
    ("src/plugin.zig", Language::Zig),
    ("src/plugin.go", Language::Go),
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

    /// What a component was written in, by what its tools left in it. Engines come first: they are written in something
    /// else.
    pub(super) fn of_component(component: &[u8]) -> Option<Self> {
        let tools = producers(component);
        let left = |mark: &str| tools.iter().any(|tool| tool.contains(mark));
        let marks = [
            ("componentize-py", Self::Python),
            ("componentize-qjs", Self::Typescript),
            ("ComponentizeJS", Self::Typescript),
            ("Go cmd/compile", Self::Go),
            ("Zig", Self::Zig),
            ("Rust", Self::Rust),
            ("C11", Self::C),
            ("clang", Self::C),
        ];
        marks.into_iter().find(|(mark, _)| left(mark)).map(|(_, language)| language)
    }
}

/// Names in the `producers` of a component and of all modules in it.
fn producers(component: &[u8]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(component).map_while(Result::ok) {
        let Payload::CustomSection(section) = payload else { continue };
        let KnownCustom::Producers(fields) = section.as_known() else { continue };
        for field in fields.into_iter().map_while(Result::ok) {
            names.extend(field.values.into_iter().map_while(Result::ok).map(|value| value.name.to_owned()));
        }
    }
    names
}
