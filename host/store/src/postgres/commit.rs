//! A batch of commits as one transaction, in a few statements over arrays: a statement costs a trip to the server.
//!
//! Other hosts commit at the same time. Whoever commits to a group holds its row until the end, and all lock in the
//! same order, so that nobody waits in a circle. What the batch reads under those locks stays true until it commits.

use super::{activity, contents, memory, outbox, tallies};
use crate::StoreError;
use crate::columns::{count, decision_id, integer, verdict};
use crate::journal::judge::{Fate, Group, groups_of, judge};
use crate::journal::{Commit, Committed, JournalEntry, Turn};
use crate::rows::{ENTRY, EntryRow};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, QueryBuilder};
use std::collections::HashMap;
use usher_model::{GroupKey, MemberId};
use uuid::Uuid;

/// Bytes of events and decisions that travel in one statement, about.
const CHUNK_BYTES: usize = 4 << 20;

/// Makes the batch durable. When this fails, nothing of it was written, unless the connection was lost at the very end:
/// then nobody knows.
pub(super) async fn write(connection: &mut PgConnection, commits: &[Commit]) -> Result<Vec<Committed>, StoreError> {
    let (keys, places) = groups_of(commits);
    loop {
        let mut transaction = connection.begin().await?;
        let found = lock_groups(&mut transaction, &keys).await?;
        let Some(mut groups) = all(found) else {
            // Made in a transaction of its own: one that holds locks must not wait for names that others are making.
            transaction.rollback().await?;
            make_groups(connection, &keys).await?;
            continue;
        };
        let standing = load_standing(&mut transaction, commits, &places, &groups).await?;
        let fates = judge(commits, &places, &mut groups, standing);

        let mut committed = Vec::with_capacity(commits.len());
        let mut rows = Vec::with_capacity(commits.len());
        for ((commit, place), fate) in commits.iter().zip(places).zip(fates) {
            committed.push(match fate {
                Fate::Insert { sequence } => {
                    rows.push(Row { group_id: groups[place].id, sequence, commit });
                    Committed::Done
                }
                Fate::Duplicate(entry) => Committed::Duplicate(entry),
                Fate::Raced => Committed::Raced,
            });
        }
        write_heads(&mut transaction, &groups).await?;
        write_rows(&mut transaction, &rows).await?;
        write_findings(&mut transaction, &rows).await?;
        memory::write(&mut transaction, rows.iter().map(|row| (row.group_id, row.commit))).await?;
        tallies::write(&mut transaction, rows.iter().map(|row| row.commit)).await?;
        activity::write(&mut transaction, rows.iter().map(|row| (row.group_id, row.commit))).await?;
        contents::write(&mut transaction, rows.iter().map(|row| row.commit)).await?;
        outbox::write(&mut transaction, rows.iter().map(|row| row.commit)).await?;
        transaction.commit().await?;
        return Ok(committed);
    }
}

/// A row of the journal to be.
struct Row<'b> {
    group_id: i64,
    sequence: u64,
    commit: &'b Commit,
}

fn all(groups: Vec<Option<Group>>) -> Option<Vec<Group>> {
    groups.into_iter().collect()
}

fn names<'k>(keys: &[&'k GroupKey]) -> (Vec<&'k str>, Vec<&'k str>) {
    keys.iter().map(|key| (key.brand.as_str(), key.group.as_str())).unzip()
}

/// The place of the question, then the key, the sequence number, the last decision and whose turn it is.
type LockedRow = (i64, i64, i64, Option<Vec<u8>>, Option<Vec<u8>>);

