//! Slots and timers.

use crate::StoreError;
use crate::columns::{count, integer, moment, text};
use crate::journal::{Commit, GroupsDue};
use crate::rows::TimerRow;
use crate::slot::{LastWrites, owner, read, space, write as body};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use std::collections::HashMap;
use usher_model::{GroupKey, PluginName, Slot, SlotKey, Timer, Timestamp, Usage};

/// What the written commits of a batch leave, by the key of their group. Most leave nothing.
pub(super) async fn write<'b>(
    connection: &mut SqliteConnection,
    written: impl Iterator<Item = (i64, &'b Commit)>,
) -> Result<(), StoreError> {
    let last = LastWrites::of(written);
    let (mut kept, mut forgotten) = (Vec::new(), Vec::new());
    for ((group, key), slot) in &last.slots {
        let place = (*group, owner(key), space(key.space), &*key.name);
        match slot {
            None => forgotten.push(place),
            Some(slot) => {
                let expires = slot.expires_at().map(Timestamp::ms);
                kept.push((place, slot.weight_bytes(&key.name), expires, hex(&body(slot)?)));
            }
        }
    }
    let (mut started, mut gone) = (Vec::new(), Vec::new());
    for ((group, plugin, name), timer) in &last.timers {
        match timer {
            None => gone.push((*group, plugin.as_str(), *name)),
            Some(timer) => {
                started.push((*group, plugin.as_str(), *name, timer.due.ms(), timer.started, &*timer.note));
            }
        }
    }
    run(connection, !kept.is_empty(), KEEP, kept).await?;
    run(connection, !forgotten.is_empty(), FORGET, forgotten).await?;
    run(connection, !started.is_empty(), START, started).await?;
    run(connection, !gone.is_empty(), STOP, gone).await
}

const KEEP: &str = "INSERT INTO slots (group_id, owner, space, name, weight_bytes, expires_at_ms, body) \
     SELECT value ->> '$[0][0]', value ->> '$[0][1]', value ->> '$[0][2]', value ->> '$[0][3]', \
     value ->> 1, value ->> 2, unhex(value ->> 3) FROM json_each(?) WHERE true \
     ON CONFLICT (group_id, owner, space, name) DO UPDATE SET weight_bytes = excluded.weight_bytes, \
     expires_at_ms = excluded.expires_at_ms, body = excluded.body";

const FORGET: &str = "DELETE FROM slots WHERE (group_id, owner, space, name) IN \
     (SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?))";

const START: &str = "INSERT INTO timers (group_id, plugin, name, due_ms, started, note) \
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?) \
     WHERE true ON CONFLICT (group_id, plugin, name) \
     DO UPDATE SET due_ms = excluded.due_ms, started = excluded.started, note = excluded.note";

const STOP: &str = "DELETE FROM timers WHERE (group_id, plugin, name) IN \
     (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))";

async fn run<T: serde::Serialize + Send + Sync>(
    connection: &mut SqliteConnection,
    needed: bool,
    sql: &'static str,
    rows: Vec<T>,
) -> Result<(), StoreError> {
    if needed {
        let rows = serde_json::to_string(&rows).map_err(|_| StoreError::Damaged { what: "memory to be written" })?;
        sqlx::query(sql).bind(rows).execute(connection).await?;
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // a string takes whatever is written
        hex
    })
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
        "SELECT t.plugin, t.name, t.due_ms, t.started, t.note FROM groups AS g CROSS JOIN timers AS t \
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
