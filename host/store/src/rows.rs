//! Rows as every database gives them, and what they become.

use crate::StoreError;
use crate::backtest::{BacktestNote, BacktestRow};
use crate::columns::{count, decision_id, digest, json, moment, text};
use crate::document::{Collection, Document, DocumentKey};
use crate::journal::{Head, JournalEntry, PastEvent};
use crate::outbox::{Claimed, Delivery, Waiting};
use crate::plugin::PluginRow;
use usher_model::{BacktestId, GroupKey, Timer};

/// The columns of an [`EntryRow`], where `j` is the journal and `g` the groups.
pub(crate) const ENTRY: &str = "SELECT j.brand, g.name, j.sequence, j.event_id, j.event_digest, j.event, \
     j.decision_id, j.at_ms, j.decision";

/// A [`JournalEntry`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct EntryRow {
    brand: String,
    name: String,
    sequence: i64,
    event_id: String,
    event_digest: Vec<u8>,
    event: String,
    decision_id: Vec<u8>,
    at_ms: i64,
    decision: String,
}

impl TryFrom<EntryRow> for JournalEntry {
    type Error = StoreError;
    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            group: GroupKey { brand: text(&row.brand, "journal.brand")?, group: text(&row.name, "groups.name")? },
            sequence: count(row.sequence, "journal.sequence")?,
            event_id: text(&row.event_id, "journal.event_id")?,
            event_digest: digest(&row.event_digest, "journal.event_digest")?,
            event: row.event.into(),
            decision_id: decision_id(&row.decision_id, "journal.decision_id")?,
            at: moment(row.at_ms, "journal.at_ms")?,
            decision: row.decision.into(),
        })
    }
}

/// A [`Head`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct HeadRow {
    sequence: i64,
    at_ms: i64,
    decision_id: Option<Vec<u8>>,
}

impl TryFrom<HeadRow> for Head {
    type Error = StoreError;
    fn try_from(row: HeadRow) -> Result<Self, StoreError> {
        let decision = row.decision_id.map(|bytes| decision_id(&bytes, "groups.decision_id")).transpose()?;
        Ok(Self { sequence: count(row.sequence, "groups.sequence")?, at: moment(row.at_ms, "groups.at_ms")?, decision })
    }
}

/// A [`PastEvent`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct PastEventRow {
    sequence: i64,
    at_ms: i64,
    event: String,
}

impl TryFrom<PastEventRow> for PastEvent {
    type Error = StoreError;
    fn try_from(row: PastEventRow) -> Result<Self, StoreError> {
        Ok(Self {
            sequence: count(row.sequence, "journal.sequence")?,
            at: moment(row.at_ms, "journal.at_ms")?,
            event: row.event.into(),
        })
    }
}

/// A [`Timer`] as it is stored. Its note may be any text, and not every database takes that as a text.
#[derive(sqlx::FromRow)]
pub(crate) struct TimerRow<N> {
    plugin: String,
    name: String,
    due_ms: i64,
    started: i64,
    note: N,
    member: Option<String>,
}

impl<N> TimerRow<N> {
    pub(crate) fn timer(self, note: impl FnOnce(N) -> Result<String, StoreError>) -> Result<Timer, StoreError> {
        Ok(Timer {
            due: moment(self.due_ms, "timers.due_ms")?,
            started: count(self.started, "timers.started")?,
            plugin: text(&self.plugin, "timers.plugin")?,
            name: self.name.into(),
            note: note(self.note)?.into(),
            member: self.member.map(|member| text(&member, "timers.member")).transpose()?,
        })
    }
}

/// The columns of a [`DocumentRow`].
pub(crate) const DOCUMENT: &str = "SELECT brand, id, revision, body, written_by, written_at_ms FROM ";

/// A [`Document`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct DocumentRow {
    brand: String,
    id: String,
    revision: i64,
    body: String,
    written_by: String,
    written_at_ms: i64,
}