/// The groups as they stand, locked until the end of the transaction; none for those that are not there yet.
async fn lock_groups(connection: &mut PgConnection, keys: &[&GroupKey]) -> Result<Vec<Option<Group>>, StoreError> {
    let (brands, groups) = names(keys);
    let found: Vec<LockedRow> = sqlx::query_as(
        "SELECT asked.place, g.id, g.sequence, g.decision_id, \
         CASE WHEN g.turn_until > clock_timestamp() THEN g.turn END \
         FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (brand, name, place) \
         JOIN groups AS g ON g.brand = asked.brand AND g.name = asked.name \
         ORDER BY g.id FOR NO KEY UPDATE OF g",
    )
    .bind(brands)
    .bind(groups)
    .fetch_all(connection)
    .await?;
    let mut groups: Vec<Option<Group>> = keys.iter().map(|_| None).collect();
    for (place, id, sequence, decision, turn) in found {
        let decision = decision.map(|bytes| decision_id(&bytes, "groups.decision_id")).transpose()?;
        let turn = turn.map(|bytes| Uuid::from_slice(&bytes).map(Turn)).transpose();
        let turn = turn.map_err(|_| StoreError::Damaged { what: "groups.turn" })?;
        let group = Group { id, sequence: count(sequence, "groups.sequence")?, decision, turn, moved_to: None };
        *at(&mut groups, place)? = Some(group);
    }
    Ok(groups)
}

/// What a place of `WITH ORDINALITY`, which counts from 1, stands for.
fn at<T>(all: &mut [T], place: i64) -> Result<&mut T, StoreError> {
    let index = usize::try_from(place - 1).ok();
    index.and_then(|index| all.get_mut(index)).ok_or(StoreError::Damaged { what: "a place in a batch" })
}

/// Makes those groups that are not there, at their beginning. In the order of their names, as other hosts do.
async fn make_groups(connection: &mut PgConnection, keys: &[&GroupKey]) -> Result<(), StoreError> {
    let (brands, groups) = names(keys);
    sqlx::query(
        "INSERT INTO groups (brand, name, sequence, at_ms) \
         SELECT asked.brand, asked.name, 0, 0 FROM unnest($1::text[], $2::text[]) AS asked (brand, name) \
         WHERE NOT EXISTS (SELECT 1 FROM groups AS g WHERE g.brand = asked.brand AND g.name = asked.name) \
         ORDER BY asked.brand COLLATE \"C\", asked.name COLLATE \"C\" \
         ON CONFLICT (brand, name) DO NOTHING",
    )
    .bind(brands)
    .bind(groups)
    .execute(connection)
    .await?;
    Ok(())
}

/// The entries that stand for events of this batch, by the position of the commit.
async fn load_standing(
    connection: &mut PgConnection,
    commits: &[Commit],
    places: &[usize],
    groups: &[Group],
) -> Result<HashMap<usize, JournalEntry>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Standing {
        place: i64,
        #[sqlx(flatten)]
        entry: EntryRow,
    }
    let (ids, events): (Vec<i64>, Vec<&str>) =
        commits.iter().zip(places).map(|(commit, &place)| (groups[place].id, commit.event_id.as_str())).unzip();
    let found: Vec<Standing> = QueryBuilder::new(ENTRY)
        .push(", asked.place FROM unnest(")
        .push_bind(ids)
        .push("::bigint[], ")
        .push_bind(events)
        .push(
            "::text[]) WITH ORDINALITY AS asked (group_id, event_id, place) \
             JOIN journal AS j ON j.event_id = asked.event_id AND j.group_id = asked.group_id \
             JOIN groups AS g ON g.id = j.group_id",
        )
        .build_query_as()
        .fetch_all(connection)
        .await?;
    let damaged = |_| StoreError::Damaged { what: "the position of a duplicate" };
    found.into_iter().map(|row| Ok((usize::try_from(row.place - 1).map_err(damaged)?, row.entry.try_into()?))).collect()
}

