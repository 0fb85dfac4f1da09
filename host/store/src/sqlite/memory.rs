//! Slots and timers.

use super::table::{Cells, ROWS_MAX, push_table};
use crate::StoreError;
use crate::columns::{count, integer, moment, text};
use crate::journal::{Commit, GroupsDue};
use crate::rows::TimerRow;
use crate::slot::{LastWrites, owner, read, space, write as body};
use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use std::collections::HashMap;
use usher_model::{GroupKey, MemberId, PluginName, Slot, SlotKey, Timer, Timestamp, Usage};

/// What the written commits of a batch leave, by the key of their group. Most leave nothing.
pub(super) async fn write<'b>(
    connection: &mut SqliteConnection,
    written: impl Iterator<Item = (i64, &'b Commit)>,
) -> Result<(), StoreError> {
    let last = LastWrites::of(written);
    let (mut kept, mut forgotten) = (Vec::new(), Vec::new());
    for (place, slot) in &last.slots {
        match slot {
            None => forgotten.push(*place),
            Some(slot) => kept.push((*place, *slot, body(slot)?)),
        }
    }
    let (mut started, mut stopped) = (Vec::new(), Vec::new());
    for (place, timer) in &last.timers {
        match timer {
            None => stopped.push(*place),
            Some(timer) => started.push((*place, *timer)),
        }
    }
    keep(connection, &kept).await?;
    forget(connection, &forgotten).await?;
    start(connection, &started).await?;
    stop(connection, &stopped).await
}

/// Where a slot is, and where a timer is.
type SlotPlace<'b> = (i64, &'b SlotKey);
type TimerPlace<'b> = (i64, &'b PluginName, &'b str);

