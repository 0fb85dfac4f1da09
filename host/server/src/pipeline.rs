//! The whole life of an event: plan, run, aggregate, record.

use crate::aggregate::{Aggregated, aggregate, capped, hold_back};
use crate::caps::Reserved;
use crate::directory::{BrandEntry, GroupEntry};
use crate::host::{Announced, Host};
use crate::ingest::Reported;
use crate::memory::GroupMemory;
use crate::plan::{Plan, PlanEntry, PlanError, plan};
use crate::record::{Generation, Lane, Recording, commit};
use crate::run::{Ran, refused, run, unanswered};
use crate::settle;
use crate::telemetry;
use crate::timers::Timers;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thiserror::Error;
use usher_engine::{CheckInput, EventFacts};
use usher_model::{
    ActionsOfDay, Cost, Decision, DecisionId, Event, Failure, FailureKind, Intent, Member, MemberId, Reads, Sequence,
    Timer, Timestamp,
};
use usher_store::StoreError;
use usher_store::journal::{CommitError, Committed, Head, JournalEntry, TallyKey, Ticket, Turn};
use uuid::Uuid;

/// How often a decision is made anew because another commit came first, before the caller is told to come again.
const RACES_MAX: usize = 16;

/// How often another commit may come first before a decision is made in a turn.
const RACES_BEFORE_TURN: usize = 2;

/// How long a turn lasts at most: should this host end in it, the others wait no longer.
const TURN_MS: u64 = 2_000;

/// How long to wait while it is another's turn; and how often, before the caller is told to come again.
const TURN_AGAIN: Duration = Duration::from_millis(3);
const TURN_WAITS_MAX: usize = 3_000;

/// How often one plugin runs for one event because it read something that was not in memory.
const READS_MAX: usize = 256;

/// How many times its budget a plugin's runs for one event may cost, when it runs again for what it read.
const RERUNS_MAX: u64 = 4;

