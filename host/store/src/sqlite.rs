//! The built-in database: SQLite in WAL mode, one connection that writes, a few that read.

mod activity;
mod backtests;
mod commit;
mod contents;
mod decisions;
mod documents;
mod fold;
mod journal;
mod lock;
mod memory;
pub(crate) mod open;
mod outbox;
mod plugins;
mod pushes;
mod runs;
mod scan;
mod table;
mod tallies;
mod writer;

pub use open::{OpenError, SqliteOptions};

use crate::activity::{Activity, ActivityQuery};
use crate::backtest::{BacktestNote, BacktestRow, GoOn};
use crate::change::Change;
use crate::content::{ContentActivity, ContentQuery, Recipient, Seen};
use crate::document::{
    DeleteError, Document, DocumentKey, DocumentQuery, NewDocument, Precondition, WriteError, Written,
};
use crate::journal::queue::Queue;
use crate::journal::{
    Commit, CommitError, DecisionPage, DecisionQuery, GroupsDue, Head, JournalEntry, PastEvent, TallyKey, Ticket, Turn,
};
use crate::outbox::{Attempted, Claim, Claimed, Delivery, Waiting, WebhookKey};
use crate::plugin::{NewPlugin, PluginRow, Published};
use crate::push::{PushReservation, PushReserved};
use crate::run::{NewRun, Run, RunQuery, RunRow, RunScope};
use crate::{Store, StoreError};
use async_trait::async_trait;
use sqlx::sqlite::SqlitePool;
use std::sync::Arc;
use tokio::runtime::Handle;
use usher_model::{
    BacktestId, BrandId, DecisionId, Digest, EventId, GroupKey, PluginName, PluginVersion, RunId, Slot, SlotKey, Timer,
    Timestamp, Usage,
};
use writer::Writer;

/// Keys that are looked up at once, from which on it counts as a long read.
const MANY_KEYS: usize = 64;

/// A SQLite file, held by this host alone.
#[derive(Debug)]
pub struct Sqlite {
    readers: SqlitePool,
    scanners: SqlitePool,
    summers: SqlitePool,
    writer: Arc<Writer>,
    queue: Queue,
    tasks: Handle,
    scan_entries_max: u32,
}

impl Sqlite {
    /// Opens the file, creates or upgrades its tables, and starts the task that commits.
    pub async fn open(options: SqliteOptions) -> Result<Self, OpenError> {
        let SqliteOptions { queue_commits_max, batch_commits_max, fold_pages, scan_entries_max, .. } = options;
        let open::Opened { readers, scanners, summers, connection, connect, lock } = open::open(options).await?;
        let writer = Arc::new(Writer::new(connect, connection, lock, fold_pages));
        let queue = Queue::start(Arc::clone(&writer), queue_commits_max, batch_commits_max);
        Ok(Self { readers, scanners, summers, writer, queue, tasks: Handle::current(), scan_entries_max })
    }
}

