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
    /// To score members
    Score,
    /// To rank items
    Rank,
}

impl HookFlag {
    /// What is laid over a language's own files; nothing for what they are made for.
    fn layer(self) -> Option<&'static str> {
        match self {
            Self::Check => None,
            Self::Score => Some("score"),
            Self::Rank => Some("rank"),
        }
    }

    /// What the template does, after "is a plugin that".
    fn does(self) -> &'static str {
        match self {
            Self::Check => "finds words",
            Self::Score => "scores members who help others",
            Self::Rank => "ranks what is fresh",
        }
    }
}

/// What a template for another hook has of its own, and does not take from that for events.
const OF_EVENTS: [&str; 4] = ["src", "cases", "README.md", "settings.json"];

/// Flags of `usher plugin new`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  usher plugin new word-guard --lang python\n  cd word-guard\n  usher plugin build\n\n\
    A scorer:\n  usher plugin new helpers --lang rust --hook score"
)]
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
    let NewFlags { name, lang, hook, folder } = flags;
    if let Err(law) = PluginName::new(name.as_str()) {
        bail!("`{name}` is no name for a plugin: {law}");
    }
    let folder = folder.clone().unwrap_or_else(|| PathBuf::from(name));
    let empty = fs::read_dir(&folder).map_or(true, |mut entries| entries.next().is_none());
    ensure!(empty, "`{}` is there already: take another name, or say where with `--folder`", folder.display());
    let layers = layers(*lang, *hook)?;
    for (template, skipped) in layers {
        unfold(template, template.path(), &folder, name, skipped)?;
    }
    // For the editor; `build` keeps it as this command carries it.
    sdk::write(*lang, &folder.join("build/sdk"))?;
    output::line(&format!("{} is a plugin that {}; next:\n", folder.display(), hook.does()));
    output::line(&format!("  cd {}\n  usher plugin build\n  usher plugin test", folder.display()));
    Ok(ExitCode::SUCCESS)
}

/// Folders of templates, each over the one before, and what is left out of it.
fn layers(lang: Language, hook: HookFlag) -> anyhow::Result<Vec<(&'static Dir<'static>, &'static [&'static str])>> {
    let skipped: &[&str] = if hook.layer().is_some() { &OF_EVENTS } else { &[] };
    let mut layers: Vec<_> =
        ["all", template(lang)].into_iter().filter_map(|name| Some((TEMPLATES.get_dir(name)?, skipped))).collect();
    if let Some(layer) = hook.layer() {
        let own = TEMPLATES.get_dir(format!("{layer}/{}", template(lang)));
        let Some(own) = own else { bail!("there is no template with that hook in this language") };
        layers.extend(TEMPLATES.get_dir(format!("{layer}/all")).map(|all| (all, &[][..])));
        layers.push((own, &[]));
    }
    Ok(layers)
}

/// Its folder in `plugins/templates`.
fn template(language: Language) -> &'static str {
    match language {
        Language::Rust => "rust",
        Language::Typescript => "typescript",
        Language::Python => "python",
        Language::C => "c",
        Language::Zig => "zig",
        Language::Go => "go",
    }
}

fn unfold(from: &Dir<'_>, base: &Path, to: &Path, name: &str, skipped: &[&str]) -> anyhow::Result<()> {
    let within = |path: &Path| path.strip_prefix(base).map(Path::to_owned);
    for file in from.files() {
        let path = within(file.path())?;
        if !skipped.iter().any(|skipped| path.starts_with(skipped)) {
            let text = String::from_utf8_lossy(file.contents()).replace("{{name}}", name);
            sdk::put(&to.join(renamed(&path)), text.as_bytes())?;
        }
    }
    from.dirs().try_for_each(|inner| unfold(inner, base, to, name, skipped))
}

/// Under these names the files would mean something where the templates stand.
fn renamed(path: &Path) -> PathBuf {
    match path.to_str() {
        Some("gitignore") => PathBuf::from(".gitignore"),
        Some("Cargo.toml.template") => PathBuf::from("Cargo.toml"),
        _ => path.to_owned(),
    }
}
