//! Runs the plugins of a plan on an event. Whatever goes wrong in one of them is its own outcome.

use crate::plan::{Plan, PlanEntry, mode_for};
use std::sync::Arc;
use usher_engine::{Call, CheckInput, Effects, Engine, LogLevel, LogLine, ReadKey, Report};
use usher_model::{Cost, Event, Failure, FailureKind, FailurePolicy, Outcome, PluginReport};

/// How one plugin's part ended, and what it wants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ran {
    pub(crate) report: PluginReport,
    pub(crate) effects: Effects,
    pub(crate) failure_policy: FailurePolicy,
    /// What it wrote for its author: shown to whoever asks for a replay, and never part of a decision.
    pub(crate) logs: Vec<LogLine>,
}

/// Runs every plugin of the plan that wants to see the event, in the plan's order.
///
/// # Errors
/// The first thing that a plugin read and that is not in the input: add it and run again.
pub(crate) fn run(engine: &Engine, plan: &Plan, input: &Arc<CheckInput>, event: &Event) -> Result<Vec<Ran>, ReadKey> {
    let wanting = plan.entries.iter().filter(|entry| event.kind.is_among(&entry.planned.events));
    wanting.map(|entry| run_one(engine, entry, input, event)).collect()
}

fn run_one(engine: &Engine, entry: &PlanEntry, input: &Arc<CheckInput>, event: &Event) -> Result<Ran, ReadKey> {
    let report = match &entry.snapshot {
        Err(reason) => unavailable(reason.clone()),
        Ok(snapshot) => match engine.check(snapshot, input, &entry.grants, &entry.limits) {
            Call::Missing(key) => return Err(key),
            Call::Done(report) => report,
        },
    };
    log(entry, &report);
    let outcome = match &report.failure {
        Some(_) => Outcome::Failed,
        None if report.effects.is_empty() => Outcome::Abstain,
        None => Outcome::Findings,
    };
    let member = event.actor.as_ref().map(|actor| actor.id.as_str());
    let planned = &entry.planned;
    Ok(Ran {
        failure_policy: planned.failure_policy,
        report: PluginReport {
            plugin: planned.plugin.clone(),
            version: planned.version.clone(),
            digest: planned.digest,
            revision: planned.revision,
            mode: mode_for(planned, member),
            outcome,
            failure: report.failure,
            approval: report.effects.approval.clone(),
            cost: report.cost,
        },
        effects: report.effects,
        logs: report.logs,
    })
}

fn unavailable(message: String) -> Report {
    Report {
        effects: Effects::default(),
        failure: Some(Failure { kind: FailureKind::Unavailable, message }),
        logs: Vec::new(),
        cost: Cost::default(),
    }
}

/// That a plugin failed is news for the operator; what it wrote may quote the message, so only its amount is told.
fn log(entry: &PlanEntry, report: &Report) {
    let (plugin, version) = (&entry.planned.plugin, &entry.planned.version);
    if let Some(failure) = &report.failure {
        tracing::warn!(%plugin, %version, kind = failure.kind.as_str(), "plugin failed");
    }
    let worth_telling = |line: &&LogLine| matches!(line.level, LogLevel::Warn | LogLevel::Error);
    let lines = report.logs.iter().filter(worth_telling).count();
    if lines > 0 {
        tracing::debug!(%plugin, %version, lines, "plugin wrote warnings");
    }
}
