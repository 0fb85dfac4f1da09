//! A batch of commits as one transaction.
//!
//! Every statement is a trip to the connection's thread, so there are few, and their texts are few, so that each is
//! prepared once. Small columns travel as one JSON array; only the journal's rows, which are large, are bound one by one.

use super::memory;
use super::writer::begin;
use crate::StoreError;
use crate::columns::{count, decision_id, integer, verdict};
use crate::journal::judge::{Fate, Group, groups_of, judge};
use crate::journal::{Commit, Committed, JournalEntry};
use crate::rows::{ENTRY, EntryRow};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteConnection;
use sqlx::types::Json;
use std::collections::HashMap;
use usher_model::{GroupKey, MemberId};

/// Rows of one INSERT: a few fixed sizes, so that there are a few fixed statements.
const CHUNKS: [usize; 3] = [64, 8, 1];

/// Makes the batch durable. When this fails, nothing of it was written.
pub(super) async fn write(connection: &mut SqliteConnection, commits: &[Commit]) -> Result<Vec<Committed>, StoreError> {
    let mut transaction = begin(connection).await?;
    let (keys, places) = groups_of(commits);
    let mut groups = load_groups(&mut transaction, &keys).await?;
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
    write_heads(&mut transaction, &keys, &groups).await?;
    write_rows(&mut transaction, &rows).await?;
    write_findings(&mut transaction, &rows).await?;
    memory::write(&mut transaction, rows.iter().map(|row| (row.group_id, row.commit))).await?;
    transaction.commit().await?;
    Ok(committed)
}

/// A row of the journal to be.
struct Row<'b> {
    group_id: i64,
    sequence: u64,
    commit: &'b Commit,
}

/// The groups as they stand; new ones get the next keys, which they keep if one of their commits is written.
async fn load_groups(connection: &mut SqliteConnection, keys: &[&GroupKey]) -> Result<Vec<Group>, StoreError> {
    let asked: Vec<_> = keys.iter().map(|key| (key.brand.as_str(), key.group.as_str())).collect();
    let found: Vec<(i64, i64, i64, Option<Vec<u8>>)> = sqlx::query_as(
        "SELECT asked.key, g.id, g.sequence, g.decision_id FROM json_each(?) AS asked \
         CROSS JOIN groups AS g ON g.brand = asked.value ->> 0 AND g.name = asked.value ->> 1",
    )
    .bind(Json(asked))
    .fetch_all(&mut *connection)
    .await?;
    let mut next_id = if found.len() == keys.len() {
        0
    } else {
        sqlx::query_scalar("SELECT coalesce(max(id), 0) + 1 FROM groups").fetch_one(connection).await?
    };
    let mut found: HashMap<i64, _> =
        found.into_iter().map(|(key, id, sequence, decision)| (key, (id, sequence, decision))).collect();
    let mut groups = Vec::with_capacity(keys.len());
    for key in (0..).take(keys.len()) {
        let (id, sequence, decision) = found.remove(&key).unwrap_or_else(|| {
            next_id += 1;
            (next_id - 1, 0, None)
        });
        let decision = decision.map(|bytes| decision_id(&bytes, "groups.decision_id")).transpose()?;
        groups.push(Group { id, sequence: count(sequence, "groups.sequence")?, decision, moved_to: None });
    }
    Ok(groups)
}

/// The entries that stand for events of this batch, by the position of the commit.
async fn load_standing(
    connection: &mut SqliteConnection,
    commits: &[Commit],
    places: &[usize],
    groups: &[Group],
) -> Result<HashMap<usize, JournalEntry>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Standing {
        asked: i64,
        #[sqlx(flatten)]
        entry: EntryRow,
    }
    let asked: Vec<_> =
        commits.iter().zip(places).map(|(commit, &place)| (groups[place].id, commit.event_id.as_str())).collect();
    let found: Vec<Standing> = QueryBuilder::new(ENTRY)
        .push(", asked.key AS asked FROM json_each(")
        .push_bind(Json(asked))
        .push(
            ") AS asked CROSS JOIN journal AS j \
             ON j.group_id = asked.value ->> 0 AND j.event_id = asked.value ->> 1 \
             CROSS JOIN groups AS g ON g.id = j.group_id",
        )
        .build_query_as()
        .fetch_all(connection)
        .await?;
    let damaged = |_| StoreError::Damaged { what: "the position of a duplicate" };
    found.into_iter().map(|row| Ok((usize::try_from(row.asked).map_err(damaged)?, row.entry.try_into()?))).collect()
}