/// Swaps the heads of the groups that have moved.
async fn write_heads(connection: &mut PgConnection, groups: &[Group]) -> Result<(), StoreError> {
    let (mut ids, mut sequences, mut moments, mut decisions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for group in groups {
        if let (Some(at), Some(decision)) = (group.moved_to, group.decision) {
            ids.push(group.id);
            sequences.push(integer(group.sequence));
            moments.push(integer(at.ms()));
            decisions.push(decision.uuid().into_bytes().to_vec());
        }
    }
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE groups AS g SET sequence = moved.sequence, at_ms = moved.at_ms, decision_id = moved.decision_id, \
         turn = NULL, turn_until = NULL \
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) AS moved (id, sequence, at_ms, decision_id) \
         WHERE g.id = moved.id",
    )
    .bind(ids)
    .bind(sequences)
    .bind(moments)
    .bind(decisions)
    .execute(connection)
    .await?;
    Ok(())
}

async fn write_rows(connection: &mut PgConnection, rows: &[Row<'_>]) -> Result<(), StoreError> {
    let mut rest = rows;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |row: &&Row<'_>| {
            let first = bytes == 0;
            bytes += row.commit.event.len() + row.commit.decision.len();
            first || bytes <= CHUNK_BYTES
        };
        let (chunk, later) = rest.split_at(rest.iter().take_while(fits).count());
        insert(connection, chunk).await?;
        rest = later;
    }
    Ok(())
}

async fn insert(connection: &mut PgConnection, rows: &[Row<'_>]) -> Result<(), StoreError> {
    fn column<'b, T>(rows: &[Row<'b>], value: impl Fn(&'b Commit) -> T) -> Vec<T> {
        rows.iter().map(|row| value(row.commit)).collect()
    }
    sqlx::query(
        "INSERT INTO journal (group_id, sequence, at_ms, verdict, brand, decision_id, actor, event_id, event_digest, \
         event, decision) \
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bytea[], \
         $7::text[], $8::text[], $9::bytea[], $10::text[], $11::text[])",
    )
    .bind(rows.iter().map(|row| row.group_id).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| integer(row.sequence)).collect::<Vec<_>>())
    .bind(column(rows, |commit| integer(commit.at.ms())))
    .bind(column(rows, |commit| verdict(commit.verdict)))
    .bind(column(rows, |commit| commit.group.brand.as_str()))
    .bind(column(rows, |commit| commit.decision_id.uuid().into_bytes().to_vec()))
    .bind(column(rows, |commit| commit.actor.as_ref().map(MemberId::as_str)))
    .bind(column(rows, |commit| commit.event_id.as_str()))
    .bind(column(rows, |commit| commit.event_digest.as_bytes().as_slice()))
    .bind(column(rows, |commit| &*commit.event))
    .bind(column(rows, |commit| &*commit.decision))
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes which rules spoke. Most commits have nothing to note.
async fn write_findings(connection: &mut PgConnection, rows: &[Row<'_>]) -> Result<(), StoreError> {
    let (mut brands, mut plugins, mut rules, mut ids) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for Row { commit, .. } in rows {
        for (plugin, rule) in &commit.rules {
            brands.push(commit.group.brand.as_str());
            plugins.push(plugin.as_str());
            rules.push(rule.as_str());
            ids.push(commit.decision_id.uuid().into_bytes().to_vec());
        }
    }
    if brands.is_empty() {
        return Ok(());
    }
    // A rule is noted by itself, as one of its plugin, and as one of its name: see the table. Several rules of one
    // plugin meet in the second, hence DO NOTHING.
    sqlx::query(
        "INSERT INTO findings (brand, plugin, rule, decision_id) \
         SELECT f.brand, CASE blank.n WHEN 1 THEN '' ELSE f.plugin END, CASE blank.n WHEN 2 THEN '' ELSE f.rule END, f.id \
         FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) AS f (brand, plugin, rule, id) \
         CROSS JOIN (VALUES (0), (1), (2)) AS blank (n) ON CONFLICT DO NOTHING",
    )
    .bind(brands)
    .bind(plugins)
    .bind(rules)
    .bind(ids)
    .execute(connection)
    .await?;
    Ok(())
}
