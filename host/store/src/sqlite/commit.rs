//! A batch of commits as one transaction.
//!
//! Every statement is a trip to the connection's thread, so there are few, and their texts are few, so that each is
//! prepared once.

use super::table::{ROWS_MAX, push_table};
use super::writer::begin;
use super::{activity, contents, memory, outbox, tallies};
use crate::StoreError;
use crate::columns::{count, decision_id, integer, verdict};
use crate::journal::judge::{Fate, Group, groups_of, judge};
use crate::journal::{Commit, Committed, JournalEntry};
use crate::rows::{ENTRY, EntryRow};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteConnection;
use std::collections::{BTreeSet, HashMap};
use usher_model::{GroupKey, MemberId};

/// Rows of one INSERT: a few fixed sizes, so that there are a few fixed statements, and few of them for any number of rows.
const CHUNKS: [usize; 7] = [64, 32, 16, 8, 4, 2, 1];

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
    tallies::write(&mut transaction, rows.iter().map(|row| row.commit)).await?;
    activity::write(&mut transaction, rows.iter().map(|row| (row.group_id, row.commit))).await?;
    contents::write(&mut transaction, rows.iter().map(|row| row.commit)).await?;
    outbox::write(&mut transaction, rows.iter().map(|row| row.commit)).await?;
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
    let asked: Vec<_> = (0_i64..).zip(keys).collect();
    let mut found: HashMap<i64, (i64, i64, Option<Vec<u8>>)> = HashMap::with_capacity(keys.len());
    for asked in asked.chunks(ROWS_MAX) {
        let mut sql = QueryBuilder::new("SELECT asked.column1, g.id, g.sequence, g.decision_id FROM ");
        push_table(&mut sql, asked, |mut cells, row| {
            cells
                .push_bind(row.map(|row| row.0))
                .push_bind(row.map(|row| row.1.brand.as_str()))
                .push_bind(row.map(|row| row.1.group.as_str()));
        });
        sql.push(" AS asked CROSS JOIN groups AS g ON g.brand = asked.column2 AND g.name = asked.column3");
        let rows: Vec<(i64, i64, i64, Option<Vec<u8>>)> = sql.build_query_as().fetch_all(&mut *connection).await?;
        found.extend(rows.into_iter().map(|(key, id, sequence, decision)| (key, (id, sequence, decision))));
    }
    let mut next_id = if found.len() == keys.len() {
        0
    } else {
        sqlx::query_scalar("SELECT coalesce(max(id), 0) + 1 FROM groups").fetch_one(connection).await?
    };
    let mut groups = Vec::with_capacity(keys.len());
    for key in (0..).take(keys.len()) {
        let (id, sequence, decision) = found.remove(&key).unwrap_or_else(|| {
            next_id += 1;
            (next_id - 1, 0, None)
        });
        let decision = decision.map(|bytes| decision_id(&bytes, "groups.decision_id")).transpose()?;
        groups.push(Group { id, sequence: count(sequence, "groups.sequence")?, decision, turn: None, moved_to: None });
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
    let asked: Vec<_> = (0_i64..).zip(commits).zip(places).collect();
    let mut standing = HashMap::new();
    for asked in asked.chunks(ROWS_MAX) {
        let mut sql = QueryBuilder::new(ENTRY);
        sql.push(", asked.column1 AS asked FROM ");
        push_table(&mut sql, asked, |mut cells, row| {
            cells
                .push_bind(row.map(|((number, _), _)| number))
                .push_bind(row.map(|(_, place)| groups[**place].id))
                .push_bind(row.map(|((_, commit), _)| commit.event_id.as_str()));
        });
        sql.push(
            " AS asked CROSS JOIN journal AS j ON j.group_id = asked.column2 AND j.event_id = asked.column3 \
             CROSS JOIN groups AS g ON g.id = j.group_id",
        );
        let rows: Vec<Standing> = sql.build_query_as().fetch_all(&mut *connection).await?;
        for Standing { asked, entry } in rows {
            let damaged = |_| StoreError::Damaged { what: "the position of a duplicate" };
            standing.insert(usize::try_from(asked).map_err(damaged)?, entry.try_into()?);
        }
    }
    Ok(standing)
}

/// Swaps the heads of the groups that have moved.
async fn write_heads(
    connection: &mut SqliteConnection,
    keys: &[&GroupKey],
    groups: &[Group],
) -> Result<(), StoreError> {
    let mut heads = Vec::with_capacity(keys.len());
    for (key, group) in keys.iter().zip(groups) {
        if let (Some(at), Some(decision)) = (group.moved_to, group.decision) {
            heads.push((
                group.id,
                *key,
                integer(group.sequence),
                integer(at.ms()),
                decision.uuid().into_bytes().to_vec(),
            ));
        }
    }
    for heads in heads.chunks(ROWS_MAX) {
        let mut sql =
            QueryBuilder::new("INSERT INTO groups (id, brand, name, sequence, at_ms, decision_id) SELECT * FROM ");
        push_table(&mut sql, heads, |mut cells, head| {
            cells
                .push_bind(head.map(|(id, ..)| id))
                .push_bind(head.map(|(_, key, ..)| key.brand.as_str()))
                .push_bind(head.map(|(_, key, ..)| key.group.as_str()))
                .push_bind(head.map(|(_, _, sequence, ..)| sequence))
                .push_bind(head.map(|(.., at, _)| at))
                .push_bind(head.map(|(.., decision)| decision));
        });
        sql.push(
            " WHERE column1 IS NOT NULL ON CONFLICT (id) DO UPDATE \
             SET sequence = excluded.sequence, at_ms = excluded.at_ms, decision_id = excluded.decision_id",
        );
        sql.build().execute(&mut *connection).await?;
    }
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
    // A rule is noted by itself, as one of its plugin, and as one of its name: see the table. Several rules of one plugin
    // meet in the second. In the table's order, so that what lies together is written together.
    let mut findings = BTreeSet::new();
    for Row { commit, .. } in rows {
        let (brand, id) = (commit.group.brand.as_str(), commit.decision_id.uuid().into_bytes());
        for (plugin, rule) in &commit.rules {
            let (plugin, rule) = (plugin.as_str(), rule.as_str());
            findings.extend([(plugin, rule), (plugin, ""), ("", rule)].map(|(plugin, rule)| (brand, plugin, rule, id)));
        }
    }
    for findings in findings.into_iter().collect::<Vec<_>>().chunks(ROWS_MAX) {
        let mut sql =
            QueryBuilder::new("INSERT OR ROLLBACK INTO findings (brand, plugin, rule, decision_id) SELECT * FROM ");
        push_table(&mut sql, findings, |mut cells, row| {
            cells
                .push_bind(row.map(|(brand, ..)| *brand))
                .push_bind(row.map(|(_, plugin, ..)| *plugin))
                .push_bind(row.map(|(_, _, rule, _)| *rule))
                .push_bind(row.map(|(.., id)| id.as_slice()));
        });
        sql.push(" WHERE column1 IS NOT NULL");
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}
