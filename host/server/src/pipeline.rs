//! The whole life of an event: plan, run, aggregate, record.

use crate::aggregate::{Aggregated, aggregate};
use crate::directory::{BrandEntry, GroupEntry};
use crate::host::{Announced, Host};
use crate::ingest::Reported;
use crate::plan::{Plan, PlanError, plan};
use crate::record::commit;
use crate::run::{Ran, run};
use crate::telemetry;
use std::sync::Arc;
use std::time::Instant;
use thiserror::Error;
use usher_engine::{CheckInput, ReadKey};
use usher_model::{Decision, DecisionId, Event, Reads, Sequence, Timestamp};
use usher_store::StoreError;
use usher_store::journal::{CommitError, Committed, Head, JournalEntry};

/// How often a decision is made anew because another commit came first, before the caller is told to come again.
const RACES_MAX: usize = 16;

/// How often the plugins run because one of them read something that was not in memory.
const READS_MAX: usize = 64;

/// Why there is no decision.
#[derive(Debug, Error)]
pub(crate) enum DecideError {
    /// The id belongs to an event with another content.
    #[error("the event id is taken by another event of this group")]
    OtherEvent,
    /// Others kept coming first.
    #[error("other events of this group kept coming first")]
    Contended,
    /// Plugins kept reading.
    #[error("the plugins read more than {READS_MAX} records for one event")]
    Reads,
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
pub(crate) async fn decide(
    host: &Host,
    brand: &BrandEntry,
    group: &GroupEntry,
    reported: &Reported,
) -> Result<Arc<str>, DecideError> {
    let started = Instant::now();
    // One that comes again soon is answered from the journal: deciding it would make the group's next events race.
    if host.recent.again(&group.key, &reported.event.id)
        && let Some(entry) = host.store.entry_of_event(&group.key, &reported.event.id).await?
    {
        return standing(entry, reported);
    }
    for _ in 0..RACES_MAX {
        let mut lane = group.lane.lock().await;
        let head = match lane.head() {
            Some(head) => head,
            None => host.store.head(&group.key).await?,
        };
        lane.learn(head);
        let plan = plan(&host.catalog, brand, group).await?;
        let decision = judge(host, &plan, reported, head).await?;
        let commit = commit(&group.key, reported, head, &decision)?;
        let json: Arc<str> = commit.decision.clone().into();
        let ticket = host.store.commit(commit).await?;
        let generation =
            lane.advance(Head { sequence: decision.sequence, at: decision.at, decision: Some(decision.id) });
        drop(lane);
        let committed = ticket.durable().await;
        if !matches!(committed, Ok(Committed::Done)) {
            group.lane.lock().await.forget(generation);
        }
        match committed? {
            Committed::Done => {
                telemetry::decided(&decision, started.elapsed());
                announce(host, brand, &json);
                return Ok(json);
            }
            Committed::Duplicate(entry) => return standing(*entry, reported),
            Committed::Raced => {}
        }
    }
    Err(DecideError::Contended)
}

/// The decision that stands for this event, if it is the same event.
fn standing(entry: JournalEntry, reported: &Reported) -> Result<Arc<str>, DecideError> {
    if entry.event_digest == reported.digest { Ok(entry.decision.into()) } else { Err(DecideError::OtherEvent) }
}

/// A pure function of event, head, plan and the records that the plugins read.
async fn judge(host: &Host, plan: &Plan, reported: &Reported, head: Head) -> Result<Decision, DecideError> {
    // Time in a group never runs backwards: a late event is decided at the group's time, and both are kept.
    let at = reported.event.at.max(head.at);
    let event = at_group_time(&reported.event, at);
    let (ran, reads) = run_with_reads(host, plan, &event).await?;
    let id = host.config.clock.decision_id(at);
    Ok(decision(plan, reported.event.at, &event, head.sequence + 1, id, &ran, reads))
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

/// What the outcomes come to. `event` is at the group's time, `reported_at` is its own.
pub(crate) fn decision(
    plan: &Plan,
    reported_at: Timestamp,
    event: &Event,
    sequence: Sequence,
    id: DecisionId,
    ran: &[Ran],
    reads: Reads,
) -> Decision {
    let Aggregated { intent, shadow } = aggregate(plan.record.combining, ran);
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
        word_lists: plan.record.word_lists.clone(),
        plan: plan.digest,
        reads,
        memory: Vec::new(),
        timers: Vec::new(),
    }
}

/// Runs the plugins until all that they read is in memory: a run has no effects, so it can start again.
async fn run_with_reads(host: &Host, plan: &Plan, event: &Arc<Event>) -> Result<(Vec<Ran>, Reads), DecideError> {
    let mut reads = Reads::default();
    for _ in 0..READS_MAX {
        match run(&host.engine, plan, &input(plan, event, &reads), event) {
            Ok(ran) => return Ok((ran, reads)),
            Err(ReadKey::Member(id)) => {
                let record = host.members.get(&plan.group.key, &id).await?;
                reads.members.insert(id, record.map(Arc::unwrap_or_clone));
            }
        }
    }
    Err(DecideError::Reads)
}

/// What the plugins may see.
pub(crate) fn input(plan: &Plan, event: &Arc<Event>, reads: &Reads) -> Arc<CheckInput> {
    let input = CheckInput::new(event.clone(), plan.group.clone(), plan.word_lists.clone());
    let members = reads.members.iter().map(|(id, record)| (id.clone(), record.clone().map(Arc::new)));
    Arc::new(members.fold(input, |input, (id, record)| input.with_member(id, record)))
}

fn announce(host: &Host, brand: &BrandEntry, decision: &Arc<str>) {
    if host.announced.receiver_count() > 0 {
        // Nobody listening any more is no error.
        let _ = host.announced.send(Announced { brand: brand.id.clone(), decision: decision.clone() });
    }
}
