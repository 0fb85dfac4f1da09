//! Runs the plugins of a plan on an event. Whatever goes wrong in one of them is its own outcome.

use crate::plan::{PlanEntry, mode_for};
use std::sync::Arc;
use usher_engine::{Call, CallReads, CheckInput, Effects, Engine, LogLevel, LogLine, ReadKey, Report};
use usher_model::{CallLimits, CallUsage, Cost, Failure, FailureKind, FailurePolicy, Outcome, PluginReport};

/// How one plugin's part ended, and what it wants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ran {
    pub(crate) report: PluginReport,
    pub(crate) effects: Effects,
    pub(crate) failure_policy: FailurePolicy,
    /// What it may use, and have.
    pub(crate) limits: Arc<CallLimits>,
    /// What it read of the group's memory.
    pub(crate) reads: CallReads,
    /// What it wrote for its author: shown to whoever asks for a replay, and never part of a decision.
    pub(crate) logs: Vec<LogLine>,
    /// What it used beside what it cost: shown likewise.
    pub(crate) usage: CallUsage,
}

impl Ran {
    /// Why the host did not let it finish, if it is for that.
    pub(crate) fn refusal(report: &PluginReport) -> Option<&Failure> {
        let failure = report.failure.as_ref()?;
        matches!(failure.kind, FailureKind::Unavailable | FailureKind::Breaker).then_some(failure)
    }

    /// Whether its own doing ended it.
    pub(crate) fn is_at_fault(&self) -> bool {
        self.report.failure.as_ref().is_some_and(|failure| failure.kind != FailureKind::Unavailable)
    }

    /// A plugin that failed has said nothing.
    pub(crate) fn fail(&mut self, failure: Failure) {
        self.effects = Effects::default();
        self.report.outcome = Outcome::Failed;
        self.report.approval = None;
        self.report.failure = Some(failure);
    }
}

/// Runs one plugin of the plan.
///
/// # Errors
/// The first thing that it read and that is not in the input, and what it cost to find out: add it and run again.
pub(crate) fn run(engine: &Engine, entry: &PlanEntry, input: &Arc<CheckInput>) -> Result<Ran, (ReadKey, u64)> {
    let report = match &entry.snapshot {
        Err(reason) => failed(FailureKind::Unavailable, reason.clone()),
        Ok(snapshot) => match engine.check(snapshot, input, &entry.grants, &entry.limits) {
            Call::Missing(key, fuel) => return Err((key, fuel)),
            Call::Done(report) => report,
        },
    };
    Ok(ran(entry, input, report))
}

/// A plugin that reads something in a replay that it did not read then: it is not the same plugin, or not the same host.
pub(crate) fn unanswered(entry: &PlanEntry, input: &CheckInput, key: &ReadKey) -> Ran {
    let message = format!("the plugin reads what it did not read then: {key:?}");
    ran(entry, input, failed(FailureKind::HostCalls, message))
}

/// A plugin that the host did not let finish, for reasons of its own: these are kept, and not found out again in a
/// replay.
pub(crate) fn refused(entry: &PlanEntry, input: &CheckInput, failure: Failure, cost: Cost) -> Ran {
    ran(entry, input, Report { cost, ..failed(failure.kind, failure.message) })
}

fn ran(entry: &PlanEntry, input: &CheckInput, report: Report) -> Ran {
    log(entry, &report);
    let outcome = match &report.failure {
        Some(_) => Outcome::Failed,
        None if report.effects.is_empty() => Outcome::Abstain,
        None => Outcome::Findings,
    };
    let planned = &entry.planned;
    let mut ran = Ran {
        failure_policy: planned.failure_policy,
        limits: entry.limits.clone(),
        report: PluginReport {
            plugin: planned.plugin.clone(),
            version: planned.version.clone(),
            digest: planned.digest,
            revision: planned.revision,
            mode: mode_for(planned, input.event().on_behalf_of()),
            on_trial: entry.is_on_trial,
            outcome,
            failure: report.failure,
            approval: report.effects.approval.clone(),
            cost: report.cost,
        },
        effects: report.effects,
        reads: report.reads,
        logs: report.logs,
        usage: report.usage,
    };
    if ran.report.is_beside() {
        // The memory is that of the version in force, and so are the timers.
        ran.effects.memory.clear();
        ran.effects.timers.clear();
    }
    ran
}

fn failed(kind: FailureKind, message: String) -> Report {
    Report {
        effects: Effects::default(),
        failure: Some(Failure { kind, message }),
        logs: Vec::new(),
        reads: CallReads::default(),
        cost: Cost::default(),
        usage: CallUsage::default(),
    }
}

/// That a plugin failed is news for the operator; what it wrote may quote the message, so only its amount is told.
fn log(entry: &PlanEntry, report: &Report) {
    let (plugin, version) = (&entry.planned.plugin, &entry.planned.version);
    // What a breaker does is told when it changes.
    if let Some(failure) = report.failure.as_ref().filter(|failure| failure.kind != FailureKind::Breaker) {
        tracing::warn!(%plugin, %version, kind = failure.kind.as_str(), "plugin failed");
    }
    let worth_telling = |line: &&LogLine| matches!(line.level, LogLevel::Warn | LogLevel::Error);
    let lines = report.logs.iter().filter(worth_telling).count();
    if lines > 0 {
        tracing::debug!(%plugin, %version, lines, "plugin wrote warnings");
    }
}
