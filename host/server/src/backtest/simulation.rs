//! One group, as it would have gone with another version or other settings of one plugin.

use super::{Broken, Difference};
use crate::aggregate::{aggregate, hold_back};
use crate::directory::BrandEntry;
use crate::host::Host;
use crate::pipeline::at_group_time;
use crate::plan::{Plan, PlanEntry, past};
use crate::replay::{Others, rerun};
use crate::run::{Ran, run};
use crate::settle;
use crate::timers::Timers;
use std::collections::HashMap;
use std::sync::Arc;
use usher_engine::{CheckInput, EventFacts, Found, History, Memory, ReadKey};
use usher_model::{Decision, Digest, Event, GroupKey, Intent, Member, MemberId, Reads, Sequence, Timer, Usage};
use usher_store::journal::JournalEntry;

/// The plugin's memory and timers, and the plans of the past.
pub(super) struct Simulation<'h> {
    host: &'h Host,
    brand: &'h BrandEntry,
    entry: &'h PlanEntry,
    group: &'h GroupKey,
    memory: Memory,
    usage: Usage,
    timers: Timers,
    /// The group's events before, as they were: what the other plugins could look back at.
    past: History,
    /// Position of the last decision, as it would have been.
    sequence: Sequence,
    plans: HashMap<Digest, Arc<Plan>>,
}

impl<'h> Simulation<'h> {
    /// Nothing is remembered; the events before are the group's.
    pub(super) async fn start(
        host: &'h Host,
        brand: &'h BrandEntry,
        entry: &'h PlanEntry,
        group: &'h GroupKey,
        after: u64,
    ) -> Result<Self, Broken> {
        let events = host.config.limits.history_events;
        let history = host.memories.history(group, after + 1, events).await?;
        let mut memory = Memory::default();
        memory.history = Some(history.clone());
        let (usage, timers, plans) = (Usage::default(), Timers::default(), HashMap::new());
        Ok(Self { host, brand, entry, group, memory, usage, timers, past: history, sequence: after, plans })
    }

    /// One entry of the journal, and the timers before it: what would have been others.
    pub(super) async fn step(&mut self, entry: &JournalEntry) -> Result<Vec<Difference>, Broken> {
        let stored: Decision = serde_json::from_str(&entry.decision)?;
        let reported: Arc<Event> = Arc::new(serde_json::from_str(&entry.event)?);
        let event = Arc::new(EventFacts::new(at_group_time(&reported, stored.at)));
        let differences = self.compare(&stored, &reported, &event).await?;
        self.past.push(event);
        Ok(differences)
    }

    async fn compare(
        &mut self,
        stored: &Decision,
        reported: &Event,
        event: &Arc<EventFacts>,
    ) -> Result<Vec<Difference>, Broken> {
        let mut differences = Vec::new();
        let plan = self.plan(&stored.plan).await?;
        let own_timer = reported.timer_owner() == Some(self.entry.planned.plugin.as_str());
        let mut fired = false;
        while let Some(timer) = self.timers.due(stored.at).cloned() {
            let same = own_timer && !fired && is(&timer, reported) && timer.due == stored.at;
            let after = self.fire(&plan, &timer).await?;
            fired |= same;
            if same && after != stored.intent {
                differences.push(self.difference(reported, stored, Some(after)));
            } else if !same && after != Intent::default() {
                differences.push(Difference {
                    group: self.group.group.clone(),
                    event: timer.event().id,
                    at: timer.due,
                    decision: None,
                    before: None,
                    after: Some(after),
                });
            }
            if same {
                return Ok(differences);
            }
        }
        if own_timer {
            // It fired then, and would not have been started.
            if stored.intent != Intent::default() {
                differences.push(self.difference(reported, stored, None));
            }
            return Ok(differences);
        }
        let others = Others { without: Some(&self.entry.planned.plugin), past: Some(&self.past) };
        let (others, _) = rerun(self.host, &plan, stored, event, &others).await?;
        let after = self.judge(&plan, event, others, Some(stored), None).await?;
        if after != stored.intent {
            differences.push(self.difference(reported, stored, Some(after)));
        }
        Ok(differences)
    }

    fn difference(&self, event: &Event, stored: &Decision, after: Option<Intent>) -> Difference {
        Difference {
            group: self.group.group.clone(),
            event: event.id.clone(),
            at: stored.at,
            decision: Some(stored.id),
            before: Some(stored.intent.clone()),
            after,
        }
    }

