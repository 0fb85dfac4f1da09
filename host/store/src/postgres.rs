//! PostgreSQL: several hosts on one database, with nothing between them but the database.

mod activity;
mod backtests;
mod changes;
mod commit;
mod contents;
mod decisions;
mod documents;
mod journal;
mod memory;
mod open;
mod outbox;
mod plugins;
mod pushes;
mod runs;
mod tallies;
mod writer;

pub use open::{ConnectError, DatabaseUrl, InvalidUrl, PostgresOptions};

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
use sqlx::postgres::{PgConnection, PgPool};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use usher_model::{
    BacktestId, BrandId, DecisionId, Digest, EventId, GroupKey, PluginName, PluginVersion, RunId, Slot, SlotKey, Timer,
    Timestamp, Usage,
};
use writer::Writer;

/// A PostgreSQL database, which this host shares with others.
#[derive(Debug)]
pub struct Postgres {
    pool: PgPool,
    writer: Arc<Writer>,
    queue: Queue,
    answer_within: Duration,
    scan_entries_max: u32,
}

impl Postgres {
    /// Connects, creates or upgrades the tables, and starts the task that commits.
    ///
    /// # Errors
    /// [`ConnectError`], which says what to do.
    pub async fn open(options: PostgresOptions) -> Result<Self, ConnectError> {
        let opened = open::open(&options).await?;
        let PostgresOptions { queue_commits_max, batch_commits_max, scan_entries_max, answer_ms, .. } = options;
        let answer_within = Duration::from_millis(answer_ms);
        let writer = Arc::new(Writer::new(opened.session, answer_within));
        let queue = Queue::start(Arc::clone(&writer), queue_commits_max, batch_commits_max);
        Ok(Self { pool: opened.pool, writer, queue, answer_within, scan_entries_max })
    }

    /// Does something on a connection of the pool, within its time. A connection that did not answer is thrown away:
    /// nobody knows whether it ever will.
    async fn on<T, E: From<StoreError>>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.pool.acquire().await.map_err(StoreError::from)?;
        if let Ok(result) = tokio::time::timeout(self.answer_within, work(&mut connection)).await {
            return result;
        }
        drop(connection.detach());
        Err(no_answer(self.answer_within).into())
    }
}

/// The database took too long. What was asked of it may or may not take place.
fn no_answer(within: Duration) -> StoreError {
    let cause = io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {} ms", within.as_millis()));
    StoreError::Unavailable(sqlx::Error::Io(cause))
}

#[async_trait]
impl Store for Postgres {
    fn is_shared(&self) -> bool {
        true
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.on(async |connection| Ok(sqlx::query("SELECT 1").execute(connection).await.map(drop)?)).await
    }

