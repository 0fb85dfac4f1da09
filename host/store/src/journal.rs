//! The journal: one row per event and its decision, in the order in which a group's events were decided.

pub(crate) mod judge;
pub(crate) mod queue;
pub(crate) mod walk;

use crate::StoreError;
use std::any::Any;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::oneshot;
use usher_model::{
    BrandId, ContentEntry, DecisionId, Digest, EventId, GroupKey, LedgerEntry, MemberId, PluginName, Slot, SlotKey,
    Timer, Timestamp, Verdict, WebhookName,
};
use uuid::Uuid;

/// Where a group's journal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// Sequence number of the last decision; 0 before the first.
    pub sequence: u64,
    /// The group's time: when the last event was decided, in event time.
    pub at: Timestamp,
    /// The last decision; none before the first.
    pub decision: Option<DecisionId>,
}

/// An event and its decision, ready to be made durable.
#[derive(Debug, Clone)]
pub struct Commit {
    /// Where.
    pub group: GroupKey,
    /// The head that the decision was made on: the swap happens only if it still stands.
    pub expected_sequence: u64,
    /// The decision at that head. Where several hosts write, its number alone may be that of another host's decision.
    /// Not compared when none.
    pub expected_decision: Option<DecisionId>,
    /// Id of the event, unique in the group.
    pub event_id: EventId,
    /// Digest of the event as it was reported: the same id with another digest is a conflict.
    pub event_digest: Digest,
    /// The event, as JSON.
    pub event: Box<str>,
    /// Id of the decision, after those of the group's earlier decisions: made anew when a lost race is decided again.
    pub decision_id: DecisionId,
    /// The group's time at the decision.
    pub at: Timestamp,
    /// Whom the event is about.
    pub actor: Option<MemberId>,
    /// What was decided.
    pub verdict: Verdict,
    /// Which rules spoke: for searching. In order, without doubles.
    pub rules: Vec<(PluginName, String)>,
    /// The whole decision, as JSON.
    pub decision: Box<str>,
    /// What the group's memory is after it, slot by slot.
    pub slots: Vec<SlotWrite>,
    /// What becomes of timers of the group.
    pub timers: Vec<TimerWrite>,
    /// Actions that it adds to those of the day.
    pub tallies: Vec<Tally>,
    /// What it adds to the ledger.
    pub ledger: Vec<LedgerEntry>,
    /// What it adds to what became of contents.
    pub contents: Vec<ContentEntry>,
    /// Webhooks of the brand that are to be told of it.
    pub tell: Vec<WebhookName>,
    /// The turn that it is made in; it ends with it.
    pub turn: Option<Turn>,
    /// Let go of when it is known what became of the commit.
    pub hold: Option<Hold>,
}

/// A time in which only one host's commits take place in a group, so that it comes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn(pub Uuid);

/// Something that lives as long as a commit is on its way.
pub type Hold = Arc<dyn Any + Send + Sync>;

/// Actions of one kind that a plugin asked for in a brand on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// Which of them are counted together.
    pub key: TallyKey,
    /// How many more there are.
    pub added: u32,
}

/// Which actions are counted together, over all groups of a brand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TallyKey {
    /// Whose group.
    pub brand: BrandId,
    /// Who asked for them.
    pub plugin: PluginName,
    /// What is done.
    pub kind: Box<str>,
    /// The day, as `2026-11-22`.
    pub day: Box<str>,
}

/// What a slot holds from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotWrite {
    /// Which slot.
    pub key: SlotKey,
    /// What it holds; none to forget it.
    pub slot: Option<Slot>,
}

/// What becomes of a timer: there is one of a name, for each plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimerWrite {
    /// Whose.
    pub plugin: PluginName,
    /// Which one.
    pub name: Box<str>,
    /// As it is now; none when it fired or was stopped.
    pub timer: Option<Timer>,
}

/// Where timers are due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupsDue {
    /// Each group once, the most overdue first.
    pub groups: Vec<GroupKey>,
    /// When the next timer after that moment is due; none when there is none.
    pub next: Option<Timestamp>,
}

/// One of a group's earlier events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastEvent {
    /// Its position in the group's journal.
    pub sequence: u64,
    /// The group's time at its decision.
    pub at: Timestamp,
    /// The event as it was reported, as JSON.
    pub event: Box<str>,
}

impl Commit {
    /// The row that this becomes at that position.
    pub(crate) fn entry(&self, sequence: u64) -> JournalEntry {
        JournalEntry {
            group: self.group.clone(),
            sequence,
            event_id: self.event_id.clone(),
            event_digest: self.event_digest,
            event: self.event.clone(),
            decision_id: self.decision_id,
            at: self.at,
            decision: self.decision.clone(),
        }
    }
}

/// What became of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It is durable.
    Done,
    /// The event had been decided before; this is the entry that stands. Nothing was written.
    Duplicate(Box<JournalEntry>),
    /// Another commit came first, or it is another's turn: load the head and decide again. Nothing was written.
    Raced,
}

/// Why there is no answer about a commit. It may or may not have become durable: ask by the event's id.
#[derive(Debug, Error)]
pub enum CommitError {
    /// The store is shutting down. From [`commit`](crate::Store::commit): nothing was queued.
    #[error("the store is closed")]
    Closed,
    /// The database failed while the commit's batch was written.
    #[error("the commit's batch failed: {0}")]
    Batch(Arc<StoreError>),
}

/// Resolves when a queued commit is durable, or has failed.
#[derive(Debug)]
pub struct Ticket(pub(crate) oneshot::Receiver<Result<Committed, CommitError>>);

impl Ticket {
    /// Waits for the disk.
    pub async fn durable(self) -> Result<Committed, CommitError> {
        self.0.await.unwrap_or(Err(CommitError::Closed))
    }
}

/// One row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Where.
    pub group: GroupKey,
    /// Position in the group's journal, from 1.
    pub sequence: u64,
    /// Id of the event.
    pub event_id: EventId,
    /// Digest of the event as it was reported.
    pub event_digest: Digest,
    /// The event, as JSON.
    pub event: Box<str>,
    /// Id of the decision.
    pub decision_id: DecisionId,
    /// The group's time at the decision.
    pub at: Timestamp,
    /// The whole decision, as JSON.
    pub decision: Box<str>,
}

/// Which decisions to list: all conditions must hold.
#[derive(Debug, Clone)]
pub struct DecisionQuery {
    /// Whose.
    pub brand: BrandId,
    /// Only this group's.
    pub group: Option<usher_model::GroupId>,
    /// Only with this verdict.
    pub verdict: Option<Verdict>,
    /// Only with a finding of this plugin.
    pub plugin: Option<PluginName>,
    /// Only with a finding of this rule.
    pub rule: Option<String>,
    /// Only about this member.
    pub member: Option<MemberId>,
    /// Only at or after this moment, in event time.
    pub since: Option<Timestamp>,
    /// Only those older than this decision: [`DecisionPage::next`] of the page before, with the same conditions.
    pub before: Option<DecisionId>,
    /// At most so many.
    pub limit: u32,
}

/// A page of decisions, newest first. It may be shorter than asked, even empty, and still have a next one: the search
/// stops after a bounded number of entries and says where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionPage {
    /// Their rows.
    pub entries: Vec<JournalEntry>,
    /// Where the next page begins; none on the last page.
    pub next: Option<DecisionId>,
}
