//! The contract of a database.

use crate::activity::{Activity, ActivityQuery};
use crate::backtest::{BacktestNote, BacktestRow, GoOn};
use crate::change::Change;
use crate::content::{ContentActivity, ContentQuery, Recipient, Seen};
use crate::document::{
    DeleteError, Document, DocumentKey, DocumentQuery, NewDocument, Precondition, WriteError, Written,
};
use crate::journal::{
    Commit, CommitError, DecisionPage, DecisionQuery, GroupsDue, Head, JournalEntry, PastEvent, TallyKey, Ticket, Turn,
};
use crate::outbox::{Attempted, Claim, Claimed, Delivery, Waiting, WebhookKey};
use crate::plugin::{NewPlugin, PluginRow, Published};
use crate::push::{PushReservation, PushReserved};
use crate::run::{NewRun, Run, RunQuery, RunRow, RunScope};
use async_trait::async_trait;
use thiserror::Error;
use usher_model::{
    BacktestId, BrandId, DecisionId, Digest, EventId, GroupKey, PluginName, PluginVersion, RunId, Slot, SlotKey, Timer,
    Timestamp, Usage,
};

/// The database did not do what was asked of it. Nothing of the operation took effect, except where it says so.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database itself refused or failed.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// The database can't be reached, was restarted, took too long, or has too much to do: come again. Whether the
    /// operation took effect is not known.
    #[error("the database does not answer at the moment")]
    Unavailable(#[source] sqlx::Error),
    /// A stored row does not have the shape that this version writes.
    #[error("a stored row is damaged: {what}")]
    Damaged {
        /// Which column of what.
        what: &'static str,
    },
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// A bug, contained: the next operation finds a store that works.
    #[error("writing to the database panicked; this is a bug of usher, please report it")]
    Panicked,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolClosed => StoreError::Closed,
            error if is_temporary(&error) => StoreError::Unavailable(error),
            error => StoreError::Database(error),
        }
    }
}

/// Whether it may work in a while, as it is.
fn is_temporary(error: &sqlx::Error) -> bool {
    use sqlx::Error::{Database, Io, PoolTimedOut, Protocol, Tls, WorkerCrashed};
    match error {
        Io(_) | Tls(_) | Protocol(_) | PoolTimedOut | WorkerCrashed => true,
        Database(error) => error.code().is_some_and(|code| is_temporary_state(&code)),
        _ => false,
    }
}

/// SQLSTATE of PostgreSQL: connections, resources, an operator's hand, deadlocks, locks that are not to be had, and a
/// server that only reads as it is not the first one any more. The codes of SQLite are shorter.
fn is_temporary_state(code: &str) -> bool {
    code.len() == 5
        && (["08", "53", "57"].iter().any(|class| code.starts_with(class))
            || ["40001", "40P01", "55P03", "25006"].contains(&code))
}

