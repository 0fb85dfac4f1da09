//! Slots and timers.

use crate::StoreError;
use crate::columns::{count, integer, moment, text};
use crate::journal::{Commit, GroupsDue};
use crate::rows::TimerRow;
use crate::slot::{LastWrites, owner, read, space, write as body};
use sqlx::postgres::PgConnection;
use std::collections::HashMap;
use usher_model::{GroupKey, MemberId, PluginName, Slot, SlotKey, Timer, Timestamp, Usage};

/// What the written commits of a batch leave, by the key of their group. Most leave nothing.
pub(super) async fn write<'b>(
    connection: &mut PgConnection,
    written: impl Iterator<Item = (i64, &'b Commit)>,
) -> Result<(), StoreError> {
    let last = LastWrites::of(written);
    write_slots(connection, &last).await?;
    write_timers(connection, &last).await
}

async fn write_slots(connection: &mut PgConnection, last: &LastWrites<'_, i64>) -> Result<(), StoreError> {
    let (mut kept, mut forgotten) = (Places::default(), Places::default());
    let (mut weights, mut expiries, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for ((group, key), slot) in &last.slots {
        let Some(slot) = slot else {
            forgotten.push(*group, key);
            continue;
        };
        kept.push(*group, key);
        weights.push(integer(slot.weight_bytes(&key.name)));
        expiries.push(slot.expires_at().map(|at| integer(at.ms())));
        bodies.push(body(slot)?);
    }
    if !bodies.is_empty() {
        sqlx::query(
            "INSERT INTO slots (group_id, owner, space, name, weight_bytes, expires_at_ms, body) \
             SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bigint[], \
             $7::bytea[]) ON CONFLICT (group_id, owner, space, name) DO UPDATE \
             SET weight_bytes = excluded.weight_bytes, expires_at_ms = excluded.expires_at_ms, body = excluded.body",
        )
        .bind(kept.groups)
        .bind(kept.owners)
        .bind(kept.spaces)
        .bind(kept.names)
        .bind(weights)
        .bind(expiries)
        .bind(bodies)
        .execute(&mut *connection)
        .await?;
    }
    if !forgotten.groups.is_empty() {
        sqlx::query(
            "DELETE FROM slots AS s USING unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[]) \
             AS gone (group_id, owner, space, name) \
             WHERE s.group_id = gone.group_id AND s.owner = gone.owner AND s.space = gone.space AND s.name = gone.name",
        )
        .bind(forgotten.groups)
        .bind(forgotten.owners)
        .bind(forgotten.spaces)
        .bind(forgotten.names)
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Keys of slots, column by column.
#[derive(Default)]
struct Places<'b> {
    groups: Vec<i64>,
    owners: Vec<&'b str>,
    spaces: Vec<i64>,
    names: Vec<&'b [u8]>,
}

impl<'b> Places<'b> {
    fn push(&mut self, group: i64, key: &'b SlotKey) {
        self.groups.push(group);
        self.owners.push(owner(key));
        self.spaces.push(space(key.space));
        self.names.push(key.name.as_bytes());
    }
}

async fn write_timers(connection: &mut PgConnection, last: &LastWrites<'_, i64>) -> Result<(), StoreError> {
    let (mut groups, mut plugins, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let (mut due, mut started, mut notes, mut members) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut gone = (Vec::new(), Vec::new(), Vec::new());
    for ((group, plugin, name), timer) in &last.timers {
        let Some(timer) = timer else {
            gone.0.push(*group);
            gone.1.push(plugin.as_str());
            gone.2.push(*name);
            continue;
        };
        groups.push(*group);
        plugins.push(plugin.as_str());
        names.push(*name);
        due.push(integer(timer.due.ms()));
        started.push(integer(timer.started));
        notes.push(timer.note.as_bytes());
        members.push(timer.member.as_ref().map(MemberId::as_str));
    }
    if !groups.is_empty() {
        sqlx::query(
            "INSERT INTO timers (group_id, plugin, name, due_ms, started, note, member) \
             SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bytea[], \
             $7::text[]) ON CONFLICT (group_id, plugin, name) DO UPDATE SET due_ms = excluded.due_ms, \
             started = excluded.started, note = excluded.note, member = excluded.member",
        )
        .bind(groups)
        .bind(plugins)
        .bind(names)
        .bind(due)
        .bind(started)
        .bind(notes)
        .bind(members)
        .execute(&mut *connection)
        .await?;
    }
    if !gone.0.is_empty() {
        sqlx::query(
            "DELETE FROM timers AS t USING unnest($1::bigint[], $2::text[], $3::text[]) \
             AS gone (group_id, plugin, name) \
             WHERE t.group_id = gone.group_id AND t.plugin = gone.plugin AND t.name = gone.name",
        )
        .bind(gone.0)
        .bind(gone.1)
        .bind(gone.2)
        .execute(connection)
        .await?;
    }
    Ok(())
}

pub(super) async fn slots(
    connection: &mut PgConnection,
    group: &GroupKey,
    keys: &[SlotKey],
) -> Result<Vec<Option<Slot>>, StoreError> {
    let found: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT asked.place, s.body FROM groups AS g \
         CROSS JOIN unnest($1::text[], $2::bigint[], $3::bytea[]) WITH ORDINALITY AS asked (owner, space, name, place) \
         JOIN slots AS s ON s.group_id = g.id AND s.owner = asked.owner AND s.space = asked.space \
         AND s.name = asked.name WHERE g.brand = $4 AND g.name = $5",
    )
    .bind(keys.iter().map(owner).collect::<Vec<_>>())
    .bind(keys.iter().map(|key| space(key.space)).collect::<Vec<_>>())
    .bind(keys.iter().map(|key| key.name.as_bytes()).collect::<Vec<_>>())
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .fetch_all(connection)
    .await?;
    let mut found: HashMap<i64, Vec<u8>> = found.into_iter().collect();
    (1..).take(keys.len()).map(|place| found.remove(&place).map(|body| read(&body)).transpose()).collect()
}

pub(super) async fn usage(
    connection: &mut PgConnection,
    group: &GroupKey,
    plugin: &PluginName,
    at: Timestamp,
) -> Result<Usage, StoreError> {
    let (entries, bytes): (i64, i64) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(s.weight_bytes), 0)::bigint FROM groups AS g JOIN slots AS s \
         ON s.group_id = g.id AND s.owner = $1 WHERE g.brand = $2 AND g.name = $3 \
         AND (s.expires_at_ms IS NULL OR s.expires_at_ms > $4)",
    )
    .bind(plugin.as_str())
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .bind(integer(at.ms()))
    .fetch_one(connection)
    .await?;
    Ok(Usage { entries: count(entries, "slots.count")?, bytes: count(bytes, "slots.weight_bytes")? })
}

