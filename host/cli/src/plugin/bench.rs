//! `usher plugin bench`

mod figures;
mod report;

pub(super) use figures::Figures;
pub(super) use report::{Bench, Benched, OfWhat};

use super::ComponentFile;
use super::local::{Local, Place};
use super::paint::Paint;
use super::story::{self, Outcome, failure};
use super::table;
use crate::output;
use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Flags of `usher plugin bench`.
#[derive(Debug, Args)]
#[command(
    after_help = "The events of the cases are decided once, as `test` does, and then each decision is made again \
    and again: the same event, the same memory, a fresh instance each time. So is each table of a scorer or a ranker. Fuel, memory, calls and bytes are the same \
    on every machine; time is this one's."
)]
pub(crate) struct BenchFlags {
    #[command(flatten)]
    component: ComponentFile,
    /// Cases, and folders of them
    #[arg(default_value = "cases", value_name = "CASE")]
    cases: Vec<PathBuf>,
    /// How often each decision is made again
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    calls: u32,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(flags: BenchFlags) -> anyhow::Result<ExitCode> {
    let files = story::files(&flags.cases)?;
    let bench = if table::are_tables(&files) {
        table::bench(&flags.component.path, &files, flags.calls)?
    } else {
        of_events(&flags).await?
    };
    output::line(&if flags.json { bench.as_json()? } else { bench.describe(Paint::stdout()) });
    let failed = bench.benched.iter().any(|benched| benched.failed.is_some());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn of_events(flags: &BenchFlags) -> anyhow::Result<Bench> {
    let cases = story::read(&flags.cases)?;
    let local = Local::start_anew().await?;
    let started = Instant::now();
    let facts = local.take(&flags.component.path).await?;
    let upload = started.elapsed();
    let (name, version, size_bytes) = (facts.name.clone(), facts.version.clone(), facts.size_bytes);
    let (of, calls) = (OfWhat::Events, flags.calls);
    let mut bench = Bench { name, version, size_bytes, of, calls, upload, enable: None, benched: Vec::new() };
    for (number, case) in cases.iter().enumerate() {
        let place = Place::numbered(number);
        let started = Instant::now();
        story::begin(&local, &facts, &place, case).await?;
        bench.enable.get_or_insert_with(|| started.elapsed());
        let outcome = story::go_on(&local, &facts, &place, case).await?;
        for decision in decisions(&outcome) {
            let figures = again(&local, &place, decision, flags.calls).await?;
            let event = decision["event"].as_str().unwrap_or_default().to_owned();
            bench.benched.push(Benched { case: case.path.clone(), event, figures, failed: failure(decision).cloned() });
        }
    }
    Ok(bench)
}

/// Those that the plugin had a part in, timers' too.
fn decisions(outcome: &Outcome) -> impl Iterator<Item = &Value> {
    let all = outcome.steps.iter().flat_map(|step| step.fired.iter().chain([&step.decision]));
    all.filter(|decision| decision["plugins"][0].is_object())
}

/// Makes a decision again, so often.
async fn again(local: &Local, place: &Place, decision: &Value, calls: u32) -> anyhow::Result<Figures> {
    let id = decision["id"].as_str().context("a decision without an id")?;
    let path = format!("/v1/brands/{}/decisions/{id}/replay", place.brand);
    let mut figures = Figures::default();
    for _ in 0..calls {
        figures.add(&local.api.post(&path, &json!({})).await?);
    }
    Ok(figures)
}