/// What every database does for Usher. One suite of tests runs over every implementation.
#[async_trait]
pub trait Store: Send + Sync + std::fmt::Debug + 'static {
    /// Whether other hosts may have the database open too.
    fn is_shared(&self) -> bool;

    /// Answers when the database does; for readiness.
    async fn ping(&self) -> Result<(), StoreError>;

    /// The newest revision of a document; none when there is none or it was deleted.
    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError>;
    /// One revision of a document, also of one that was deleted since.
    async fn document_at(&self, key: &DocumentKey, revision: u64) -> Result<Option<Document>, StoreError>;
    /// Newest revisions in the order of their ids.
    async fn documents(&self, query: &DocumentQuery) -> Result<Vec<Document>, StoreError>;
    /// Writes the next revision, if the precondition holds.
    async fn put_document(&self, document: NewDocument, precondition: Precondition) -> Result<Written, WriteError>;
    /// Deletes, if the precondition holds; past revisions stay.
    async fn delete_document(&self, key: &DocumentKey, precondition: Precondition) -> Result<(), DeleteError>;
    /// Past and present revisions, newest first.
    async fn revisions(&self, key: &DocumentKey, limit: u32) -> Result<Vec<Document>, StoreError>;

    /// Keeps a plugin version and its bytes; the same bytes again change nothing, or bring back a version that was retired.
    async fn publish_plugin(&self, plugin: NewPlugin) -> Result<Published, StoreError>;
    /// All plugin versions, retired ones too, without their bytes, by name and then by time of upload.
    async fn plugins(&self) -> Result<Vec<PluginRow>, StoreError>;
    /// The component's bytes, also of a version that was retired.
    async fn plugin_bytes(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError>;
    /// Retires a version: it and its bytes stay, for decisions that were made with it. False when there was none.
    async fn retire_plugin(&self, name: &PluginName, version: &PluginVersion) -> Result<bool, StoreError>;

    /// The number of the last change that is visible now.
    async fn last_change(&self) -> Result<u64, StoreError>;
    /// What changed after that number, by whichever host, in order: some of it, and nothing only when nothing did. A
    /// database that no other host can open has nothing to tell.
    async fn changes(&self, after: u64) -> Result<Vec<Change>, StoreError>;

    /// Where a group's journal ends; the beginning of time for a group without events.
    async fn head(&self, group: &GroupKey) -> Result<Head, StoreError>;
    /// Takes a turn in a group: until a commit of it took place, or so many milliseconds have passed, no other commit takes
    /// place there. False while it is another's turn. A database that no other host can open has no turns to give, and
    /// nobody who comes first.
    async fn take_turn(&self, group: &GroupKey, turn: Turn, lasts_ms: u64) -> Result<bool, StoreError>;
    /// Queues a commit, in the order of the calls. The ticket resolves when the commit is durable, or has failed.
    /// Waits while the queue is full.
    async fn commit(&self, commit: Commit) -> Result<Ticket, CommitError>;
    /// Waits until everything that was queued before is durable, or has failed.
    async fn settled(&self) -> Result<(), StoreError>;
    /// What these slots of a group hold, in the order of the keys.
    async fn slots(&self, group: &GroupKey, keys: &[SlotKey]) -> Result<Vec<Option<Slot>>, StoreError>;
    /// What a plugin's slots in a group come to, without those that have expired at that moment.
    async fn usage(&self, group: &GroupKey, plugin: &PluginName, at: Timestamp) -> Result<Usage, StoreError>;
    /// Forgets slots that have expired by their group's time, at most so many. Returns how many there were.
    async fn forget_expired(&self, limit: u32) -> Result<u64, StoreError>;
    /// A group's pending timers, in the order in which they fire.
    async fn timers(&self, group: &GroupKey) -> Result<Vec<Timer>, StoreError>;
    /// Where the first timers are due at or before that moment, at most so many; and when the next one after it is due.
    async fn groups_due(&self, until: Timestamp, limit: u32) -> Result<GroupsDue, StoreError>;
    /// A group's last events before a position, newest first, at most so many.
    async fn past_events(&self, group: &GroupKey, before: u64, limit: u32) -> Result<Vec<PastEvent>, StoreError>;
    /// A group's entries after a position, oldest first, at most so many.
    async fn entries(&self, group: &GroupKey, after: u64, limit: u32) -> Result<Vec<JournalEntry>, StoreError>;
    /// How many actions of that kind and day there are.
    async fn tally(&self, key: &TallyKey) -> Result<u64, StoreError>;
    /// The entry of one event.
    async fn entry_of_event(&self, group: &GroupKey, event: &EventId) -> Result<Option<JournalEntry>, StoreError>;
    /// The entry of one decision of this brand.
    async fn entry_of_decision(&self, brand: &BrandId, id: DecisionId) -> Result<Option<JournalEntry>, StoreError>;
    /// Decisions of a brand, newest first.
    async fn decisions(&self, query: &DecisionQuery) -> Result<DecisionPage, StoreError>;

    /// What members did, summed over a window of days, by member and then by measure. A page never splits a member; the
    /// next one goes on after the last member of this one, and there is none when this one has fewer than were asked for.
    async fn activity(&self, query: &ActivityQuery) -> Result<Vec<Activity>, StoreError>;

    /// What became of contents, summed over a window of days, by content and then by measure. A page never splits a
    /// content; the next one goes on after the last content of this one.
    async fn content_activity(&self, query: &ContentQuery) -> Result<Vec<ContentActivity>, StoreError>;
    /// Which contents somebody has seen, by content.
    async fn seen(&self, brand: &BrandId, recipient: &Recipient) -> Result<Vec<Seen>, StoreError>;
    /// Reserves pushes, all in one transaction and each after the one before: at most
    /// [`PUSHES_MAX`](crate::push::PUSHES_MAX) at once. Returns what became of each, in their order.
    async fn reserve_pushes(
        &self,
        brand: &BrandId,
        pushes: &[PushReservation],
    ) -> Result<Vec<PushReserved>, StoreError>;
    /// Forgets reservations of pushes that were to be sent before that moment, at most so many. Returns how many.
    async fn forget_pushes(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Keeps a run. It appears as a whole, or not at all; while it is written, other things have their turn. False when
    /// there is a run with its id already: then that one stands, and nothing is kept.
    async fn put_run(&self, run: NewRun) -> Result<bool, StoreError>;
    /// A run of this brand.
    async fn run(&self, brand: &BrandId, id: RunId) -> Result<Option<Run>, StoreError>;
    /// Rows of a run in their order, after that position, at most so many.
    async fn run_rows(&self, id: RunId, after: Option<u32>, limit: u32) -> Result<Vec<RunRow>, StoreError>;
    /// What a run was made of; none when there is no such run.
    async fn run_inputs(&self, id: RunId) -> Result<Option<Vec<u8>>, StoreError>;
    /// Runs in the order of their ids, the last first.
    async fn runs(&self, query: &RunQuery) -> Result<Vec<Run>, StoreError>;
    /// The last run of its kind as of that moment, or of all moments: that with the latest `at`, and of those with the same
    /// the one with the last id.
    async fn latest_run(&self, scope: &RunScope, until: Option<Timestamp>) -> Result<Option<Run>, StoreError>;
    /// Gives up runs that were written before that moment, by the wall clock, at most so many: they are there no more, and
    /// [`forget_unfinished_runs`](Self::forget_unfinished_runs) clears them away. The last run of each scope stays,
    /// however old, so that the next one has something to be compared with. Returns how many.
    async fn give_up_runs(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
    /// Forgets runs that began to be written before that moment, by the wall clock, and were never finished. Returns how
    /// many.
    async fn forget_unfinished_runs(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Webhooks with something to be told, or given up, in the order of their keys.
    async fn webhooks_waiting(&self) -> Result<Vec<Waiting>, StoreError>;
    /// Takes on deliveries of a webhook that are due, the oldest decisions first. No other host takes them on meanwhile.
    async fn claim_deliveries(&self, claim: &Claim) -> Result<Vec<Claimed>, StoreError>;
    /// Notes what became of them.
    async fn note_attempts(&self, webhook: &WebhookKey, attempted: &[Attempted]) -> Result<(), StoreError>;
    /// What a webhook has yet to be told or was not told, the oldest decisions first, after that one.
    async fn deliveries(
        &self,
        webhook: &WebhookKey,
        after: Option<DecisionId>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError>;
    /// Makes deliveries due at that moment that were given up or wait for another attempt: that decision's, or all.
    /// Returns how many.
    async fn deliver_again(
        &self,
        webhook: &WebhookKey,
        decision: Option<DecisionId>,
        due: Timestamp,
    ) -> Result<u64, StoreError>;
    /// Forgets deliveries of a webhook, the oldest first, until that many are left. Returns how many.
    async fn forget_deliveries(&self, webhook: &WebhookKey, keep: u64) -> Result<u64, StoreError>;

    /// Keeps a backtest that begins.
    async fn add_backtest(&self, row: &BacktestRow) -> Result<(), StoreError>;
    /// Notes how far a backtest is and what it found meanwhile, the first of it under that number, and says whether it is to
    /// go on.
    async fn note_backtest(
        &self,
        id: BacktestId,
        note: &BacktestNote,
        first: u64,
        differences: &[Box<str>],
    ) -> Result<GoOn, StoreError>;
    /// The backtests of a brand, the newest first.
    async fn backtests(&self, brand: &BrandId) -> Result<Vec<BacktestRow>, StoreError>;
    /// One backtest of a brand.
    async fn backtest(&self, brand: &BrandId, id: BacktestId) -> Result<Option<BacktestRow>, StoreError>;
    /// What a backtest found, from that number on, at most so much.
    async fn differences(&self, id: BacktestId, from: u64, limit: u32) -> Result<Vec<Box<str>>, StoreError>;
    /// Asks for the end of a backtest; false when there is none that is under way.
    async fn cancel_backtest(&self, brand: &BrandId, id: BacktestId) -> Result<bool, StoreError>;
    /// Forgets a backtest and what it found; false when there is none.
    async fn forget_backtest(&self, brand: &BrandId, id: BacktestId) -> Result<bool, StoreError>;

    /// Commits what is queued and closes the database.
    async fn close(&self);
}
