//! `usher plugin check`

use super::ComponentFile;
use super::local::{Facts, Local};
use crate::output;
use clap::Args;
use serde_json::Value;
use std::process::ExitCode;

/// Flags of `usher plugin check`.
#[derive(Debug, Args)]
#[command(after_help = "Nothing is sent anywhere: the check runs on this machine, under the limits of production.")]
pub(crate) struct CheckFlags {
    #[command(flatten)]
    component: ComponentFile,
    /// Print what it is as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(flags: CheckFlags) -> anyhow::Result<ExitCode> {
    let facts = Local::start().await?.take(&flags.component.path).await?;
    if flags.json {
        output::line(&serde_json::to_string_pretty(&facts.all)?);
    } else {
        output::line(&describe(&facts));
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(facts: &Facts) -> String {
    let all = &facts.all;
    let list = |value: &Value| {
        let texts: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
    };
    let manifest = &all["manifest"];
    let settings = manifest["settings_schema"]["properties"].as_object();
    let settings: Vec<&str> = settings.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let rows = [
        ("summary", manifest["summary"].as_str().unwrap_or_default().to_owned()),
        ("hooks", list(&all["hooks"])),
        ("events", list(&manifest["events"])),
        ("columns", list(&manifest["columns"])),
        ("asks for", list(&manifest["capabilities"])),
        ("settings", if settings.is_empty() { "none".into() } else { settings.join(", ") }),
        ("size", format!("{} bytes", facts.size_bytes)),
        ("digest", all["digest"].as_str().unwrap_or_default().to_owned()),
    ];
    // Only scorers and rankers have columns.
    let rows = rows.into_iter().filter(|(name, value)| *name != "columns" || value != "none");
    let rows: Vec<String> = rows.map(|(name, value)| format!("  {name:<9} {value}")).collect();
    format!("{} {} is a plugin\n{}", facts.name, facts.version, rows.join("\n"))
}