/// Slots that another host is writing or forgetting are left to it: nobody waits in a circle.
pub(super) async fn forget_expired(connection: &mut PgConnection, limit: u32) -> Result<u64, StoreError> {
    let forgotten = sqlx::query(
        "DELETE FROM slots WHERE (group_id, owner, space, name) IN \
         (SELECT s.group_id, s.owner, s.space, s.name FROM slots AS s JOIN groups AS g ON g.id = s.group_id \
         WHERE s.expires_at_ms IS NOT NULL AND s.expires_at_ms <= g.at_ms ORDER BY s.expires_at_ms LIMIT $1 \
         FOR UPDATE OF s SKIP LOCKED)",
    )
    .bind(i64::from(limit))
    .execute(connection)
    .await?;
    Ok(forgotten.rows_affected())
}

pub(super) async fn timers(connection: &mut PgConnection, group: &GroupKey) -> Result<Vec<Timer>, StoreError> {
    let rows: Vec<TimerRow<Vec<u8>>> = sqlx::query_as(
        "SELECT t.plugin, t.name, t.due_ms, t.started, t.note, t.member FROM groups AS g JOIN timers AS t \
         ON t.group_id = g.id WHERE g.brand = $1 AND g.name = $2 ORDER BY t.due_ms, t.started, t.plugin, t.name",
    )
    .bind(group.brand.as_str())
    .bind(group.group.as_str())
    .fetch_all(connection)
    .await?;
    let note = |bytes| String::from_utf8(bytes).map_err(|_| StoreError::Damaged { what: "timers.note" });
    rows.into_iter().map(|row| row.timer(note)).collect()
}

pub(super) async fn groups_due(
    connection: &mut PgConnection,
    until: Timestamp,
    limit: u32,
) -> Result<GroupsDue, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT g.brand, g.name FROM (SELECT group_id, due_ms FROM timers WHERE due_ms <= $1 ORDER BY due_ms LIMIT $2) \
         AS t JOIN groups AS g ON g.id = t.group_id ORDER BY t.due_ms",
    )
    .bind(integer(until.ms()))
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await?;
    let next: Option<i64> = sqlx::query_scalar("SELECT min(due_ms) FROM timers WHERE due_ms > $1")
        .bind(integer(until.ms()))
        .fetch_one(connection)
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