    async fn plan(&mut self, digest: &Digest) -> Result<Arc<Plan>, Broken> {
        if let Some(plan) = self.plans.get(digest) {
            return Ok(plan.clone());
        }
        let plan = past(&self.host.catalog, self.brand, self.group.clone(), digest).await?;
        let plan = Arc::new(plan.ok_or(crate::replay::ReplayError::NoPlan)?);
        self.plans.insert(*digest, plan.clone());
        Ok(plan)
    }

    async fn fire(&mut self, plan: &Plan, timer: &Timer) -> Result<Intent, Broken> {
        let event = Arc::new(EventFacts::new(Arc::new(timer.event())));
        self.judge(plan, &event, Vec::new(), None, Some(timer)).await
    }

    /// What all plugins together come to, and what that leaves in the plugin's memory.
    async fn judge(
        &mut self,
        plan: &Plan,
        event: &Arc<EventFacts>,
        mut ran: Vec<Ran>,
        then: Option<&Decision>,
        fired: Option<&Timer>,
    ) -> Result<Intent, Broken> {
        let wants = fired.is_some() || event.event.kind.is_among(&self.entry.planned.events);
        if wants {
            let own = self.run(plan, event, then.map(|then| &then.reads)).await?;
            let place = ran.partition_point(|other| other.report.plugin < own.report.plugin);
            ran.insert(place, own);
        }
        let mut intent = aggregate(plan.record.combining, &ran).intent;
        // What was held then for a daily cap is held again; actions of other kinds are not counted.
        hold_back(&plan.record, &mut intent, then.map_or(&[], |then| &then.actions_of_day));
        let own = ran.iter().filter(|ran| ran.report.plugin == self.entry.planned.plugin);
        let own: Vec<Ran> = own.cloned().collect();
        for write in settle::slots(&self.memory, &settle::changes(&own), &intent, event.event.at) {
            self.memory.insert(write.key, write.slot);
        }
        let changes: Vec<_> = own.iter().flat_map(|ran| ran.effects.timers.iter().cloned()).collect();
        self.sequence += 1;
        self.timers.apply(&Timers::writes(fired, &event.event, &changes, self.sequence));
        if let Some(history) = &mut self.memory.history {
            history.push(event.clone());
        }
        Ok(intent)
    }

    async fn run(&mut self, plan: &Plan, event: &Arc<EventFacts>, read_then: Option<&Reads>) -> Result<Ran, Broken> {
        let memory = std::mem::take(&mut self.memory);
        let mut input = Arc::new(CheckInput::new(event.clone(), plan.group.clone(), plan.word_lists.clone(), memory));
        let mut ran = loop {
            let place = self.host.turns.place_again(&self.group.brand, &self.entry.breaker.recent).await;
            let key = match place.run(|| run(&self.host.engine, self.entry, &input)) {
                Ok(ran) => break ran,
                Err((key, _)) => key,
            };
            let found = self.find(key, read_then).await?;
            Arc::make_mut(&mut input).add(found);
        };
        self.entry.breaker.recent.record(ran.report.cost.fuel, &ran.usage, 0);
        (_, self.memory) = Arc::unwrap_or_clone(input).into_parts();
        self.note_usage(&mut ran, event);
        Ok(ran)
    }

    fn note_usage(&mut self, ran: &mut Ran, event: &EventFacts) {
        let (plugin, at) = (ran.report.plugin.clone(), event.event.at);
        let after = settle::usage_after(&self.memory, &plugin, &ran.effects.memory, self.usage, at);
        ran.reads.memory.usage = Some(after);
        ran.reads.memory.timers = Some(self.timers.pending_after(&plugin, &ran.effects.timers));
        settle::enforce_quotas(ran);
        if !ran.effects.memory.is_empty() {
            self.usage = after;
        }
    }

    /// A slot that is not at hand was never written here. Records of members are those that were read then, if they were.
    async fn find(&self, key: ReadKey, read_then: Option<&Reads>) -> Result<Found, Broken> {
        Ok(match key {
            ReadKey::Slot(key) => Found::Slot(key, None),
            ReadKey::History => Found::History(History::default()),
            ReadKey::Member(id) => {
                let record = match read_then.and_then(|reads| reads.members.get(&id)) {
                    Some(record) => record.clone().map(Arc::new),
                    None => self.member(&id).await?,
                };
                Found::Member(id, record)
            }
        })
    }

    async fn member(&self, id: &MemberId) -> Result<Option<Arc<Member>>, Broken> {
        Ok(self.host.members.get(self.group, id).await?)
    }
}

/// Whether the event is this timer, whoever started it when.
fn is(timer: &Timer, event: &Event) -> bool {
    event.payload.get("name").and_then(serde_json::Value::as_str) == Some(&*timer.name)
}
