//! Single rows of the journal, and the heads of groups.

use crate::StoreError;
use crate::columns::integer;
use crate::journal::{Head, JournalEntry, PastEvent};
use crate::rows::{ENTRY, EntryRow, HeadRow, PastEventRow};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqlitePool;
use usher_model::{BrandId, DecisionId, EventId, GroupKey};

pub(super) async fn head(readers: &SqlitePool, group: &GroupKey) -> Result<Head, StoreError> {
    let row: Option<HeadRow> =
        sqlx::query_as("SELECT sequence, at_ms, decision_id FROM groups WHERE brand = ? AND name = ?")
            .bind(group.brand.as_str())
            .bind(group.group.as_str())
            .fetch_optional(readers)
            .await?;
    row.map_or_else(|| Ok(Head::default()), Head::try_from)
}

pub(super) async fn past_events(
    readers: &SqlitePool,
    group: &GroupKey,
    before: u64,
    limit: u32,
) -> Result<Vec<PastEvent>, StoreError> {
    let rows: Vec<PastEventRow> = sqlx::query_as(
        "SELECT j.sequence, j.at_ms, j.event FROM groups AS g CROSS JOIN journal AS j ON j.group_id = g.id \
         WHERE g.brand = ? AND g.name = ? AND j.sequence < ? ORDER BY j.sequence DESC LIMIT ?",
    )
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .bind(integer(before))
    .bind(limit)
    .fetch_all(readers)
    .await?;
    rows.into_iter().map(PastEvent::try_from).collect()
}

pub(super) async fn entries(
    readers: &SqlitePool,
    group: &GroupKey,
    after: u64,
    limit: u32,
) -> Result<Vec<JournalEntry>, StoreError> {
    let rows: Vec<EntryRow> = QueryBuilder::new(ENTRY)
        .push(" FROM groups AS g CROSS JOIN journal AS j ON j.group_id = g.id WHERE g.brand = ")
        .push_bind(group.brand.as_str())
        .push(" AND g.name = ")
        .push_bind(group.group.as_str())
        .push(" AND j.sequence > ")
        .push_bind(integer(after))
        .push(" ORDER BY j.sequence LIMIT ")
        .push_bind(i64::from(limit))
        .build_query_as()
        .fetch_all(readers)
        .await?;
    rows.into_iter().map(JournalEntry::try_from).collect()
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
