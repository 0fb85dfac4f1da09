//! Single rows of the journal, and the heads of groups.

use crate::StoreError;
use crate::columns::integer;
use crate::journal::{Head, JournalEntry, PastEvent, Turn};
use crate::rows::{ENTRY, EntryRow, HeadRow, PastEventRow};
use sqlx::QueryBuilder;
use sqlx::postgres::PgConnection;
use usher_model::{BrandId, DecisionId, EventId, GroupKey};

pub(super) async fn head(connection: &mut PgConnection, group: &GroupKey) -> Result<Head, StoreError> {
    let row: Option<HeadRow> =
        sqlx::query_as("SELECT sequence, at_ms, decision_id FROM groups WHERE brand = $1 AND name = $2")
            .bind(group.brand.as_str())
            .bind(group.group.as_str())
            .fetch_optional(connection)
            .await?;
    row.map_or_else(|| Ok(Head::default()), Head::try_from)
}

/// By the clock of the database, which all hosts share. Whoever lost a race knows that the group has a row.
pub(super) async fn take_turn(
    connection: &mut PgConnection,
    group: &GroupKey,
    turn: Turn,
    lasts_ms: u64,
) -> Result<bool, StoreError> {
    let taken = sqlx::query(
        "UPDATE groups SET turn = $3, turn_until = clock_timestamp() + $4 * interval '1 millisecond' \
         WHERE brand = $1 AND name = $2 AND (turn IS NULL OR turn = $3 OR turn_until <= clock_timestamp())",
    )
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .bind(turn.0.as_bytes().as_slice())
    .bind(integer(lasts_ms))
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() > 0)
}

pub(super) async fn past_events(
    connection: &mut PgConnection,
    group: &GroupKey,
    before: u64,
    limit: u32,
) -> Result<Vec<PastEvent>, StoreError> {
    let rows: Vec<PastEventRow> = sqlx::query_as(
        "SELECT j.sequence, j.at_ms, j.event FROM groups AS g JOIN journal AS j ON j.group_id = g.id \
         WHERE g.brand = $1 AND g.name = $2 AND j.sequence < $3 ORDER BY j.sequence DESC LIMIT $4",
    )
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .bind(integer(before))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(PastEvent::try_from).collect()
}

pub(super) async fn entries(
    connection: &mut PgConnection,
    group: &GroupKey,
    after: u64,
    limit: u32,
) -> Result<Vec<JournalEntry>, StoreError> {
    let rows: Vec<EntryRow> = QueryBuilder::new(ENTRY)
        .push(" FROM groups AS g JOIN journal AS j ON j.group_id = g.id WHERE g.brand = ")
        .push_bind(group.brand.as_str())
        .push(" AND g.name = ")
        .push_bind(group.group.as_str())
        .push(" AND j.sequence > ")
        .push_bind(integer(after))
        .push(" ORDER BY j.sequence LIMIT ")
        .push_bind(i64::from(limit))
        .build_query_as()
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(JournalEntry::try_from).collect()
}

pub(super) async fn entry_of_event(
    connection: &mut PgConnection,
    group: &GroupKey,
    event: &EventId,
) -> Result<Option<JournalEntry>, StoreError> {
    let row: Option<EntryRow> = QueryBuilder::new(ENTRY)
        .push(" FROM groups AS g JOIN journal AS j ON j.group_id = g.id WHERE g.brand = ")
        .push_bind(group.brand.as_str())
        .push(" AND g.name = ")
        .push_bind(group.group.as_str())
        .push(" AND j.event_id = ")
        .push_bind(event.as_str())
        .build_query_as()
        .fetch_optional(connection)
        .await?;
    row.map(JournalEntry::try_from).transpose()
}

pub(super) async fn entry_of_decision(
    connection: &mut PgConnection,
    brand: &BrandId,
    id: DecisionId,
) -> Result<Option<JournalEntry>, StoreError> {
    let row: Option<EntryRow> = QueryBuilder::new(ENTRY)
        .push(" FROM journal AS j JOIN groups AS g ON g.id = j.group_id WHERE j.brand = ")
        .push_bind(brand.as_str())
        .push(" AND j.decision_id = ")
        .push_bind(id.uuid().as_bytes().as_slice())
        .build_query_as()
        .fetch_optional(connection)
        .await?;
    row.map(JournalEntry::try_from).transpose()
}
