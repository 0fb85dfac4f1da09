//! `usher plugin test`

use super::ComponentFile;
use super::case::{Case, CaseEvent};
use super::compare::{Difference, differences};
use super::local::{Facts, Local, Place};
use crate::output;
use anyhow::{Context, ensure};
use clap::Args;
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

/// Flags of `usher plugin test`.
#[derive(Debug, Args)]
#[command(
    after_help = "A case is a TOML file; docs/authors/cases.md describes it. Each runs on a host of its own making: \
    the engine, the limits and the rooms of production, an empty memory, and a clock that is the events'."
)]
pub(crate) struct TestFlags {
    #[command(flatten)]
    component: ComponentFile,
    /// Cases, and folders of them
    #[arg(default_value = "cases", value_name = "CASE")]
    cases: Vec<PathBuf>,
    /// Print what came of each case as JSON
    #[arg(long)]
    json: bool,
}

/// One place where a story went another way.
struct Mistake {
    /// Which event, from 1; 0 for what comes before the first.
    event: usize,
    what: Difference,
}

/// What came of a case.
struct Outcome {
    case: String,
    events: usize,
    mistakes: Vec<Mistake>,
}

pub(super) async fn run(flags: TestFlags) -> anyhow::Result<ExitCode> {
    let cases: Vec<Case> = files(&flags.cases)?.iter().map(|path| Case::read(path)).collect::<Result<_, _>>()?;
    let local = Local::start().await?;
    let facts = local.take(&flags.component.path).await?;
    let (mut outcomes, colour) = (Vec::with_capacity(cases.len()), std::io::stdout().is_terminal());
    for (number, case) in cases.iter().enumerate() {
        let outcome = play(&local, &facts, &Place::numbered(number), case).await?;
        if !flags.json {
            output::line(&tell(&outcome, colour));
        }
        outcomes.push(outcome);
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.mistakes.is_empty()).count();
    if flags.json {
        let all: Vec<Value> = outcomes.iter().map(as_json).collect();
        output::line(&serde_json::to_string_pretty(&all)?);
    } else {
        output::line(&format!("\n{} of {} cases went as they should", outcomes.len() - failed, outcomes.len()));
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The files themselves, and those of folders by name.
fn files(asked: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in asked {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside = std::fs::read_dir(path).with_context(|| format!("`{}` can't be read", path.display()))?;
        let mut inside: Vec<PathBuf> = inside.flatten().map(|entry| entry.path()).collect();
        inside.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        ensure!(!inside.is_empty(), "there is no `.toml` file in `{}`", path.display());
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

async fn play(local: &Local, facts: &Facts, place: &Place, case: &Case) -> anyhow::Result<Outcome> {
    let name = case.path.display().to_string();
    let about = || format!("`{name}` can't begin");
    let brand = &place.brand;
    local.api.put(&format!("/v1/brands/{brand}"), &json!({})).await?;
    for (list, entries) in &case.lists {
        let body = json!({"entries": entries, "allow": []});
        local.api.put(&format!("/v1/brands/{brand}/word-lists/{list}"), &body).await.with_context(about)?;
    }
    local.enable(place, facts, &case.group, &case.settings).await.with_context(about)?;
    for (member, record) in &case.members {
        local.api.put(&place.path(&format!("/members/{member}")), record).await.with_context(about)?;
    }
    let (mut mistakes, mut last) = (Vec::new(), 0);
    for (number, event) in (1..).zip(&case.events) {
        let about = || format!("`{name}`, event {number}");
        let decision = local.api.post(&place.path("/events"), &event.event).await.with_context(about)?;
        let sequence = decision["sequence"].as_u64().unwrap_or_default();
        let fired = fired(local, place, last, sequence).await.with_context(about)?;
        last = sequence;
        let found = look(event, &decision, &fired);
        mistakes.extend(found.into_iter().map(|what| Mistake { event: number, what }));
    }
    Ok(Outcome { case: name, events: case.events.len(), mistakes })
}

/// Decisions of timers between two of events, oldest first.
async fn fired(local: &Local, place: &Place, after: u64, before: u64) -> anyhow::Result<Vec<Value>> {
    let count = before.saturating_sub(after + 1).min(99);
    if count == 0 {
        return Ok(Vec::new());
    }
    let (brand, limit) = (&place.brand, count + 1);
    let page = local.api.get(&format!("/v1/brands/{brand}/decisions?group={}&limit={limit}", Place::GROUP)).await?;
    let newest_first = page["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(newest_first.iter().skip(1).rev().cloned().collect())
}

fn look(event: &CaseEvent, decision: &Value, fired: &[Value]) -> Vec<Difference> {
    let mut all = Vec::new();
    if let Some(expected) = &event.fired {
        let found = json!({"fired": fired});
        all.extend(differences(&json!({"fired": expected}), Some(&found)));
    }
    if let Some(expected) = &event.expect {
        // A plugin that failed is what its author has to know first, whatever was expected of it.
        let report = &decision["plugins"][0];
        if report["outcome"] == "failed" && expected.get("plugins").is_none() {
            let found = report["failure"].clone();
            all.push(Difference { place: "the plugin".into(), expected: json!("an answer"), found: Some(found) });
        }
        all.extend(differences(expected, Some(decision)));
    }
    all
}

fn tell(outcome: &Outcome, colour: bool) -> String {
    let paint = |code: &str, text: &str| if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
    let events = if outcome.events == 1 { "1 event".into() } else { format!("{} events", outcome.events) };
    if outcome.mistakes.is_empty() {
        return format!("{} {} ({events})", paint("32", "ok    "), outcome.case);
    }
    let mut lines = vec![format!("{} {} ({events})", paint("31", "FAILED"), outcome.case)];
    for Mistake { event, what: Difference { place, expected, found } } in &outcome.mistakes {
        let found = found.as_ref().map_or("nothing".into(), Value::to_string);
        lines.push(format!("       event {event}, {place}:"));
        lines.push(paint("32", &format!("       - expected {expected}")));
        lines.push(paint("31", &format!("       + came     {found}")));
    }
    lines.join("\n")
}

fn as_json(outcome: &Outcome) -> Value {
    let mistakes: Vec<Value> = outcome
        .mistakes
        .iter()
        .map(|Mistake { event, what }| {
            json!({"event": event, "place": what.place, "expected": what.expected, "found": what.found})
        })
        .collect();
    json!({"case": outcome.case, "ok": mistakes.is_empty(), "events": outcome.events, "mistakes": mistakes})
}
