//! Listing decisions, newest first, at a bounded price: see [`walk`](crate::journal::walk).

use crate::StoreError;
use crate::columns::{decision_id, integer, verdict};
use crate::journal::walk::{Walk, page_of};
use crate::journal::{DecisionPage, DecisionQuery, JournalEntry};
use crate::rows::{ENTRY, EntryRow};
use sqlx::QueryBuilder;
use sqlx::postgres::PgConnection;
use usher_model::{BrandId, DecisionId, GroupId};

type Sql = QueryBuilder<sqlx::Postgres>;

pub(super) async fn page(
    connection: &mut PgConnection,
    query: &DecisionQuery,
    scan_entries_max: u32,
) -> Result<DecisionPage, StoreError> {
    let walk = Walk::of(query);
    let floor = if walk.is_whole_answer(query) {
        None
    } else {
        let id: Option<Vec<u8>> =
            floor_sql(&walk, query, scan_entries_max).build_query_scalar().fetch_optional(&mut *connection).await?;
        id.map(|id| decision_id(&id, "journal.decision_id")).transpose()?
    };
    let rows: Vec<EntryRow> = page_sql(&walk, query, floor).build_query_as().fetch_all(connection).await?;
    let entries = rows.into_iter().map(JournalEntry::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(page_of(entries, query, floor))
}

/// What is walked, as `w`.
fn table(walk: &Walk<'_>) -> &'static str {
    if matches!(walk, Walk::Rule { .. }) { "findings AS w" } else { "journal AS w" }
}

/// The journal's row `j` of an entry of the walk, and its group `g`.
fn joined(walk: &Walk<'_>) -> &'static str {
    match walk {
        Walk::Rule { .. } => {
            " FROM findings AS w JOIN journal AS j ON j.brand = w.brand AND j.decision_id = w.decision_id \
             JOIN groups AS g ON g.id = j.group_id"
        }
        _ => " FROM journal AS w CROSS JOIN LATERAL (SELECT w.*) AS j JOIN groups AS g ON g.id = w.group_id",
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
    sql.push(joined(walk));
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