async fn keep(connection: &mut SqliteConnection, kept: &[(SlotPlace<'_>, &Slot, Vec<u8>)]) -> Result<(), StoreError> {
    for kept in kept.chunks(ROWS_MAX) {
        let mut sql = QueryBuilder::new(
            "INSERT INTO slots (group_id, owner, space, name, weight_bytes, expires_at_ms, body) SELECT * FROM ",
        );
        push_table(&mut sql, kept, |mut cells, row| {
            push_slot_place(&mut cells, row.map(|(place, ..)| place));
            cells
                .push_bind(row.map(|((_, key), slot, _)| integer(slot.weight_bytes(&key.name))))
                .push_bind(row.and_then(|(_, slot, _)| slot.expires_at()).map(|at| integer(at.ms())))
                .push_bind(row.map(|(.., body)| body));
        });
        sql.push(
            " WHERE column1 IS NOT NULL ON CONFLICT (group_id, owner, space, name) DO UPDATE SET \
             weight_bytes = excluded.weight_bytes, expires_at_ms = excluded.expires_at_ms, body = excluded.body",
        );
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

async fn forget(connection: &mut SqliteConnection, forgotten: &[SlotPlace<'_>]) -> Result<(), StoreError> {
    for forgotten in forgotten.chunks(ROWS_MAX) {
        let mut sql = QueryBuilder::new("DELETE FROM slots WHERE (group_id, owner, space, name) IN ");
        push_table(&mut sql, forgotten, |mut cells, place| push_slot_place(&mut cells, place));
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

async fn start(connection: &mut SqliteConnection, started: &[(TimerPlace<'_>, &Timer)]) -> Result<(), StoreError> {
    for started in started.chunks(ROWS_MAX) {
        let mut sql = QueryBuilder::new(
            "INSERT INTO timers (group_id, plugin, name, due_ms, started, note, member) SELECT * FROM ",
        );
        push_table(&mut sql, started, |mut cells, row| {
            push_timer_place(&mut cells, row.map(|(place, _)| place));
            cells
                .push_bind(row.map(|(_, timer)| integer(timer.due.ms())))
                .push_bind(row.map(|(_, timer)| integer(timer.started)))
                .push_bind(row.map(|(_, timer)| &*timer.note))
                .push_bind(row.and_then(|(_, timer)| timer.member.as_ref()).map(MemberId::as_str));
        });
        sql.push(
            " WHERE column1 IS NOT NULL ON CONFLICT (group_id, plugin, name) \
             DO UPDATE SET due_ms = excluded.due_ms, started = excluded.started, note = excluded.note, \
             member = excluded.member",
        );
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

async fn stop(connection: &mut SqliteConnection, stopped: &[TimerPlace<'_>]) -> Result<(), StoreError> {
    for stopped in stopped.chunks(ROWS_MAX) {
        let mut sql = QueryBuilder::new("DELETE FROM timers WHERE (group_id, plugin, name) IN ");
        push_table(&mut sql, stopped, |mut cells, place| push_timer_place(&mut cells, place));
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

fn push_slot_place(cells: &mut Cells<'_>, place: Option<&SlotPlace<'_>>) {
    cells
        .push_bind(place.map(|(group, _)| group))
        .push_bind(place.map(|(_, key)| owner(key)))
        .push_bind(place.map(|(_, key)| space(key.space)))
        .push_bind(place.map(|(_, key)| &*key.name));
}

fn push_timer_place(cells: &mut Cells<'_>, place: Option<&TimerPlace<'_>>) {
    cells
        .push_bind(place.map(|(group, ..)| group))
        .push_bind(place.map(|(_, plugin, _)| plugin.as_str()))
        .push_bind(place.map(|(.., name)| *name));
}

pub(super) async fn slots(
    readers: &SqlitePool,
    group: &GroupKey,
    keys: &[SlotKey],
) -> Result<Vec<Option<Slot>>, StoreError> {
    let asked: Vec<_> = keys.iter().map(|key| (owner(key), space(key.space), &*key.name)).collect();
    let found: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT asked.key, s.body FROM groups AS g CROSS JOIN json_each(?) AS asked CROSS JOIN slots AS s \
         ON s.group_id = g.id AND s.owner = asked.value ->> 0 AND s.space = asked.value ->> 1 \
         AND s.name = asked.value ->> 2 WHERE g.brand = ? AND g.name = ?",
    )
    .bind(Json(asked))
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .fetch_all(readers)
    .await?;
    let mut found: HashMap<i64, Vec<u8>> = found.into_iter().collect();
    (0..).take(keys.len()).map(|key| found.remove(&key).map(|body| read(&body)).transpose()).collect()
}

pub(super) async fn usage(
    readers: &SqlitePool,
    group: &GroupKey,
    plugin: &PluginName,
    at: Timestamp,
) -> Result<Usage, StoreError> {
    let (entries, bytes): (i64, i64) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(s.weight_bytes), 0) FROM groups AS g CROSS JOIN slots AS s \
         ON s.group_id = g.id AND s.owner = ? WHERE g.brand = ? AND g.name = ? \
         AND (s.expires_at_ms IS NULL OR s.expires_at_ms > ?)",
    )
    .bind(plugin.as_str())
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .bind(integer(at.ms()))
    .fetch_one(readers)
    .await?;
    Ok(Usage { entries: count(entries, "slots.count")?, bytes: count(bytes, "slots.weight_bytes")? })
}

pub(super) async fn forget_expired(connection: &mut SqliteConnection, limit: u32) -> Result<u64, StoreError> {
    let forgotten = sqlx::query(
        "DELETE FROM slots WHERE (group_id, owner, space, name) IN \
         (SELECT s.group_id, s.owner, s.space, s.name FROM slots AS s JOIN groups AS g ON g.id = s.group_id \
         WHERE s.expires_at_ms IS NOT NULL AND s.expires_at_ms <= g.at_ms ORDER BY s.expires_at_ms LIMIT ?)",
    )
    .bind(limit)
    .execute(connection)
    .await?;
    Ok(forgotten.rows_affected())
}

pub(super) async fn timers(readers: &SqlitePool, group: &GroupKey) -> Result<Vec<Timer>, StoreError> {
    let rows: Vec<TimerRow<String>> = sqlx::query_as(
        "SELECT t.plugin, t.name, t.due_ms, t.started, t.note, t.member FROM groups AS g CROSS JOIN timers AS t \
         ON t.group_id = g.id WHERE g.brand = ? AND g.name = ? ORDER BY t.due_ms, t.started, t.plugin, t.name",
    )
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .fetch_all(readers)
    .await?;
    rows.into_iter().map(|row| row.timer(Ok)).collect()
}

pub(super) async fn groups_due(readers: &SqlitePool, until: Timestamp, limit: u32) -> Result<GroupsDue, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT g.brand, g.name FROM (SELECT group_id, due_ms FROM timers WHERE due_ms <= ? ORDER BY due_ms LIMIT ?) \
         AS t JOIN groups AS g ON g.id = t.group_id ORDER BY t.due_ms",
    )
    .bind(integer(until.ms()))
    .bind(limit)
    .fetch_all(readers)
    .await?;
    let next: Option<i64> = sqlx::query_scalar("SELECT min(due_ms) FROM timers WHERE due_ms > ?")
        .bind(integer(until.ms()))
        .fetch_one(readers)
        .await?;
    let mut due = GroupsDue::default();
    for (brand, name) in rows {
        let group = GroupKey { brand: text(&brand, "groups.brand")?, group: text(&name, "groups.name")? };
        if !due.groups.contains(&group) {
            due.groups.push(group);
        }
    }
    due.next = next.map(|at| moment(at, "timers.due_ms")).transpose()?;
    Ok(due)
}
