//! The whole life of an event: plan, run, aggregate, record.

mod judge;

pub(crate) use judge::{Judged, at_group_time, decision, logs, reads};

use crate::directory::{BrandEntry, GroupEntry};
use crate::host::{Announced, Host};
use crate::ingest::Reported;
use crate::ledger;
use crate::plan::{PlanError, plan};
use crate::record::{Generation, Lane, Recording, commit};
use crate::settle;
use crate::telemetry;
use crate::timers::Timers;
use judge::{Decided, judge};
use std::sync::Arc;
use std::time::{Duration, Instant};
use thiserror::Error;
use usher_engine::LogLine;
use usher_model::ledger::Origin;
use usher_model::{Decision, EventId, PluginName, Timer, Timestamp};
use usher_store::StoreError;
use usher_store::journal::{CommitError, Committed, Head, JournalEntry, Ticket, Turn};
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

/// Timers of a group that fire in one hold of its lane. What is left fires in the next, after other events had their turn.
const FIRED_MAX: usize = 64;

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
    let mut races = 0;
    while races < RACES_MAX {
        let mut lane = group.lane.lock().await;
        if races >= RACES_BEFORE_TURN {
            take_turn(host, group, &mut lane).await?;
        }
        let head = open(host, group, &mut lane).await?;
        let until = reported.event.at.max(head.at);
        let mut steps = fire(host, brand, group, &mut lane, until).await?;
        // Many timers fire before it in several holds of the lane, each on the disk before the next.
        let its_turn = lane.timers().due(until).is_none();
        if its_turn {
            steps.push(step(host, brand, group, &mut lane, reported, None).await?);
        }
        drop(lane);
        match settled(host, brand, group, steps).await? {
            Settled::Done(json) if its_turn => return Ok(json),
            Settled::Duplicate(entry) if its_turn => return standing(*entry, reported),
            Settled::Done(_) => {}
            Settled::Duplicate(_) | Settled::Raced => races += 1,
        }
    }
    Err(DecideError::Contended)
}

/// Fires timers of a group that are due by then, when nothing else happens there: [`FIRED_MAX`] at most, so that a group
/// with many does not keep others waiting.
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
        // Who fires what was fired by another host, races.
        if steps.is_empty() || matches!(settled(host, brand, group, steps).await?, Settled::Done(_)) {
            return Ok(());
        }
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
    /// What later events may refer to.
    origin: Option<(EventId, Origin)>,
    /// What the plugins wrote to their logs.
    logs: Vec<(PluginName, LogLine)>,
}

/// Decides timers, as long as one is due by then, and [`FIRED_MAX`] at most.
async fn fire(
    host: &Host,
    brand: &BrandEntry,
    group: &GroupEntry,
    lane: &mut Lane,
    until: Timestamp,
) -> Result<Vec<Step>, DecideError> {
    let mut steps = Vec::new();
    while steps.len() < FIRED_MAX
        && let Some(timer) = lane.timers().due(until).cloned()
    {
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
    let Decided { decision, memory, reserved, logs } =
        judge(host, brand, &plan, reported, &head, lane.timers()).await?;
    let counted = ledger::count(host, lane, &plan, &reported.event, &decision).await?;
    let slots =
        memory.as_ref().map(|memory| settle::slots(&memory.memory, &decision.memory, &decision.intent, decision.at));
    let recording = Recording {
        slots: slots.unwrap_or_default(),
        timers: Timers::writes(fired, &reported.event, &decision.timers, decision.sequence),
        reserved,
        ledger: counted.ledger,
        contents: counted.contents,
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
    let origin = counted.origin.map(|origin| (reported.event.id.clone(), origin));
    if let Some((event, origin)) = origin.clone() {
        lane.remember(event, origin);
    }
    if let Some(due) = lane.timers().next() {
        host.alarm.set(due);
    }
    Ok(Step { json, decision, started, ticket, generation, tells, origin, logs })
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
                host.plugin_logs.keep(&brand.id, &step.decision, step.logs);
                announce(host, brand, &step.json);
                if let Some((event, origin)) = step.origin {
                    host.recalled.keep(&group.key, event, origin);
                }
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

fn announce(host: &Host, brand: &BrandEntry, decision: &Arc<str>) {
    if host.announced.receiver_count() > 0 {
        // Nobody listening any more is no error.
        let _ = host.announced.send(Announced { brand: brand.id.clone(), decision: decision.clone() });
    }
}