    async fn document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        self.on(async |connection| documents::find(connection, key).await).await
    }

    async fn documents(&self, query: &DocumentQuery) -> Result<Vec<Document>, StoreError> {
        self.on(async |connection| documents::list(connection, query).await).await
    }

    async fn put_document(&self, document: NewDocument, precondition: Precondition) -> Result<Written, WriteError> {
        self.on(async |connection| documents::put(connection, document, precondition).await).await
    }

    async fn delete_document(&self, key: &DocumentKey, precondition: Precondition) -> Result<(), DeleteError> {
        self.on(async |connection| documents::delete(connection, key, precondition).await).await
    }

    async fn document_at(&self, key: &DocumentKey, revision: u64) -> Result<Option<Document>, StoreError> {
        self.on(async |connection| documents::at(connection, key, revision).await).await
    }

    async fn revisions(&self, key: &DocumentKey, limit: u32) -> Result<Vec<Document>, StoreError> {
        self.on(async |connection| documents::revisions(connection, key, limit).await).await
    }

    async fn publish_plugin(&self, plugin: NewPlugin) -> Result<Published, StoreError> {
        self.on(async |connection| plugins::publish(connection, plugin).await).await
    }

    async fn plugins(&self) -> Result<Vec<PluginRow>, StoreError> {
        self.on(async |connection| plugins::list(connection).await).await
    }

    async fn plugin_bytes(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.on(async |connection| plugins::bytes(connection, digest).await).await
    }

    async fn retire_plugin(&self, name: &PluginName, version: &PluginVersion) -> Result<bool, StoreError> {
        self.on(async |connection| plugins::retire(connection, name, version).await).await
    }

    async fn last_change(&self) -> Result<u64, StoreError> {
        self.on(async |connection| changes::last(connection).await).await
    }

    async fn changes(&self, after: u64) -> Result<Vec<Change>, StoreError> {
        self.on(async |connection| changes::after(connection, after).await).await
    }

    async fn head(&self, group: &GroupKey) -> Result<Head, StoreError> {
        self.on(async |connection| journal::head(connection, group).await).await
    }

    async fn take_turn(&self, group: &GroupKey, turn: Turn, lasts_ms: u64) -> Result<bool, StoreError> {
        self.on(async |connection| journal::take_turn(connection, group, turn, lasts_ms).await).await
    }

    async fn commit(&self, commit: Commit) -> Result<Ticket, CommitError> {
        self.queue.push(commit).await
    }

    async fn settled(&self) -> Result<(), StoreError> {
        self.queue.settled().await
    }

    async fn slots(&self, group: &GroupKey, keys: &[SlotKey]) -> Result<Vec<Option<Slot>>, StoreError> {
        self.on(async |connection| memory::slots(connection, group, keys).await).await
    }

    async fn usage(&self, group: &GroupKey, plugin: &PluginName, at: Timestamp) -> Result<Usage, StoreError> {
        self.on(async |connection| memory::usage(connection, group, plugin, at).await).await
    }

    async fn forget_expired(&self, limit: u32) -> Result<u64, StoreError> {
        self.on(async |connection| memory::forget_expired(connection, limit).await).await
    }

    async fn timers(&self, group: &GroupKey) -> Result<Vec<Timer>, StoreError> {
        self.on(async |connection| memory::timers(connection, group).await).await
    }

    async fn groups_due(&self, until: Timestamp, limit: u32) -> Result<GroupsDue, StoreError> {
        self.on(async |connection| memory::groups_due(connection, until, limit).await).await
    }

    async fn past_events(&self, group: &GroupKey, before: u64, limit: u32) -> Result<Vec<PastEvent>, StoreError> {
        self.on(async |connection| journal::past_events(connection, group, before, limit).await).await
    }

    async fn entries(&self, group: &GroupKey, after: u64, limit: u32) -> Result<Vec<JournalEntry>, StoreError> {
        self.on(async |connection| journal::entries(connection, group, after, limit).await).await
    }

    async fn tally(&self, key: &TallyKey) -> Result<u64, StoreError> {
        self.on(async |connection| tallies::find(connection, key).await).await
    }

    async fn entry_of_event(&self, group: &GroupKey, event: &EventId) -> Result<Option<JournalEntry>, StoreError> {
        self.on(async |connection| journal::entry_of_event(connection, group, event).await).await
    }

    async fn entry_of_decision(&self, brand: &BrandId, id: DecisionId) -> Result<Option<JournalEntry>, StoreError> {
        self.on(async |connection| journal::entry_of_decision(connection, brand, id).await).await
    }

    async fn decisions(&self, query: &DecisionQuery) -> Result<DecisionPage, StoreError> {
        self.on(async |connection| decisions::page(connection, query, self.scan_entries_max).await).await
    }

    async fn activity(&self, query: &ActivityQuery) -> Result<Vec<Activity>, StoreError> {
        self.on(async |connection| activity::sums(connection, query).await).await
    }

    async fn content_activity(&self, query: &ContentQuery) -> Result<Vec<ContentActivity>, StoreError> {
        self.on(async |connection| contents::sums(connection, query).await).await
    }

    async fn seen(&self, brand: &BrandId, recipient: &Recipient) -> Result<Vec<Seen>, StoreError> {
        self.on(async |connection| contents::seen_by(connection, brand, recipient).await).await
    }

    async fn reserve_pushes(
        &self,
        brand: &BrandId,
        pushes: &[PushReservation],
    ) -> Result<Vec<PushReserved>, StoreError> {
        self.on(async |connection| pushes::reserve(connection, brand, pushes).await).await
    }

    async fn forget_pushes(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.on(async |connection| pushes::forget(connection, before, limit).await).await
    }

    async fn put_run(&self, run: NewRun) -> Result<bool, StoreError> {
        runs::put(self, &run).await
    }

    async fn run(&self, brand: &BrandId, id: RunId) -> Result<Option<Run>, StoreError> {
        self.on(async |connection| runs::find(connection, brand, id).await).await
    }

    async fn run_rows(&self, id: RunId, after: Option<u32>, limit: u32) -> Result<Vec<RunRow>, StoreError> {
        self.on(async |connection| runs::rows(connection, id, after, limit).await).await
    }

    async fn run_inputs(&self, id: RunId) -> Result<Option<Vec<u8>>, StoreError> {
        self.on(async |connection| runs::inputs(connection, id).await).await
    }

    async fn runs(&self, query: &RunQuery) -> Result<Vec<Run>, StoreError> {
        self.on(async |connection| runs::list(connection, query).await).await
    }

    async fn latest_run(&self, scope: &RunScope, until: Option<Timestamp>) -> Result<Option<Run>, StoreError> {
        self.on(async |connection| runs::latest(connection, scope, until).await).await
    }

    async fn give_up_runs(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.on(async |connection| runs::give_up(connection, before, limit).await).await
    }

    async fn forget_unfinished_runs(&self, before: Timestamp) -> Result<u64, StoreError> {
        runs::forget_unfinished(self, before).await
    }

    async fn webhooks_waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        self.on(async |connection| outbox::waiting(connection).await).await
    }

    async fn claim_deliveries(&self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        self.on(async |connection| outbox::claim(connection, claim).await).await
    }

    async fn note_attempts(&self, webhook: &WebhookKey, attempted: &[Attempted]) -> Result<(), StoreError> {
        self.on(async |connection| outbox::note(connection, webhook, attempted).await).await
    }

    async fn deliveries(
        &self,
        webhook: &WebhookKey,
        after: Option<DecisionId>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.on(async |connection| outbox::list(connection, webhook, after, limit).await).await
    }

    async fn deliver_again(
        &self,
        webhook: &WebhookKey,
        decision: Option<DecisionId>,
        due: Timestamp,
    ) -> Result<u64, StoreError> {
        self.on(async |connection| outbox::again(connection, webhook, decision, due).await).await
    }

    async fn forget_deliveries(&self, webhook: &WebhookKey, keep: u64) -> Result<u64, StoreError> {
        self.on(async |connection| outbox::forget(connection, webhook, keep).await).await
    }

    async fn add_backtest(&self, row: &BacktestRow) -> Result<(), StoreError> {
        self.on(async |connection| backtests::add(connection, row).await).await
    }

    async fn note_backtest(
        &self,
        id: BacktestId,
        note: &BacktestNote,
        first: u64,
        differences: &[Box<str>],
    ) -> Result<GoOn, StoreError> {
        self.on(async |connection| backtests::note(connection, id, note, first, differences).await).await
    }

    async fn backtests(&self, brand: &BrandId) -> Result<Vec<BacktestRow>, StoreError> {
        self.on(async |connection| backtests::list(connection, brand).await).await
    }

    async fn backtest(&self, brand: &BrandId, id: BacktestId) -> Result<Option<BacktestRow>, StoreError> {
        self.on(async |connection| backtests::find(connection, brand, id).await).await
    }

    async fn differences(&self, id: BacktestId, from: u64, limit: u32) -> Result<Vec<Box<str>>, StoreError> {
        self.on(async |connection| backtests::differences(connection, id, from, limit).await).await
    }

    async fn cancel_backtest(&self, brand: &BrandId, id: BacktestId) -> Result<bool, StoreError> {
        self.on(async |connection| backtests::cancel(connection, brand, id).await).await
    }

    async fn forget_backtest(&self, brand: &BrandId, id: BacktestId) -> Result<bool, StoreError> {
        self.on(async |connection| backtests::forget(connection, brand, id).await).await
    }

    async fn close(&self) {
        self.queue.drain().await;
        self.writer.close().await;
        self.pool.close().await;
    }
}