/// Why there is no decision.
#[derive(Debug, Error)]
pub(crate) enum DecideError {
    /// The id belongs to an event with another content.
    #[error("the event id is taken by another event of this group")]
    OtherEvent,
    /// Others kept coming first.
    #[error("other events of this group kept coming first")]
    Contended,
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The group's plan could not be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The database did not say whether the decision is durable.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The decision can't be written as JSON.
    #[error("the decision can't be written")]
    Unwritable(#[from] serde_json::Error),
}

/// Decides about an event. The answer is the decision as JSON, and it is durable; the same event gets the same bytes.
/// Timers of the group that are due by then fire first, in their order.
pub(crate) async fn decide(
    host: &Host,
    brand: &BrandEntry,
    group: &GroupEntry,
    reported: &Reported,
) -> Result<Arc<str>, DecideError> {
    // One that comes again soon is answered from the journal: deciding it would make the group's next events race.
    if host.recent.again(&group.key, &reported.event.id)
        && let Some(entry) = host.store.entry_of_event(&group.key, &reported.event.id).await?
    {
        return standing(entry, reported);
    }
    for races in 0..RACES_MAX {
        let mut lane = group.lane.lock().await;
        if races >= RACES_BEFORE_TURN {
            take_turn(host, group, &mut lane).await?;
        }
        let head = open(host, group, &mut lane).await?;
        let mut steps = fire(host, brand, group, &mut lane, reported.event.at.max(head.at)).await?;
        steps.push(step(host, brand, group, &mut lane, reported, None).await?);
        drop(lane);
        match settled(host, brand, group, steps).await? {
            Settled::Done(json) => return Ok(json),
            Settled::Duplicate(entry) => return standing(*entry, reported),
            Settled::Raced => {}
        }
    }
    Err(DecideError::Contended)
}

/// Fires the timers of a group that are due by then, when nothing else happens there.
pub(crate) async fn fire_due(
    host: &Host,
    brand: &BrandEntry,
    group: &GroupEntry,
    until: Timestamp,
) -> Result<(), DecideError> {
    for races in 0..RACES_MAX {
        let mut lane = group.lane.lock().await;
        if races >= RACES_BEFORE_TURN {
            take_turn(host, group, &mut lane).await?;
        }
        open(host, group, &mut lane).await?;
        let steps = fire(host, brand, group, &mut lane, until).await?;
        drop(lane);
        if steps.is_empty() {
            return Ok(());
        }
        // Once more: what fired may have started others. Who fires what was fired by another host, races.
        settled(host, brand, group, steps).await?;
    }
    Err(DecideError::Contended)
}

/// Waits until nobody else commits to the group, and reads its head anew.
async fn take_turn(host: &Host, group: &GroupEntry, lane: &mut Lane) -> Result<(), DecideError> {
    let turn = Turn(Uuid::now_v7());
    for _ in 0..TURN_WAITS_MAX {
        if host.store.take_turn(&group.key, turn, TURN_MS).await? {
            lane.begin_turn(turn);
            return Ok(());
        }
        tokio::time::sleep(TURN_AGAIN).await;
    }
    Err(DecideError::Contended)
}

/// Makes a lane ready: where the journal ends, and which timers are pending.
async fn open(host: &Host, group: &GroupEntry, lane: &mut Lane) -> Result<Head, DecideError> {
    if let Some(head) = lane.head() {
        return Ok(head);
    }
    let head = host.store.head(&group.key).await?;
    // Should another host move the head in between, the commit on this one is refused.
    let timers = host.store.timers(&group.key).await?;
    lane.learn(head, Timers::new(timers));
    Ok(head)
}

/// A decision on its way to the disk.
struct Step {
    json: Arc<str>,
    decision: Decision,
    started: Instant,
    ticket: Ticket,
    generation: Generation,
    /// Whether webhooks are told of it.
    tells: bool,
}

/// Decides timers, as long as one is due by then.
async fn fire(
    host: &Host,
    brand: &BrandEntry,
    group: &GroupEntry,
    lane: &mut Lane,
    until: Timestamp,
) -> Result<Vec<Step>, DecideError> {
    let mut steps = Vec::new();
    while let Some(timer) = lane.timers().due(until).cloned() {
        let reported = Reported::new(timer.event())?;
        steps.push(step(host, brand, group, lane, &reported, Some(&timer)).await?);
    }
    Ok(steps)
}

/// Decides one event on the lane's head, and queues the decision.
async fn step(
    host: &Host,
    brand: &BrandEntry,
    group: &GroupEntry,
    lane: &mut Lane,
    reported: &Reported,
    fired: Option<&Timer>,
) -> Result<Step, DecideError> {
    let started = Instant::now();
    let head = lane.head().unwrap_or_default();
    let plan = plan(&host.catalog, brand, group, &host.config.daily_actions).await?;
    let (decision, memory, reserved) = judge(host, brand, &plan, reported, &head, lane.timers()).await?;
    let slots =
        memory.as_ref().map(|memory| settle::slots(&memory.memory, &decision.memory, &decision.intent, decision.at));
    let recording = Recording {
        slots: slots.unwrap_or_default(),
        timers: Timers::writes(fired, &decision.timers, decision.sequence),
        reserved,
        tell: brand.to_tell(&decision),
        turn: lane.end_turn(),
    };
    if let Some(mut memory) = memory {
        memory.apply(&recording.slots);
        host.memories.keep(&group.key, decision.id, memory);
    }
    let after = Head { sequence: decision.sequence, at: decision.at, decision: Some(decision.id) };
    let (timers, tells) = (recording.timers.clone(), !recording.tell.is_empty());
    let commit = commit(&group.key, reported, head, &decision, recording)?;
    let json: Arc<str> = commit.decision.clone().into();
    let ticket = host.store.commit(commit).await?;
    let generation = lane.advance(after, &timers);
    if let Some(due) = lane.timers().next() {
        host.alarm.set(due);
    }
    Ok(Step { json, decision, started, ticket, generation, tells })
}

/// What came of steps that follow one another.
enum Settled {
    /// All are durable; the last one's decision.
    Done(Arc<str>),
    /// The last one's event had been decided before.
    Duplicate(Box<JournalEntry>),
    /// Another commit came first.
    Raced,
}

/// Waits for the disk. Each step was made on the one before: when one did not take place, nor did those after it.
async fn settled(
    host: &Host,
    brand: &BrandEntry,
    group: &GroupEntry,
    steps: Vec<Step>,
) -> Result<Settled, DecideError> {
    let (last, mut settled) = (steps.len().saturating_sub(1), Settled::Raced);
    for (index, step) in steps.into_iter().enumerate() {
        let committed = step.ticket.durable().await;
        if !matches!(committed, Ok(Committed::Done)) {
            group.lane.lock().await.forget(step.generation);
        }
        match committed? {
            Committed::Done => {
                telemetry::decided(&step.decision, step.started.elapsed());
                announce(host, brand, &step.json);
                if step.tells {
                    host.act.poke();
                }
                settled = Settled::Done(step.json);
            }
            Committed::Duplicate(entry) if index == last => return Ok(Settled::Duplicate(entry)),
            Committed::Duplicate(_) | Committed::Raced => return Ok(Settled::Raced),
        }
    }
    Ok(settled)
}

/// The decision that stands for this event, if it is the same event.
fn standing(entry: JournalEntry, reported: &Reported) -> Result<Arc<str>, DecideError> {
    if entry.event_digest == reported.digest { Ok(entry.decision.into()) } else { Err(DecideError::OtherEvent) }
}

/// A pure function of event, head, plan and what the plugins read. What the group's memory holds comes with it, where
/// the plan has anything to do with that.
async fn judge(
    host: &Host,
    brand: &BrandEntry,
    plan: &Plan,
    reported: &Reported,
    head: &Head,
    timers: &Timers,
) -> Result<(Decision, Option<GroupMemory>, Reserved), DecideError> {
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
    let mut judged = Judged::new(plan, ran, reads);
    let reserved = reserve(host, brand, plan, &judged.aggregated.intent, at).await?;
    judged.hold_back(plan, reserved.before.clone());
    let decision = decision(plan, reported.event.at, &event.event, head.sequence + 1, id, judged);
    if let Some(history) = &mut group.memory.history {
        history.push(event);
    }
    Ok((decision, plan.remembers.then_some(group), reserved))
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
/// effects, so it can start again.
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
        let (mut reads, mut spent) = (0, 0_u64);
        let once = loop {
            let key = match host.turns.run(&entry.breaker.recent, || run(&host.engine, entry, &input)).await {
                Ok(ran) => break ran,
                Err((key, fuel)) => {
                    spent = spent.saturating_add(fuel);
                    key
                }
            };
            if reads == READS_MAX {
                break unanswered(entry, &input, &key);
            }
            if spent > entry.limits.fuel.saturating_mul(RERUNS_MAX) {
                break overspent(entry, &input, spent);
            }
            let found = host.memories.find(&host.members, &plan.group.key, head, key).await?;
            Arc::make_mut(&mut input).add(found);
            reads += 1;
        };
        entry.breaker.record(breaker, now, spent.saturating_add(once.report.cost.fuel), once.is_at_fault());
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
            reads.memory.insert(ran.report.plugin.clone(), ran.reads.memory.clone());
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
    let Judged { ran, reads, aggregated: Aggregated { intent, shadow }, actions_of_day } = judged;
    Decision {
        id,
        event: event.id.clone(),
        group: plan.group.key.group.clone(),
        sequence,
        at: event.at,
        reported_at: (event.at != reported_at).then_some(reported_at),
        intent,
        shadow,
        plugins: ran.iter().map(|ran| ran.report.clone()).collect(),
        actions_of_day,
        word_lists: plan.record.word_lists.clone(),
        plan: plan.digest,
        reads,
        memory: settle::changes(&ran),
        timers: ran.iter().flat_map(|ran| ran.effects.timers.iter().cloned()).collect(),
    }
}

fn announce(host: &Host, brand: &BrandEntry, decision: &Arc<str>) {
    if host.announced.receiver_count() > 0 {
        // Nobody listening any more is no error.
        let _ = host.announced.send(Announced { brand: brand.id.clone(), decision: decision.clone() });
    }
}
