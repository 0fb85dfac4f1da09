//! `usher plugin logs`

use super::HostFlags;
use super::api::{Api, ApiError};
use super::paint::{Paint, Tone};
use crate::output;
use clap::Args;
use serde_json::Value;
use std::process::ExitCode;

/// Flags of `usher plugin logs`.
#[derive(Debug, Args)]
#[command(
    after_help = "A host keeps a plugin's last lines in its memory, and nowhere else: they may quote what members \
    wrote. Several hosts on one database have lines of their own."
)]
pub(crate) struct LogsFlags {
    /// Which plugin
    name: String,
    /// In which brand
    #[arg(long)]
    brand: String,
    /// Go on, with each line as it is written
    #[arg(long, short)]
    follow: bool,
    /// The last so many lines that the host has, 1 to 100
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
    lines: u32,
    /// Print each line as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    host: HostFlags,
}

pub(super) async fn run(flags: LogsFlags) -> anyhow::Result<ExitCode> {
    let LogsFlags { name, brand, follow, lines, json, host } = flags;
    let (api, paint) = (Api::new(&host.host, &host.key)?, Paint::stdout());
    let path = format!("/v1/brands/{brand}/plugins/{name}/logs");
    let tell = |line: &Value| output::line(&if json { line.to_string() } else { describe(line, paint) });
    if !follow {
        let page = api.get(&format!("{path}?limit={lines}")).await?;
        page["items"].as_array().into_iter().flatten().for_each(tell);
        return Ok(ExitCode::SUCCESS);
    }
    let mut messages = api.stream(&format!("{path}/stream?limit={lines}")).await?;
    while let Some(message) = messages.next().await? {
        match message.name.as_str() {
            "log" => tell(&serde_json::from_str(&message.data)?),
            _ => output::error(&format!("{} lines came too fast and are not shown", message.data)),
        }
    }
    Err(ApiError::Ended.into())
}

/// A line for people: when, about which event, how grave, and what it says. Further lines are set in.
pub(super) fn describe(line: &Value, paint: Paint) -> String {
    let text = |name: &str| line[name].as_str().unwrap_or_default();
    let level = match text("level") {
        "error" => paint.in_tone(Tone::Bad, "error"),
        "warn" => paint.in_tone(Tone::Near, "warn "),
        "info" => "info ".to_owned(),
        other => paint.in_tone(Tone::Aside, other),
    };
    let place = paint.in_tone(Tone::Aside, &format!("{} {}/{}", text("at"), text("group"), text("event")));
    format!("{place} {level} {}", text("message").replace('\n', "\n    "))
}
