//! A case, played on a host of its own making, and what came of it.

use super::case::{Case, CaseEvent};
use super::compare::{Difference, differences};
use super::local::{Facts, Local, Place};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Lines of log that are asked for, as many as a page has.
const LOG_LINES: usize = 100;

/// What came of one event.
#[derive(Debug)]
pub(super) struct Step {
    /// What was decided about it.
    pub(super) decision: Value,
    /// Decisions of the timers that fired before it, oldest first.
    pub(super) fired: Vec<Value>,
    /// What the plugin wrote about it; there only when the story went another way.
    pub(super) log: Vec<Value>,
}

/// One place where a story went another way.
#[derive(Debug)]
pub(super) struct Mistake {
    /// Which event, from 1.
    pub(super) event: usize,
    pub(super) what: Difference,
}

/// What came of a case.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) case: PathBuf,
    pub(super) steps: Vec<Step>,
    pub(super) mistakes: Vec<Mistake>,
}

/// Makes a place for the story: lists, members, the group, and the plugin in force there.
pub(super) async fn begin(local: &Local, facts: &Facts, place: &Place, case: &Case) -> anyhow::Result<()> {
    let about = || format!("`{}` can't begin", case.path.display());
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
    Ok(())
}

/// Plays a case from its beginning to its end.
pub(super) async fn play(local: &Local, facts: &Facts, place: &Place, case: &Case) -> anyhow::Result<Outcome> {
    begin(local, facts, place, case).await?;
    go_on(local, facts, place, case).await
}

/// Plays what happens, when the place is made.
pub(super) async fn go_on(local: &Local, facts: &Facts, place: &Place, case: &Case) -> anyhow::Result<Outcome> {
    let (mut steps, mut mistakes, mut last) = (Vec::with_capacity(case.events.len()), Vec::new(), 0);
    for (number, event) in (1..).zip(&case.events) {
        let about = || format!("`{}`, event {number}", case.path.display());
        let decision = local.api.post(&place.path("/events"), &event.event).await.with_context(about)?;
        let sequence = decision["sequence"].as_u64().unwrap_or_default();
        let fired = fired(local, place, last, sequence).await.with_context(about)?;
        last = sequence;
        let found = look(event, &decision, &fired);
        mistakes.extend(found.into_iter().map(|what| Mistake { event: number, what }));
        steps.push(Step { decision, fired, log: Vec::new() });
    }
    if !mistakes.is_empty() {
        read_log(local, facts, place, &mut steps).await?;
    }
    Ok(Outcome { case: case.path.clone(), steps, mistakes })
}

/// Gives each step what the plugin wrote about its event.
async fn read_log(local: &Local, facts: &Facts, place: &Place, steps: &mut [Step]) -> anyhow::Result<()> {
    let path = format!("/v1/brands/{}/plugins/{}/logs?limit={LOG_LINES}", place.brand, facts.name);
    let page = local.api.get(&path).await?;
    for line in page["items"].as_array().into_iter().flatten() {
        if let Some(step) = steps.iter_mut().find(|step| step.decision["event"] == line["event"]) {
            step.log.push(line.clone());
        }
    }
    Ok(())
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
        if let Some(failure) = failure(decision).filter(|_| expected.get("plugins").is_none()) {
            let found = Some(failure.clone());
            all.push(Difference { place: "the plugin".into(), expected: json!("an answer"), found });
        }
        all.extend(differences(expected, Some(decision)));
    }
    all
}

/// Why the plugin failed on an event, if it did.
pub(super) fn failure(decision: &Value) -> Option<&Value> {
    let report = &decision["plugins"][0];
    (report["outcome"] == "failed").then(|| &report["failure"])
}

/// The files themselves, and those of folders by name.
pub(super) fn files(asked: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in asked {
        if !path.exists() {
            bail!(
                "there is no `{}`: a case is a TOML file with events (`[[event]]`) and what should come of each (`expect`); \
                 `usher plugin new` makes one to begin from",
                path.display()
            );
        }
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        files.extend(inside(path)?);
    }
    Ok(files)
}

fn inside(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("`{}` can't be read", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    anyhow::ensure!(!files.is_empty(), "there is no `.toml` file in `{}`", folder.display());
    files.sort();
    Ok(files)
}

/// All cases of these files and folders.
pub(super) fn read(asked: &[PathBuf]) -> anyhow::Result<Vec<Case>> {
    files(asked)?.iter().map(|path| Case::read(path)).collect()
}
