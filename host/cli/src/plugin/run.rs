//! `usher plugin run`

use super::ComponentFile;
use super::enable::settings;
use super::local::{Local, Place};
use super::table;
use crate::output;
use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Flags of `usher plugin run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    usher plugin run build/ad-guard.wasm --text '加微信 abc123'\n  \
    usher plugin run build/ad-guard.wasm --event event.json --settings settings.json --json\n  \
    usher plugin run build/vip.wasm --table cases/helpers.toml")]
pub(crate) struct RunFlags {
    #[command(flatten)]
    component: ComponentFile,
    /// A message with this text
    #[arg(long, required_unless_present_any = ["event", "table"], conflicts_with_all = ["event", "table"])]
    text: Option<String>,
    /// A JSON file with an event, as the API takes it
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,
    /// A TOML file with a table, for a scorer or a ranker; as for `usher plugin test`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["event", "settings"])]
    table: Option<PathBuf>,
    /// A JSON file with its settings
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Print the decision or the scores, the log and the cost as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(flags: RunFlags) -> anyhow::Result<ExitCode> {
    if let Some(file) = &flags.table {
        return table::run(&flags.component.path, file, flags.json);
    }
    let event = event(&flags)?;
    let local = Local::start().await?;
    let facts = local.take(&flags.component.path).await?;
    let place = Place::numbered(1);
    local.enable(&place, &facts, &json!({}), &settings(flags.settings.as_deref())?).await?;
    let decision = local.api.post(&place.path("/events"), &event).await?;
    let id = decision["id"].as_str().unwrap_or_default();
    // What a plugin writes to its log is kept nowhere: a replay writes it again.
    let replay = local.api.post(&format!("/v1/brands/{}/decisions/{id}/replay", place.brand), &json!({})).await?;
    if flags.json {
        let all = json!({"decision": decision, "log": replay["log"], "cost": replay["cost"]});
        output::line(&serde_json::to_string_pretty(&all)?);
    } else {
        output::line(&describe(&decision, &replay)?);
    }
    let failed = decision["plugins"][0]["outcome"] == "failed";
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn event(flags: &RunFlags) -> anyhow::Result<Value> {
    let Some(path) = &flags.event else {
        return Ok(json!({"id": "event", "kind": "message.created", "at": "2026-01-01T12:00:00Z",
            "actor": {"id": "member"}, "text": flags.text}));
    };
    read_json(path)
}

fn read_json(path: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("`{}` can't be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` is not JSON", path.display()))
}

fn describe(decision: &Value, replay: &Value) -> anyhow::Result<String> {
    let report = &decision["plugins"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if report.is_null() {
        return Ok("the plugin did not want to see this event: its manifest names the kinds that it does".into());
    }
    let mut lines = vec![format!("outcome  {}", text(&report["outcome"]))];
    if report["failure"].is_object() {
        lines.push(format!("failed   {}: {}", text(&report["failure"]["kind"]), text(&report["failure"]["message"])));
    }
    lines.push(format!("verdict  {}", text(&decision["verdict"])));
    for (name, key) in [("finding", "findings"), ("action", "actions"), ("memory", "memory"), ("timer", "timers")] {
        for one in decision[key].as_array().into_iter().flatten() {
            lines.push(format!("{name:<8} {}", serde_json::to_string(one)?));
        }
    }
    for line in replay["log"].as_array().into_iter().flatten() {
        let message = text(&line["message"]).replace('\n', "\n           ");
        lines.push(format!("log      {}: {message}", text(&line["level"])));
    }
    lines.push(format!("fuel     {} ({} µs)", report["fuel"], report["duration_us"]));
    Ok(lines.join("\n"))
}
