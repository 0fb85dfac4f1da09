//! A past decision, made again from what it was made of.

use crate::directory::BrandEntry;
use crate::host::Host;
use crate::pipeline::{Judged, at_group_time, decision, logs, reads};
use crate::plan::{Plan, PlanEntry, PlanError, past};
use crate::run::{Ran, refused, run, unanswered};
use crate::settle;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::{CheckInput, EventFacts, Found, History, LogLine, Memory};
use usher_model::{
    CallUsage, Cost, Counter, Decision, Event, GroupKey, Kept, PlannedPlugin, PluginName, Slot, SlotKey, Space,
};
use usher_store::StoreError;
use usher_store::journal::JournalEntry;

/// Why a decision can't be made again.
#[derive(Debug, Error)]
pub(crate) enum ReplayError {
    /// What it met is not on record.
    #[error("the plan of this decision is not on record")]
    NoPlan,
    /// A plugin of that time can't be made ready.
    #[error("{0}")]
    Gone(String),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
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
    /// What each plugin used, beside what it cost.
    pub(crate) usage: Vec<(PluginName, CallUsage)>,
}

/// Makes a decision again: the same event, plan and records, nothing from now.
pub(crate) async fn replay(host: &Host, brand: &BrandEntry, entry: &JournalEntry) -> Result<Replayed, ReplayError> {
    let stored: Decision = serde_json::from_str(&entry.decision)?;
    let reported: Arc<Event> = Arc::new(serde_json::from_str(&entry.event)?);
    let key: GroupKey = entry.group.clone();
    let plan = past(&host.catalog, brand, key, &stored.plan).await?.ok_or(ReplayError::NoPlan)?;
    let event = Arc::new(EventFacts::new(at_group_time(&reported, stored.at)));
    let (mut ran, history_events) = rerun(host, &plan, &stored, &event, &Others::default()).await?;
    let reads = reads(&ran, stored.reads.members.clone().into_iter(), history_events);
    let logs = logs(&mut ran);
    let usage = ran.iter().map(|ran| (ran.report.plugin.clone(), ran.usage)).collect();
    let mut judged = Judged::new(&plan, ran, reads);
    judged.hold_back(&plan, stored.actions_of_day.clone());
    let again = decision(&plan, reported.at, &event.event, stored.sequence, stored.id, judged);
    Ok(Replayed {
        identical: comparable(&again)? == comparable(&stored)?,
        same_engine: plan.record.engine == host.engine.identity(),
        decision: again,
        logs,
        usage,
    })
}

/// What a replay leaves out, and what it need not read.
#[derive(Debug, Default)]
pub(crate) struct Others<'a> {
    /// A plugin that is not run.
    pub(crate) without: Option<&'a PluginName>,
    /// The group's events before this one, as many as are at hand.
    pub(crate) past: Option<&'a History>,
}

/// Runs the plugins of a past decision again, all but one, on what they read then. Returns also how many events they
/// could look back at. One that ran then and can't be made ready now is an error, and not an outcome.
pub(crate) async fn rerun(
    host: &Host,
    plan: &Plan,
    stored: &Decision,
    event: &Arc<EventFacts>,
    others: &Others<'_>,
) -> Result<(Vec<Ran>, Option<usize>), ReplayError> {
    let again = |entry: &&PlanEntry| Some(&entry.planned.plugin) != others.without;
    let mut entries = plan.wanting(event.event.clone()).filter(again).peekable();
    if entries.peek().is_none() {
        return Ok((Vec::new(), None));
    }
    let input = Arc::new(input(host, plan, stored, event.clone(), others.past).await?);
    let mut ran = Vec::with_capacity(stored.plugins.len());
    for entry in entries {
        let then = stored
            .plugins
            .iter()
            .find(|report| (&report.plugin, report.on_trial) == (&entry.planned.plugin, entry.is_on_trial));
        let refusal = then.and_then(|then| Ran::refusal(then).map(|failure| (failure.clone(), then.cost)));
        let mut once = if let Some((failure, cost)) = refusal {
            // The host's own reasons of that time are on record, and nowhere else.
            refused(entry, &input, failure, cost)
        } else if let Err(reason) = &entry.snapshot {
            let PlannedPlugin { plugin, version, .. } = &entry.planned;
            return Err(ReplayError::Gone(format!("`{plugin}` {version} can't be made ready: {reason}")));
        } else {
            // What was not read then, because it was too much, is not there now either.
            let place = host.turns.place_again(&plan.group.key.brand, &entry.breaker.recent).await;
            let again = place.run(|| run(&host.engine, entry, &input));
            again.unwrap_or_else(|(key, _)| unanswered(entry, &input, &key))
        };
        let noted = stored.reads.memory.get(&once.report.plugin);
        if let Some(noted) = noted.filter(|_| !once.report.is_beside()) {
            (once.reads.memory.usage, once.reads.memory.timers) = (noted.usage, noted.timers);
        }
        settle::enforce_quotas(&mut once);
        ran.push(once);
    }
    Ok((ran, input.memory().history.as_ref().map(History::len)))
}

/// What the plugins could see then: the records, slots and marks that they read, and the events before.
async fn input(
    host: &Host,
    plan: &Plan,
    stored: &Decision,
    event: Arc<EventFacts>,
    past: Option<&History>,
) -> Result<CheckInput, ReplayError> {
    let (at, mut memory) = (stored.at, Memory::default());
    for (plugin, reads) in &stored.reads.memory {
        let key = |space, name: &str| SlotKey { owner: Some(plugin.clone()), space, name: name.into() };
        for (name, value) in &reads.values {
            let kept = value.clone().map(|bytes| Slot::Value(Kept { bytes, expires_at_ms: None }));
            memory.insert(key(Space::Value, name), kept);
        }
        for (name, sums) in &reads.sums {
            memory.insert(key(Space::Counter, name), Some(Slot::Counter(Counter::of_sums(at, sums))));
        }
    }
    for (member, marks) in &stored.reads.marks {
        let key = |space| SlotKey { owner: None, space, name: member.as_str().into() };
        if let Some(strikes) = marks.strikes_at(at) {
            memory.insert(key(Space::Strikes), Some(Slot::Strikes(strikes)));
        }
        if let Some(labels) = marks.labels_at() {
            memory.insert(key(Space::Labels), Some(Slot::Labels(labels)));
        }
    }
    if let Some(events) = stored.reads.history_events {
        let events = events as usize;
        memory.history = Some(match past.and_then(|past| past.last(events)) {
            Some(at_hand) => at_hand,
            None => host.memories.history(&plan.group.key, stored.sequence, events).await?,
        });
    }
    let mut input = CheckInput::new(event, plan.group.clone(), plan.word_lists.clone(), memory);
    for (id, record) in &stored.reads.members {
        input.add(Found::Member(id.clone(), record.clone().map(Arc::new)));
    }
    Ok(input)
}

/// The decision's bytes without what is never the same twice.
fn comparable(decision: &Decision) -> Result<String, serde_json::Error> {
    let mut decision = decision.clone();
    for report in &mut decision.plugins {
        report.cost = Cost { duration_us: 0, ..report.cost };
    }
    serde_json::to_string(&decision)
}
