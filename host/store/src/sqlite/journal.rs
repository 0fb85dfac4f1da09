//! Single rows of the journal, and the heads of groups.

use super::columns::{count, decision_id, digest, moment, text};
use crate::StoreError;
use crate::journal::{Head, JournalEntry};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqlitePool;
use usher_model::{BrandId, DecisionId, EventId, GroupKey};

/// The columns of an [`EntryRow`], where `j` is the journal and `g` the groups.
pub(super) const ENTRY: &str = "SELECT j.brand, g.name, j.sequence, j.event_id, j.event_digest, j.event, \
     j.decision_id, j.at_ms, j.decision";

/// A [`JournalEntry`] as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct EntryRow {
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

pub(super) async fn head(readers: &SqlitePool, group: &GroupKey) -> Result<Head, StoreError> {
    let row: Option<(i64, i64)> = sqlx::query_as("SELECT sequence, at_ms FROM groups WHERE brand = ? AND name = ?")
        .bind(group.brand.as_str())
        .bind(group.group.as_str())
        .fetch_optional(readers)
        .await?;
    let Some((sequence, at_ms)) = row else { return Ok(Head::default()) };
    Ok(Head { sequence: count(sequence, "groups.sequence")?, at: moment(at_ms, "groups.at_ms")? })
}

pub(super) async fn entry_of_event(
    readers: &SqlitePool,
    group: &GroupKey,
    event: &EventId,
) -> Result<Option<JournalEntry>, StoreError> {
    let row: Option<EntryRow> = QueryBuilder::new(ENTRY)
        .push(" FROM groups AS g CROSS JOIN journal AS j ON j.group_id = g.id WHERE g.brand = ")
        .push_bind(group.brand.as_str())
        .push(" AND g.name = ")
        .push_bind(group.group.as_str())
        .push(" AND j.event_id = ")
        .push_bind(event.as_str())
        .build_query_as()
        .fetch_optional(readers)
        .await?;
    row.map(JournalEntry::try_from).transpose()
}

pub(super) async fn entry_of_decision(
    readers: &SqlitePool,
    brand: &BrandId,
    id: DecisionId,
) -> Result<Option<JournalEntry>, StoreError> {
    let row: Option<EntryRow> = QueryBuilder::new(ENTRY)
        .push(" FROM journal AS j CROSS JOIN groups AS g ON g.id = j.group_id WHERE j.brand = ")
        .push_bind(brand.as_str())
        .push(" AND j.decision_id = ")
        .push_bind(id.uuid().as_bytes().as_slice())
        .build_query_as()
        .fetch_optional(readers)
        .await?;
    row.map(JournalEntry::try_from).transpose()
}
