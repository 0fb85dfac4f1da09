//! One event on one head: the plugins of the plan run, and what they want becomes a decision.

use super::DecideError;
use crate::aggregate::{Aggregated, aggregate, capped, hold_back};
use crate::caps::Reserved;
use crate::directory::BrandEntry;
use crate::host::Host;
use crate::ingest::Reported;
use crate::memory::GroupMemory;
use crate::plan::{Plan, PlanEntry};
use crate::run::{Ran, refused, run};
use crate::settle;
use crate::timers::Timers;
use std::sync::Arc;
use usher_engine::{CheckInput, EventFacts, LogLine};
use usher_model::{
    ActionsOfDay, Cost, Decision, DecisionId, Event, Failure, FailureKind, Intent, Member, MemberId, PluginName, Reads,
    Sequence, Timestamp,
};
use usher_store::journal::{Head, TallyKey};

/// How many times its budget a plugin's runs for one event may cost, when it runs again for what it read.
const RERUNS_MAX: u64 = 4;

/// A decision, and what goes with it on its way to the disk.
pub(super) struct Decided {
    pub(super) decision: Decision,
    /// What the group's memory holds, where the plan has anything to do with that.
    pub(super) memory: Option<GroupMemory>,
    pub(super) reserved: Reserved,
    /// What the plugins wrote to their logs, in order: no part of the decision.
    pub(super) logs: Vec<(PluginName, LogLine)>,
}

/// A pure function of event, head, plan and what the plugins read.
pub(super) async fn judge(
    host: &Host,
    brand: &BrandEntry,
    plan: &Plan,
    reported: &Reported,
    head: &Head,
    timers: &Timers,
) -> Result<Decided, DecideError> {
    // Time in a group never runs backwards: a late event is decided at the group's time, and both are kept.
    let at = reported.event.at.max(head.at);
    let event = Arc::new(EventFacts::new(at_group_time(&reported.event, at)));
    let mut group = GroupMemory::default();
    if plan.remembers {
        group = host.memories.take(&plan.group.key, head).await?;
    }
    let memory = std::mem::take(&mut group.memory);
    let input = CheckInput::new(event.clone(), plan.group.clone(), plan.word_lists.clone(), memory);
    let (mut ran, input) = run_all(host, plan, Arc::new(input), head).await?;
    let (members, memory) = Arc::unwrap_or_clone(input).into_parts();
    group.memory = memory;
    if plan.remembers {
        note_usage(host, plan, &mut group, &mut ran, timers, at).await?;
    }
    let members = members.into_iter().map(|(id, record)| (id, record.map(Arc::unwrap_or_clone)));
    let history_events = group.memory.history.as_ref().map(usher_engine::History::len);
    let reads = reads(&ran, members, history_events);
    let id = host.config.clock.decision_id(at);
    let logs = logs(&mut ran);
    let mut judged = Judged::new(plan, ran, reads);
    let reserved = reserve(host, brand, plan, &judged.aggregated.intent, at).await?;
    judged.hold_back(plan, reserved.before.clone());
    let decision = decision(plan, reported.event.at, &event.event, head.sequence + 1, id, judged);
    if let Some(history) = &mut group.memory.history {
        history.push(event);
    }
    Ok(Decided { decision, memory: plan.remembers.then_some(group), reserved, logs })
}

/// Takes what the plugins wrote.
pub(crate) fn logs(ran: &mut [Ran]) -> Vec<(PluginName, LogLine)> {
    let mut all = Vec::new();
    for ran in ran {
        let lines = std::mem::take(&mut ran.logs).into_iter();
        all.extend(lines.map(|line| (ran.report.plugin.clone(), line)));
    }
    all
}

/// The event as the plugins see it: at the group's time.
pub(crate) fn at_group_time(event: &Arc<Event>, at: Timestamp) -> Arc<Event> {
    if event.at == at {
        return event.clone();
    }
    let mut event = Event::clone(event);
    event.at = at;
    Arc::new(event)
}

/// Runs every plugin of the plan that wants to see the event, each until all that it reads is at hand: a run has no
/// effects, so it can start again. How much that is has a limit, which the run itself keeps (`reads`).
async fn run_all(
    host: &Host,
    plan: &Plan,
    mut input: Arc<CheckInput>,
    head: &Head,
) -> Result<(Vec<Ran>, Arc<CheckInput>), DecideError> {
    let mut ran = Vec::new();
    let (breaker, now) = (&host.config.breaker, host.config.clock.now(input.event().at));
    for entry in plan.wanting(input.event().clone()) {
        if let Err(failure) = entry.breaker.admit(breaker, now) {
            ran.push(refused(entry, &input, failure, Cost::default()));
            continue;
        }
        let place = match host.turns.place(&plan.group.key.brand, &entry.breaker.recent).await {
            Ok(place) => place,
            Err(full) => {
                let failure = Failure { kind: FailureKind::Unavailable, message: full.to_string() };
                ran.push(refused(entry, &input, failure, Cost::default()));
                continue;
            }
        };
        let (mut spent, mut looked_up) = (0_u64, 0);
        let once = loop {
            let key = match place.run(|| run(&host.engine, entry, &input)) {
                Ok(ran) => break ran,
                Err((key, fuel)) => {
                    spent = spent.saturating_add(fuel);
                    key
                }
            };
            if spent > entry.limits.fuel.saturating_mul(RERUNS_MAX) {
                break overspent(entry, &input, spent);
            }
            let found = host.memories.find(&host.members, &plan.group.key, head, key).await?;
            Arc::make_mut(&mut input).add(found);
            looked_up += 1;
        };
        drop(place);
        let fuel = spent.saturating_add(once.report.cost.fuel);
        entry.breaker.recent.record(fuel, &once.usage, looked_up);
        entry.breaker.record(breaker, now, fuel, once.is_at_fault());
        ran.push(once);
    }
    Ok((ran, input))
}