impl DocumentRow {
    pub(crate) fn document(self, collection: Collection) -> Result<Document, StoreError> {
        Ok(Document {
            key: DocumentKey { collection, brand: self.brand, id: self.id },
            revision: count(self.revision, "document_revisions.revision")?,
            body: json(&self.body, "document_revisions.body")?,
            written_by: self.written_by,
            written_at: moment(self.written_at_ms, "document_revisions.written_at_ms")?,
        })
    }
}

/// The columns of a [`PluginColumns`].
pub(crate) const PLUGIN: &str = "SELECT name, version, digest, size_bytes, facts, uploaded_by, uploaded_at_ms, \
     retired";

/// A [`PluginRow`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct PluginColumns {
    name: String,
    version: String,
    digest: Vec<u8>,
    size_bytes: i64,
    facts: String,
    uploaded_by: String,
    uploaded_at_ms: i64,
    retired: bool,
}

impl TryFrom<PluginColumns> for PluginRow {
    type Error = StoreError;
    fn try_from(row: PluginColumns) -> Result<Self, StoreError> {
        Ok(Self {
            name: text(&row.name, "plugins.name")?,
            version: text(&row.version, "plugins.version")?,
            digest: digest(&row.digest, "plugins.digest")?,
            size_bytes: count(row.size_bytes, "plugins.size_bytes")?,
            facts: json(&row.facts, "plugins.facts")?,
            uploaded_by: row.uploaded_by,
            uploaded_at: moment(row.uploaded_at_ms, "plugins.uploaded_at_ms")?,
            retired: row.retired,
        })
    }
}

/// The columns of a [`BacktestColumns`].
pub(crate) const BACKTEST: &str =
    "SELECT id, brand, asked, progress, has_ended, noted_at_ms, is_cancelled FROM backtests";

/// A [`BacktestRow`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct BacktestColumns {
    id: Vec<u8>,
    brand: String,
    asked: String,
    progress: String,
    has_ended: bool,
    noted_at_ms: i64,
    is_cancelled: bool,
}

impl TryFrom<BacktestColumns> for BacktestRow {
    type Error = StoreError;
    fn try_from(row: BacktestColumns) -> Result<Self, StoreError> {
        let at = moment(row.noted_at_ms, "backtests.noted_at_ms")?;
        let id = uuid::Uuid::from_slice(&row.id).map_err(|_| StoreError::Damaged { what: "backtests.id" })?;
        Ok(Self {
            id: BacktestId::new(id),
            brand: text(&row.brand, "backtests.brand")?,
            asked: row.asked.into(),
            noted: BacktestNote { progress: row.progress.into(), has_ended: row.has_ended, at },
            is_cancelled: row.is_cancelled,
        })
    }
}

/// A [`Waiting`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct WaitingRow {
    webhook: String,
    due_ms: Option<i64>,
}

impl TryFrom<WaitingRow> for Waiting {
    type Error = StoreError;
    fn try_from(row: WaitingRow) -> Result<Self, StoreError> {
        let due = row.due_ms.map(|due| moment(due, "outbox.due_ms")).transpose()?;
        Ok(Self { webhook: text(&row.webhook, "outbox.webhook")?, due })
    }
}

/// A [`Claimed`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct ClaimedRow {
    decision_id: Vec<u8>,
    attempts: i64,
    decision: String,
}

impl TryFrom<ClaimedRow> for Claimed {
    type Error = StoreError;
    fn try_from(row: ClaimedRow) -> Result<Self, StoreError> {
        Ok(Self {
            decision_id: decision_id(&row.decision_id, "outbox.decision_id")?,
            attempts: count(row.attempts, "outbox.attempts")?,
            decision: row.decision.into(),
        })
    }
}

/// A [`Delivery`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct DeliveryRow {
    decision_id: Vec<u8>,
    attempts: i64,
    due_ms: Option<i64>,
    failure: Option<String>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;
    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        Ok(Self {
            decision_id: decision_id(&row.decision_id, "outbox.decision_id")?,
            attempts: count(row.attempts, "outbox.attempts")?,
            due: row.due_ms.map(|due| moment(due, "outbox.due_ms")).transpose()?,
            failure: row.failure.map(Into::into),
        })
    }
}
