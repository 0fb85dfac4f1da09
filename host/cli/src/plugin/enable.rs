//! `usher plugin enable`

use super::HostFlags;
use super::api::Api;
use crate::output;
use anyhow::Context;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModeFlag {
    Off,
    Shadow,
    Enforce,
}

/// Flags of `usher plugin enable`.
#[derive(Debug, Args)]
pub(crate) struct EnableFlags {
    /// Which plugin
    name: String,
    /// Which version
    version: String,
    /// In which brand
    #[arg(long)]
    brand: String,
    /// Only in this group
    #[arg(long, conflicts_with = "kind")]
    group: Option<String>,
    /// Only in groups of this kind
    #[arg(long)]
    kind: Option<String>,
    /// A JSON file with its settings
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// `shadow` decides and records, and nothing is done
    #[arg(long, value_enum, default_value = "enforce")]
    mode: ModeFlag,
    #[command(flatten)]
    host: HostFlags,
}

pub(super) async fn run(flags: EnableFlags) -> anyhow::Result<ExitCode> {
    let (brand, name) = (&flags.brand, &flags.name);
    let scope = match (&flags.group, &flags.kind) {
        (Some(group), _) => format!("/v1/brands/{brand}/groups/{group}"),
        (None, Some(kind)) => format!("/v1/brands/{brand}/kinds/{kind}"),
        (None, None) => format!("/v1/brands/{brand}"),
    };
    let mode = match flags.mode {
        ModeFlag::Off => "off",
        ModeFlag::Shadow => "shadow",
        ModeFlag::Enforce => "enforce",
    };
    let settings = settings(flags.settings.as_deref())?;
    let enablement = json!({"version": flags.version, "mode": mode, "settings": settings});
    let api = Api::new(&flags.host.host, &flags.host.key)?;
    let enabled = api.put(&format!("{scope}/plugins/{name}"), &enablement).await?;
    output::line(&format!("{name} {} is in force at {scope}, revision {}", flags.version, enabled["revision"]));
    Ok(ExitCode::SUCCESS)
}

/// Settings from a JSON file; none are an empty object.
pub(super) fn settings(path: Option<&Path>) -> anyhow::Result<Value> {
    let Some(path) = path else { return Ok(json!({})) };
    let text = std::fs::read_to_string(path).with_context(|| format!("`{}` can't be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` is not JSON", path.display()))
}