/// A plugin that burns most of its budget before each read of something that is not in memory.
fn overspent(entry: &PlanEntry, input: &CheckInput, fuel: u64) -> Ran {
    let message = format!(
        "running it again for each thing that it reads costs more than {RERUNS_MAX} times its budget (`fuel`): it must \
         read before it works"
    );
    let failure = Failure { kind: FailureKind::Breaker, message };
    refused(entry, input, failure, Cost { fuel, duration_us: 0 })
}

/// Reserves the actions that have a daily cap.
async fn reserve(
    host: &Host,
    brand: &BrandEntry,
    plan: &Plan,
    intent: &Intent,
    at: Timestamp,
) -> Result<Reserved, DecideError> {
    let capped = capped(&plan.record, intent);
    if capped.is_empty() {
        return Ok(Reserved::default());
    }
    let day: Box<str> = at.day_in_zone(&plan.group.time_zone).into();
    let asked = capped.into_iter().map(|((plugin, kind), (asked, cap))| {
        let key = TallyKey { brand: brand.id.clone(), plugin, kind: kind.into(), day: day.clone() };
        (key, asked, cap)
    });
    Ok(brand.caps.reserve(host.store.as_ref(), asked).await?)
}

/// Notes what each plugin's memory and timers would come to, and fails those that would exceed a quota.
async fn note_usage(
    host: &Host,
    plan: &Plan,
    group: &mut GroupMemory,
    ran: &mut [Ran],
    timers: &Timers,
    at: Timestamp,
) -> Result<(), DecideError> {
    let key = &plan.group.key;
    host.memories.find_slots(key, &mut group.memory, settle::touched(ran)).await?;
    for ran in ran {
        let (plugin, changes) = (&ran.report.plugin, &ran.effects.memory);
        if ran.effects.timers.iter().any(|change| change.due.is_some()) {
            ran.reads.memory.timers = Some(timers.pending_after(plugin, &ran.effects.timers));
        }
        if !changes.is_empty() {
            let before = host.memories.usage_at_hand(key, group, plugin, at).await?;
            let mut after = settle::usage_after(&group.memory, plugin, changes, before, at);
            if settle::exceeds(&ran.limits, after) {
                // Part of it may have expired.
                let before = host.memories.usage_anew(key, plugin, at).await?;
                after = settle::usage_after(&group.memory, plugin, changes, before, at);
            }
            ran.reads.memory.usage = Some(after);
        }
        settle::enforce_quotas(ran);
        if let Some(after) = ran.reads.memory.usage.filter(|_| !ran.effects.memory.is_empty()) {
            group.usage.insert(ran.report.plugin.clone(), after);
        }
    }
    Ok(())
}

/// All that was read for a decision.
pub(crate) fn reads(
    ran: &[Ran],
    members: impl Iterator<Item = (MemberId, Option<Member>)>,
    history_events: Option<usize>,
) -> Reads {
    let mut reads = Reads { members: members.collect(), ..Reads::default() };
    for ran in ran {
        if !ran.reads.memory.is_empty() {
            // Versions of a plugin read the same memory.
            reads.memory.entry(ran.report.plugin.clone()).or_default().add(ran.reads.memory.clone());
        }
        for (member, marks) in &ran.reads.marks {
            let noted = reads.marks.entry(member.clone()).or_default();
            noted.strikes = noted.strikes.or(marks.strikes);
            noted.labels = noted.labels.take().or_else(|| marks.labels.clone());
        }
        if ran.reads.history {
            reads.history_events = history_events.and_then(|events| u32::try_from(events).ok());
        }
    }
    reads
}

/// What came of running the plugins, and what it comes to.
pub(crate) struct Judged {
    ran: Vec<Ran>,
    reads: Reads,
    aggregated: Aggregated,
    actions_of_day: Vec<ActionsOfDay>,
}

impl Judged {
    pub(crate) fn new(plan: &Plan, ran: Vec<Ran>, reads: Reads) -> Self {
        let aggregated = aggregate(plan.record.combining, &ran);
        Self { ran, reads, aggregated, actions_of_day: Vec::new() }
    }

    /// Holds the actions that are beyond their daily caps, when there were so many before.
    pub(crate) fn hold_back(&mut self, plan: &Plan, before: Vec<ActionsOfDay>) {
        hold_back(&plan.record, &mut self.aggregated.intent, &before);
        self.actions_of_day = before;
    }
}

/// What the outcomes come to. `event` is at the group's time, `reported_at` is its own.
pub(crate) fn decision(
    plan: &Plan,
    reported_at: Timestamp,
    event: &Event,
    sequence: Sequence,
    id: DecisionId,
    judged: Judged,
) -> Decision {
    let Judged { ran, reads, aggregated: Aggregated { intent, shadow, trial }, actions_of_day } = judged;
    Decision {
        id,
        event: event.id.clone(),
        group: plan.group.key.group.clone(),
        sequence,
        at: event.at,
        reported_at: (event.at != reported_at).then_some(reported_at),
        intent,
        shadow,
        trial,
        plugins: ran.iter().map(|ran| ran.report.clone()).collect(),
        actions_of_day,
        word_lists: plan.record.word_lists.clone(),
        plan: plan.digest,
        reads,
        memory: settle::changes(&ran),
        timers: ran.iter().flat_map(|ran| ran.effects.timers.iter().cloned()).collect(),
    }
}
