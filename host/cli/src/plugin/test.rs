//! `usher plugin test`

use super::ComponentFile;
use super::build;
use super::compare::Difference;
use super::local::{Local, Place};
use super::paint::{Paint, Tone};
use super::story::{self, Mistake, Outcome};
use super::table;
use super::update;
use super::watch::Watch;
use crate::output;
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
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
    /// Write what came into the cases, in place of what was expected
    #[arg(long)]
    update: bool,
    /// Go on: again after each change of the cases, and of the plugin, which is built anew
    #[arg(long, conflicts_with_all = ["json", "update"])]
    watch: bool,
    /// Print what came of each case as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(flags: TestFlags) -> anyhow::Result<ExitCode> {
    if !flags.watch {
        return once(&flags).await;
    }
    let stop = tokio::signal::ctrl_c();
    tokio::select! {
        never = again_and_again(&flags) => never.map(|()| ExitCode::SUCCESS),
        _ = stop => Ok(ExitCode::SUCCESS),
    }
}

/// What goes wrong in one round is told, and the next one may go well.
async fn again_and_again(flags: &TestFlags) -> anyhow::Result<()> {
    let project = build::project_of(&flags.component.path);
    let component = [flags.component.path.clone()];
    let mut sources = Watch::of(project.as_slice());
    let mut cases = Watch::of([&flags.cases[..], if project.is_some() { &[] } else { &component }].concat());
    let mut stale = project.is_some();
    loop {
        if let Err(error) = round(flags, project.as_deref().filter(|_| stale)).await {
            output::error(&format!("{error:#}"));
        }
        output::line("\nwaiting for a change; Ctrl-C ends it");
        stale = tokio::select! {
            () = sources.changed(), if project.is_some() => true,
            () = cases.changed() => false,
        };
    }
}

async fn round(flags: &TestFlags, stale: Option<&Path>) -> anyhow::Result<()> {
    if let Some(folder) = stale {
        build::build_aside(folder).await?;
    }
    once(flags).await.map(|_| ())
}

async fn once(flags: &TestFlags) -> anyhow::Result<ExitCode> {
    let files = story::files(&flags.cases)?;
    if table::are_tables(&files) {
        return table::test(&flags.component.path, &files, flags.update, flags.json);
    }
    let cases = story::read(&flags.cases)?;
    let local = Local::start().await?;
    let facts = local.take(&flags.component.path).await?;
    let (mut outcomes, paint) = (Vec::with_capacity(cases.len()), Paint::stdout());
    for (number, case) in cases.iter().enumerate() {
        let mut outcome = story::play(&local, &facts, &Place::numbered(number), case).await?;
        let updated = flags.update && update::write(case, &mut outcome)?;
        if !flags.json {
            output::line(&tell(&outcome, updated, paint));
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

/// What came of a case, for a person.
pub(super) fn tell(outcome: &Outcome, updated: bool, paint: Paint) -> String {
    let events = outcome.steps.len();
    let about = format!("{} ({events} event{})", outcome.case.display(), if events == 1 { "" } else { "s" });
    if outcome.mistakes.is_empty() {
        let word = if updated { paint.in_tone(Tone::Near, "updated") } else { paint.in_tone(Tone::Good, "ok    ") };
        return format!("{word} {about}");
    }
    let mut lines = vec![format!("{} {about}", paint.in_tone(Tone::Bad, "FAILED"))];
    for (index, Mistake { event, what }) in outcome.mistakes.iter().enumerate() {
        lines.extend(differ(*event, what, paint));
        // After the last of an event's mistakes, what the plugin wrote about it.
        if outcome.mistakes.get(index + 1).is_none_or(|next| next.event != *event) {
            let step = outcome.steps.get(event - 1);
            lines.extend(step.into_iter().flat_map(|step| &step.log).map(|line| log_line(line, paint)));
        }
    }
    lines.join("\n")
}

fn differ(event: usize, Difference { place, expected, found }: &Difference, paint: Paint) -> [String; 3] {
    let found = found.as_ref().map_or("nothing".into(), Value::to_string);
    [
        format!("       event {event}, {place}:"),
        paint.in_tone(Tone::Good, &format!("       - expected {expected}")),
        paint.in_tone(Tone::Bad, &format!("       + came     {found}")),
    ]
}

fn log_line(line: &Value, paint: Paint) -> String {
    let text = |name: &str| line[name].as_str().unwrap_or_default();
    let message = text("message").replace('\n', "\n             ");
    paint.in_tone(Tone::Aside, &format!("       log {}: {message}", text("level")))
}

fn as_json(outcome: &Outcome) -> Value {
    let mistakes: Vec<Value> = outcome
        .mistakes
        .iter()
        .map(|Mistake { event, what }| {
            json!({"event": event, "place": what.place, "expected": what.expected, "found": what.found})
        })
        .collect();
    let case = outcome.case.display().to_string();
    json!({"case": case, "ok": mistakes.is_empty(), "events": outcome.steps.len(), "mistakes": mistakes})
}
