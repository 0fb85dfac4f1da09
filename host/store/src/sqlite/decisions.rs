//! Listing decisions, newest first, at a bounded price: see [`walk`](crate::journal::walk).

use crate::StoreError;
use crate::columns::{decision_id, integer, verdict};
use crate::journal::walk::{Walk, page_of};
use crate::journal::{DecisionPage, DecisionQuery, JournalEntry};
use crate::rows::{ENTRY, EntryRow};
use sqlx::QueryBuilder;
use sqlx::sqlite::SqlitePool;
use usher_model::{BrandId, DecisionId, GroupId};

type Sql = QueryBuilder<sqlx::Sqlite>;

pub(super) async fn page(
    readers: &SqlitePool,
    query: &DecisionQuery,
    scan_entries_max: u32,
) -> Result<DecisionPage, StoreError> {
    let walk = Walk::of(query);
    let floor = if walk.is_whole_answer(query) {
        None
    } else {
        let id: Option<Vec<u8>> =
            floor_sql(&walk, query, scan_entries_max).build_query_scalar().fetch_optional(readers).await?;
        id.map(|id| decision_id(&id, "journal.decision_id")).transpose()?
    };
    let rows: Vec<EntryRow> = page_sql(&walk, query, floor).build_query_as().fetch_all(readers).await?;
    let entries = rows.into_iter().map(JournalEntry::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(page_of(entries, query, floor))
}

/// What is walked. The index is named: a planner that guesses otherwise would read all to sort it.
fn table(walk: &Walk<'_>) -> &'static str {
    match walk {
        Walk::Rule { .. } => "findings AS w",
        Walk::Member(_) => "journal AS w INDEXED BY journal_by_member",
        Walk::Group(_) => "journal AS w INDEXED BY journal_by_sequence",
        Walk::Verdict(_) => "journal AS w INDEXED BY journal_by_verdict",
        Walk::Brand => "journal AS w INDEXED BY journal_by_decision",
    }
}

/// The journal's row of an entry of the walk.
fn join(walk: &Walk<'_>) -> &'static str {
    match walk {
        Walk::Rule { .. } => "j.brand = w.brand AND j.decision_id = w.decision_id",
        _ => "j.id = w.id",
    }
}

/// What the walk is in order of. A group has its own order, which its decision ids follow.
fn order(walk: &Walk<'_>) -> &'static str {
    if matches!(walk, Walk::Group(_)) { "w.sequence" } else { "w.decision_id" }
}

/// Where the walk is.
fn push_start(walk: &Walk<'_>, sql: &mut Sql, brand: &BrandId) {
    if let Walk::Group(group) = walk {
        sql.push("w.group_id = ");
        push_group(sql, brand, group);
        return;
    }
    sql.push("w.brand = ").push_bind(brand.as_str());
    match walk {
        Walk::Rule { plugin, rule } => {
            sql.push(" AND w.plugin = ").push_bind(*plugin).push(" AND w.rule = ").push_bind(*rule);
        }
        Walk::Member(member) => {
            sql.push(" AND w.actor = ").push_bind(member.as_str());
        }
        Walk::Verdict(grave) => {
            // The constant is what makes the partial index apply.
            sql.push(" AND w.verdict > 0 AND w.verdict = ").push_bind(verdict(*grave));
        }
        Walk::Group(_) | Walk::Brand => {}
    }
}

/// Where the walk begins or ends; `comparison` is `<` or `>=`.
fn push_bound(walk: &Walk<'_>, sql: &mut Sql, comparison: &str, brand: &BrandId, id: DecisionId) {
    sql.push(" AND ").push(order(walk)).push(comparison);
    let bytes = id.uuid().into_bytes().to_vec();
    if let Walk::Group(group) = walk {
        sql.push("(SELECT sequence FROM journal WHERE brand = ").push_bind(brand.as_str());
        sql.push(" AND decision_id = ").push_bind(bytes).push(" AND group_id = ");
        push_group(sql, brand, group);
        sql.push(")");
    } else {
        sql.push_bind(bytes);
    }
}

/// The end of a query: the walk from its newest entry, or from the end of the page before.
fn push_walk(walk: &Walk<'_>, sql: &mut Sql, query: &DecisionQuery) {
    sql.push(" WHERE ");
    push_start(walk, sql, &query.brand);
    if let Some(before) = query.before {
        push_bound(walk, sql, " < ", &query.brand, before);
    }
}

/// The key of a group.
fn push_group(sql: &mut Sql, brand: &BrandId, group: &GroupId) {
    sql.push("(SELECT id FROM groups WHERE brand = ").push_bind(brand.as_str());
    sql.push(" AND name = ").push_bind(group.as_str()).push(")");
}

/// The last entry that may be looked at; none when the walk ends before it.
fn floor_sql(walk: &Walk<'_>, query: &DecisionQuery, scan_entries_max: u32) -> Sql {
    let mut sql = Sql::new("SELECT w.decision_id FROM ");
    sql.push(table(walk));
    push_walk(walk, &mut sql, query);
    sql.push(" ORDER BY ").push(order(walk)).push(" DESC LIMIT 1 OFFSET ");
    sql.push_bind(i64::from(scan_entries_max.max(1)) - 1);
    sql
}

/// The page, and one entry more, to know whether another page follows.
fn page_sql(walk: &Walk<'_>, query: &DecisionQuery, floor: Option<DecisionId>) -> Sql {
    let mut sql = Sql::new(ENTRY);
    sql.push(" FROM ").push(table(walk)).push(" CROSS JOIN journal AS j ON ").push(join(walk));
    sql.push(" CROSS JOIN groups AS g ON g.id = j.group_id");
    push_walk(walk, &mut sql, query);
    if let Some(floor) = floor {
        push_bound(walk, &mut sql, " >= ", &query.brand, floor);
    }
    if let Some(asked) = query.verdict {
        sql.push(" AND j.verdict = ").push_bind(verdict(asked));
    }
    if let Some(group) = &query.group {
        sql.push(" AND g.name = ").push_bind(group.as_str());
    }
    if let Some(member) = &query.member {
        sql.push(" AND j.actor = ").push_bind(member.as_str());
    }
    if let Some(since) = query.since {
        sql.push(" AND j.at_ms >= ").push_bind(integer(since.ms()));
    }
    sql.push(" ORDER BY ").push(order(walk)).push(" DESC LIMIT ").push_bind(i64::from(query.limit) + 1);
    sql
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::sqlite::SqliteConnection;
    use sqlx::{AssertSqlSafe, Connection};
    use usher_model::{Timestamp, Verdict};

    /// Every combination of filters, as the bits of a number.
    fn queries() -> impl Iterator<Item = DecisionQuery> {
        (0..128_u32).flat_map(|bits| {
            let set = |bit: u32| bits & (1 << bit) != 0;
            [Verdict::Allow, Verdict::Hold].map(|verdict| DecisionQuery {
                brand: "acme".parse().unwrap(),
                group: set(0).then(|| "g".parse().unwrap()),
                verdict: set(1).then_some(verdict),
                plugin: set(2).then(|| "p".parse().unwrap()),
                rule: set(3).then(|| "r".to_owned()),
                member: set(4).then(|| "m".parse().unwrap()),
                since: set(5).then_some(Timestamp::EPOCH),
                before: set(6).then(|| DecisionId::new(uuid::Uuid::from_u128(9))),
                limit: 10,
            })
        })
    }

    #[tokio::test]
    async fn every_combination_of_filters_walks_an_index_in_order() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        super::super::open::MIGRATOR.run(&mut connection).await.unwrap();
        for query in queries() {
            let walk = Walk::of(&query);
            let floor = DecisionId::new(uuid::Uuid::from_u128(1));
            for sql in
                [floor_sql(&walk, &query, 10), page_sql(&walk, &query, None), page_sql(&walk, &query, Some(floor))]
            {
                let explain = format!("EXPLAIN QUERY PLAN {}", sql.sql().as_str());
                let plan: Vec<(i64, i64, i64, String)> =
                    sqlx::query_as(AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
                let costly = |step: &str| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
                assert!(plan.iter().all(|(.., step)| !costly(step)), "{query:?}: {plan:?}");
            }
        }
    }
}
