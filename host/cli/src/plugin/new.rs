//! `usher plugin new`

use super::language::Language;
use super::sdk;
use crate::output;
use anyhow::{bail, ensure};
use clap::{Args, ValueEnum};
use include_dir::{Dir, include_dir};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use usher_model::PluginName;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../plugins/templates");

/// What a plugin is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HookFlag {
    /// To judge events
    Check,
}

/// Flags of `usher plugin new`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  usher plugin new word-guard --lang python\n  cd word-guard\n  usher plugin build")]
pub(crate) struct NewFlags {
    /// The plugin's name, and its folder's
    name: String,
    /// What to write it in
    #[arg(long, value_enum)]
    lang: Language,
    /// What it will be asked
    #[arg(long, value_enum, default_value = "check")]
    hook: HookFlag,
    /// The folder to make it in; ./NAME if not said
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(super) fn run(flags: &NewFlags) -> anyhow::Result<ExitCode> {
    let NewFlags { name, lang, hook: HookFlag::Check, folder } = flags;
    if let Err(law) = PluginName::new(name.as_str()) {
        bail!("`{name}` is no name for a plugin: {law}");
    }
    let folder = folder.clone().unwrap_or_else(|| PathBuf::from(name));
    let empty = fs::read_dir(&folder).map_or(true, |mut entries| entries.next().is_none());
    ensure!(empty, "`{}` is there already: take another name, or say where with `--folder`", folder.display());
    for template in ["all", template(*lang)] {
        if let Some(template) = TEMPLATES.get_dir(template) {
            unfold(template, template.path(), &folder, name)?;
        }
    }
    // For the editor; `build` keeps it as this command carries it.
    sdk::write(*lang, &folder.join("build/sdk"))?;
    output::line(&format!("{} is a plugin that finds words; next:\n", folder.display()));
    output::line(&format!("  cd {}\n  usher plugin build\n  usher plugin test", folder.display()));
    Ok(ExitCode::SUCCESS)
}

/// Its folder in `plugins/templates`.
fn template(language: Language) -> &'static str {
    match language {
        Language::Rust => "rust",
        Language::Typescript => "typescript",
        Language::Python => "python",
        Language::C => "c",
        Language::Zig => "zig",
    }
}

fn unfold(from: &Dir<'_>, base: &Path, to: &Path, name: &str) -> anyhow::Result<()> {
    for file in from.files() {
        let path = file.path().strip_prefix(base)?;
        let text = String::from_utf8_lossy(file.contents()).replace("{{name}}", name);
        sdk::put(&to.join(renamed(path)), text.as_bytes())?;
    }
    from.dirs().try_for_each(|inner| unfold(inner, base, to, name))
}

/// Under these names the files would mean something where the templates stand.
fn renamed(path: &Path) -> PathBuf {
    match path.to_str() {
        Some("gitignore") => PathBuf::from(".gitignore"),
        Some("Cargo.toml.template") => PathBuf::from("Cargo.toml"),
        _ => path.to_owned(),
    }
}