#[async_trait]
impl Store for Sqlite {
    fn is_shared(&self) -> bool {
        false
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        documents::find(&self.readers, key).await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Vec<Document>, StoreError> {
        documents::list(&self.scanners, query).await
    }

    async fn put_document(&self, document: NewDocument, precondition: Precondition) -> Result<Written, WriteError> {
        documents::put(&mut *self.writer.connection().await?, document, precondition).await
    }

    async fn delete_document(&self, key: &DocumentKey, precondition: Precondition) -> Result<(), DeleteError> {
        documents::delete(&mut *self.writer.connection().await?, key, precondition).await
    }

    async fn document_at(&self, key: &DocumentKey, revision: u64) -> Result<Option<Document>, StoreError> {
        documents::at(&self.readers, key, revision).await
    }

    async fn revisions(&self, key: &DocumentKey, limit: u32) -> Result<Vec<Document>, StoreError> {
        documents::revisions(&self.readers, key, limit).await
    }

    async fn publish_plugin(&self, plugin: NewPlugin) -> Result<Published, StoreError> {
        plugins::publish(&mut *self.writer.connection().await?, plugin).await
    }

    async fn plugins(&self) -> Result<Vec<PluginRow>, StoreError> {
        plugins::list(&self.readers).await
    }

    async fn plugin_bytes(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        plugins::bytes(&self.scanners, digest).await
    }

    async fn retire_plugin(&self, name: &PluginName, version: &PluginVersion) -> Result<bool, StoreError> {
        plugins::retire(&mut *self.writer.connection().await?, name, version).await
    }

    async fn last_change(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn changes(&self, _after: u64) -> Result<Vec<Change>, StoreError> {
        // This host is alone with its file.
        Ok(Vec::new())
    }

    async fn head(&self, group: &GroupKey) -> Result<Head, StoreError> {
        journal::head(&self.readers, group).await
    }

    async fn take_turn(&self, _: &GroupKey, _: Turn, _: u64) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn commit(&self, commit: Commit) -> Result<Ticket, CommitError> {
        self.queue.push(commit).await
    }

    async fn settled(&self) -> Result<(), StoreError> {
        self.queue.settled().await
    }

    async fn slots(&self, group: &GroupKey, keys: &[SlotKey]) -> Result<Vec<Option<Slot>>, StoreError> {
        // A few are an event's; many are a run's.
        let readers = if keys.len() > MANY_KEYS { &self.scanners } else { &self.readers };
        memory::slots(readers, group, keys).await
    }

    async fn usage(&self, group: &GroupKey, plugin: &PluginName, at: Timestamp) -> Result<Usage, StoreError> {
        memory::usage(&self.readers, group, plugin, at).await
    }

    async fn forget_expired(&self, limit: u32) -> Result<u64, StoreError> {
        memory::forget_expired(&mut *self.writer.connection().await?, limit).await
    }

    async fn timers(&self, group: &GroupKey) -> Result<Vec<Timer>, StoreError> {
        memory::timers(&self.readers, group).await
    }

    async fn groups_due(&self, until: Timestamp, limit: u32) -> Result<GroupsDue, StoreError> {
        memory::groups_due(&self.readers, until, limit).await
    }

    async fn past_events(&self, group: &GroupKey, before: u64, limit: u32) -> Result<Vec<PastEvent>, StoreError> {
        journal::past_events(&self.readers, group, before, limit).await
    }

    async fn entries(&self, group: &GroupKey, after: u64, limit: u32) -> Result<Vec<JournalEntry>, StoreError> {
        journal::entries(&self.scanners, group, after, limit).await
    }

    async fn tally(&self, key: &TallyKey) -> Result<u64, StoreError> {
        tallies::find(&self.readers, key).await
    }

    async fn entry_of_event(&self, group: &GroupKey, event: &EventId) -> Result<Option<JournalEntry>, StoreError> {
        journal::entry_of_event(&self.readers, group, event).await
    }

    async fn entry_of_decision(&self, brand: &BrandId, id: DecisionId) -> Result<Option<JournalEntry>, StoreError> {
        journal::entry_of_decision(&self.readers, brand, id).await
    }

    async fn decisions(&self, query: &DecisionQuery) -> Result<DecisionPage, StoreError> {
        decisions::page(&self.scanners, query, self.scan_entries_max).await
    }

    async fn activity(&self, query: &ActivityQuery) -> Result<Vec<Activity>, StoreError> {
        activity::sums(&self.summers, query).await
    }

    async fn content_activity(&self, query: &ContentQuery) -> Result<Vec<ContentActivity>, StoreError> {
        contents::sums(&self.scanners, query).await
    }

    async fn seen(&self, brand: &BrandId, recipient: &Recipient) -> Result<Vec<Seen>, StoreError> {
        contents::seen_by(&self.readers, brand, recipient).await
    }

    async fn reserve_pushes(
        &self,
        brand: &BrandId,
        pushes: &[PushReservation],
    ) -> Result<Vec<PushReserved>, StoreError> {
        pushes::reserve(&mut *self.writer.connection().await?, brand, pushes).await
    }

    async fn forget_pushes(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        pushes::forget(&mut *self.writer.connection().await?, before, limit).await
    }

    async fn put_run(&self, run: NewRun) -> Result<bool, StoreError> {
        let writer = Arc::clone(&self.writer);
        // On the threads that the store was opened on: who asks may have to wait for a core, and would keep the writer.
        let put = self.tasks.spawn(async move { runs::put(&writer, &run).await });
        put.await
            .unwrap_or_else(|broken| Err(if broken.is_panic() { StoreError::Panicked } else { StoreError::Closed }))
    }

    async fn run(&self, brand: &BrandId, id: RunId) -> Result<Option<Run>, StoreError> {
        runs::find(&self.readers, brand, id).await
    }

    async fn run_rows(&self, id: RunId, after: Option<u32>, limit: u32) -> Result<Vec<RunRow>, StoreError> {
        runs::rows(&self.scanners, id, after, limit).await
    }

    async fn run_inputs(&self, id: RunId) -> Result<Option<Vec<u8>>, StoreError> {
        runs::inputs(&self.scanners, id).await
    }

    async fn runs(&self, query: &RunQuery) -> Result<Vec<Run>, StoreError> {
        runs::list(&self.scanners, query).await
    }

    async fn latest_run(&self, scope: &RunScope, until: Option<Timestamp>) -> Result<Option<Run>, StoreError> {
        runs::latest(&self.readers, scope, until).await
    }

    async fn give_up_runs(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        runs::give_up(&mut *self.writer.connection().await?, before, limit).await
    }

    async fn forget_unfinished_runs(&self, before: Timestamp) -> Result<u64, StoreError> {
        runs::forget_unfinished(&self.writer, before).await
    }

    async fn webhooks_waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        outbox::waiting(&self.readers).await
    }

    async fn claim_deliveries(&self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        outbox::claim(&mut *self.writer.connection().await?, claim).await
    }

    async fn note_attempts(&self, webhook: &WebhookKey, attempted: &[Attempted]) -> Result<(), StoreError> {
        outbox::note(&mut *self.writer.connection().await?, webhook, attempted).await
    }

    async fn deliveries(
        &self,
        webhook: &WebhookKey,
        after: Option<DecisionId>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        outbox::list(&self.readers, webhook, after, limit).await
    }

    async fn deliver_again(
        &self,
        webhook: &WebhookKey,
        decision: Option<DecisionId>,
        due: Timestamp,
    ) -> Result<u64, StoreError> {
        outbox::again(&mut *self.writer.connection().await?, webhook, decision, due).await
    }

    async fn forget_deliveries(&self, webhook: &WebhookKey, keep: u64) -> Result<u64, StoreError> {
        outbox::forget(&mut *self.writer.connection().await?, webhook, keep).await
    }

    async fn add_backtest(&self, row: &BacktestRow) -> Result<(), StoreError> {
        backtests::add(&mut *self.writer.connection().await?, row).await
    }

    async fn note_backtest(
        &self,
        id: BacktestId,
        note: &BacktestNote,
        first: u64,
        differences: &[Box<str>],
    ) -> Result<GoOn, StoreError> {
        backtests::note(&mut *self.writer.connection().await?, id, note, first, differences).await
    }

    async fn backtests(&self, brand: &BrandId) -> Result<Vec<BacktestRow>, StoreError> {
        backtests::list(&self.readers, brand).await
    }

    async fn backtest(&self, brand: &BrandId, id: BacktestId) -> Result<Option<BacktestRow>, StoreError> {
        backtests::find(&self.readers, brand, id).await
    }

    async fn differences(&self, id: BacktestId, from: u64, limit: u32) -> Result<Vec<Box<str>>, StoreError> {
        backtests::differences(&self.scanners, id, from, limit).await
    }

    async fn cancel_backtest(&self, brand: &BrandId, id: BacktestId) -> Result<bool, StoreError> {
        backtests::cancel(&mut *self.writer.connection().await?, brand, id).await
    }

    async fn forget_backtest(&self, brand: &BrandId, id: BacktestId) -> Result<bool, StoreError> {
        backtests::forget(&mut *self.writer.connection().await?, brand, id).await
    }

    async fn close(&self) {
        self.queue.drain().await;
        // Readers first: the last connection to close folds the write-ahead log into the file, and must be able to write.
        self.readers.close().await;
        self.scanners.close().await;
        self.summers.close().await;
        self.writer.close().await;
    }
}