/// Swaps the heads of the groups that have moved.
async fn write_heads(
    connection: &mut SqliteConnection,
    keys: &[&GroupKey],
    groups: &[Group],
) -> Result<(), StoreError> {
    let moved = |(key, group): (&&GroupKey, &Group)| {
        let at = group.moved_to?;
        let decision = group.decision?.uuid().simple().to_string();
        Some((group.id, key.brand.to_string(), key.group.to_string(), group.sequence, at.ms(), decision))
    };
    let heads: Vec<_> = keys.iter().zip(groups).filter_map(moved).collect();
    if heads.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO groups (id, brand, name, sequence, at_ms, decision_id) \
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, unhex(value ->> 5) \
         FROM json_each(?) WHERE true ON CONFLICT (id) DO UPDATE \
         SET sequence = excluded.sequence, at_ms = excluded.at_ms, decision_id = excluded.decision_id",
    )
    .bind(Json(heads))
    .execute(connection)
    .await?;
    Ok(())
}

async fn write_rows(connection: &mut SqliteConnection, mut rows: &[Row<'_>]) -> Result<(), StoreError> {
    for size in CHUNKS {
        while let Some((chunk, rest)) = rows.split_at_checked(size) {
            insert(connection, chunk).await?;
            rows = rest;
        }
    }
    Ok(())
}

async fn insert(connection: &mut SqliteConnection, rows: &[Row<'_>]) -> Result<(), StoreError> {
    // OR ROLLBACK: what fails ends the whole batch. Otherwise SQLite keeps a copy of every page for undoing only this
    // statement, which doubles its price.
    let mut sql = QueryBuilder::<sqlx::Sqlite>::new(
        "INSERT OR ROLLBACK INTO journal (group_id, sequence, brand, decision_id, at_ms, verdict, actor, \
         event_id, event_digest, event, decision) ",
    );
    sql.push_values(rows, |mut values, Row { group_id, sequence, commit }| {
        values
            .push_bind(group_id)
            .push_bind(integer(*sequence))
            .push_bind(commit.group.brand.as_str())
            .push_bind(commit.decision_id.uuid().as_bytes().as_slice())
            .push_bind(integer(commit.at.ms()))
            .push_bind(verdict(commit.verdict))
            .push_bind(commit.actor.as_ref().map(MemberId::as_str))
            .push_bind(commit.event_id.as_str())
            .push_bind(commit.event_digest.as_bytes().as_slice())
            .push_bind(&*commit.event)
            .push_bind(&*commit.decision);
    });
    sql.build().execute(connection).await?;
    Ok(())
}

/// Notes which rules spoke. Most commits have nothing to note.
async fn write_findings(connection: &mut SqliteConnection, rows: &[Row<'_>]) -> Result<(), StoreError> {
    let mut findings = Vec::new();
    for Row { commit, .. } in rows {
        let (brand, id) = (commit.group.brand.as_str(), commit.decision_id.uuid().simple().to_string());
        for (plugin, rule) in &commit.rules {
            findings.push((brand, plugin.as_str(), rule.as_str(), id.clone()));
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    // A rule is noted by itself, as one of its plugin, and as one of its name: see the table. Several rules of one
    // plugin meet in the second, hence OR IGNORE.
    sqlx::query(
        "INSERT OR IGNORE INTO findings (brand, plugin, rule, decision_id) \
         SELECT value ->> 0, iif(blank.column1 = 1, '', value ->> 1), iif(blank.column1 = 2, '', value ->> 2), \
         unhex(value ->> 3) FROM json_each(?) CROSS JOIN (VALUES (0), (1), (2)) AS blank",
    )
    .bind(Json(findings))
    .execute(connection)
    .await?;
    Ok(())
}
