//! `usher plugin build`

mod c;
mod component;
mod give_back;
mod go;
mod python;
mod rust;
mod steps;
mod tools;
mod typescript;
mod world;
mod zig;

use super::language::Language;
use super::remedy;
use super::sdk;
use crate::output;
use anyhow::{Context, anyhow};
use clap::Args;
use component::Unfit;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tools::Tools;

/// Flags of `usher plugin build`.
#[derive(Debug, Args)]
#[command(after_help = "The language is seen by what is there: Cargo.toml, src/plugin.ts, src/app.py, src/plugin.c, \
    src/plugin.zig, src/plugin.go. Its toolchain is fetched at the first time and kept; the SDK is this command's own, written to \
    build/sdk.")]
pub(crate) struct BuildFlags {
    /// The plugin's folder
    #[arg(default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    /// Where the component goes; build/plugin.wasm in the plugin's folder if not said
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Where toolchains are kept
    #[arg(long, env = "USHER_TOOLS", value_name = "FOLDER")]
    tools: Option<PathBuf>,
}

pub(super) fn run(flags: &BuildFlags) -> anyhow::Result<ExitCode> {
    let component = build(&flags.folder, flags.output.as_deref(), flags.tools.as_deref())?;
    let size = fs::metadata(&component).map(|metadata| metadata.len()).unwrap_or_default();
    output::line(&format!("{}, {size} bytes", component.display()));
    Ok(ExitCode::SUCCESS)
}

/// Builds a plugin and returns where its component is.
pub(super) fn build(folder: &Path, output: Option<&Path>, tools: Option<&Path>) -> anyhow::Result<PathBuf> {
    let folder = folder.canonicalize().with_context(|| format!("`{}` is no folder", folder.display()))?;
    let language = Language::of(&folder)?;
    let project = Project { build: folder.join("build"), folder };
    sdk::write(language, &project.sdk())?;
    let tools = Tools::at(tools)?;
    let component = match language {
        Language::Rust => rust::build(&project),
        Language::Typescript => typescript::build(&project, &tools),
        Language::Python => python::build(&project, &tools),
        Language::C => c::build(&project, &tools),
        Language::Zig => zig::build(&project, &tools),
        Language::Go => go::build(&project, &tools),
    };
    let component = component.map_err(|error| explained(error, language))?;
    let path = output.map_or_else(|| project.build.join("plugin.wasm"), Path::to_owned);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("`{}` can't be made", parent.display()))?;
    }
    fs::write(&path, component).with_context(|| format!("`{}` can't be written", path.display()))?;
    Ok(path)
}

/// What does not fit is shown as it would be written.
fn explained(error: anyhow::Error, language: Language) -> anyhow::Error {
    if error.is::<Unfit>() { anyhow!("{error:#}\n\n{}", remedy::exports(Some(language))) } else { error }
}

/// The plugin that a component is built from, when it lies where `build` puts it.
pub(super) fn project_of(component: &Path) -> Option<PathBuf> {
    let build = component.parent().filter(|parent| parent.file_name().is_some_and(|name| name == "build"))?;
    let folder = match build.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => return None,
    };
    Language::of(folder).is_ok().then(|| folder.to_owned())
}

/// Builds a plugin to where a build puts it, while others go on.
pub(super) async fn build_aside(folder: &Path) -> anyhow::Result<PathBuf> {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || build(&folder, None, None)).await.context("the build broke off")?
}

/// A plugin's sources, and where what is made of them goes.
struct Project {
    folder: PathBuf,
    build: PathBuf,
}

impl Project {
    /// The SDK, as this binary carries it.
    fn sdk(&self) -> PathBuf {
        self.build.join("sdk")
    }

    /// The contract, as this binary carries it.
    fn contract(&self) -> PathBuf {
        self.sdk().join("wit")
    }

    fn source(&self, name: &str) -> PathBuf {
        self.folder.join("src").join(name)
    }

    /// Something between the sources and the component.
    fn made(&self, name: &str) -> PathBuf {
        self.build.join(name)
    }
}
