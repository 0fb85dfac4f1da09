//! A past decision, made again from what it was made of.

use crate::directory::BrandEntry;
use crate::host::Host;
use crate::pipeline::{at_group_time, decision, input};
use crate::plan::{PlanError, past};
use crate::run::run;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::LogLine;
use usher_model::{Cost, Decision, Event, GroupKey, PluginName};
use usher_store::journal::JournalEntry;

/// Why a decision can't be made again.
#[derive(Debug, Error)]
pub(crate) enum ReplayError {
    /// What it met is not on record.
    #[error("the plan of this decision is not on record")]
    NoPlan,
    /// A plugin of that time was deleted since, or can't be made ready.
    #[error("{0}")]
    Gone(String),
    /// The plugins read something now that they did not read then: they are not the same.
    #[error("a plugin reads something that it did not read then")]
    OtherReads,
    /// What is stored can't be read.
    #[error("the stored decision can't be read")]
    Unreadable(#[from] serde_json::Error),
    /// The plan could not be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// What came of making a decision again.
#[derive(Debug)]
pub(crate) struct Replayed {
    /// Whether it is the same to the byte, save how long each plugin took.
    pub(crate) identical: bool,
    /// Whether the host has the version and the limits of that time; where not, a difference may be the host's.
    pub(crate) same_engine: bool,
    /// The decision as it came out now.
    pub(crate) decision: Decision,
    /// What the plugins wrote to their logs, in order.
    pub(crate) logs: Vec<(PluginName, LogLine)>,
}

/// Makes a decision again: the same event, plan and records, nothing from now.
pub(crate) async fn replay(host: &Host, brand: &BrandEntry, entry: &JournalEntry) -> Result<Replayed, ReplayError> {
    let stored: Decision = serde_json::from_str(&entry.decision)?;
    let reported: Arc<Event> = Arc::new(serde_json::from_str(&entry.event)?);
    let key: GroupKey = entry.group.clone();
    let plan = past(&host.catalog, brand, key, &stored.plan).await?.ok_or(ReplayError::NoPlan)?;
    if let Some(reason) = plan.entries.iter().find_map(|entry| entry.snapshot.as_ref().err()) {
        return Err(ReplayError::Gone(reason.clone()));
    }
    let event = at_group_time(&reported, stored.at);
    let ran =
        run(&host.engine, &plan, &input(&plan, &event, &stored.reads), &event).map_err(|_| ReplayError::OtherReads)?;
    let again = decision(&plan, reported.at, &event, stored.sequence, stored.id, &ran, stored.reads.clone());
    let logs = ran.into_iter().flat_map(|ran| {
        let plugin = ran.report.plugin;
        ran.logs.into_iter().map(move |line| (plugin.clone(), line))
    });
    Ok(Replayed {
        identical: comparable(&again)? == comparable(&stored)?,
        same_engine: plan.record.engine == host.engine.identity(),
        decision: again,
        logs: logs.collect(),
    })
}

/// The decision's bytes without what is never the same twice.
fn comparable(decision: &Decision) -> Result<String, serde_json::Error> {
    let mut decision = decision.clone();
    for report in &mut decision.plugins {
        report.cost = Cost { duration_us: 0, ..report.cost };
    }
    serde_json::to_string(&decision)
}
