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
    if query.rule.as_ref().is_some_and(|rule| rule.contains('\0')) {
        // No rule has such a name, and the server would refuse the question.
        return Ok(DecisionPage { entries: Vec::new(), next: None });
    }
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

#[cfg(test)]
mod tests {
    use super::super::open::{MIGRATOR, PostgresOptions, Session};
    use super::*;
    use sqlx::{AssertSqlSafe, Executor, Row};
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

    /// A journal that tempts: one brand and one group have nearly all of it, and most of it is one member's.
    const FILL: &str = "INSERT INTO groups (brand, name, sequence, at_ms) SELECT 'acme', 'g' || n, 0, 0 \
         FROM generate_series(1, 5) AS n; \
         INSERT INTO journal SELECT 1 + (n % 50 = 0)::int, n, n, n % 4, 'acme', decode(lpad(to_hex(n), 32, '0'), 'hex'), \
         CASE n % 3 WHEN 0 THEN 'm' ELSE 'm' || n END, 'e' || n, ''::bytea, '{}', '{}' FROM generate_series(1, 5000) AS n; \
         INSERT INTO findings SELECT 'acme', p, r, decode(lpad(to_hex(n), 32, '0'), 'hex') \
         FROM generate_series(1, 5000) AS n, (VALUES ('p', 'r'), ('p', ''), ('', 'r')) AS names (p, r); \
         ANALYZE";

    #[tokio::test]
    async fn every_combination_of_filters_walks_an_index_in_order() {
        let url = private_postgres::database().unwrap();
        let session = Session::new(&PostgresOptions::new(url.parse().unwrap()));
        let mut connection = session.connect().await.unwrap();
        MIGRATOR.run_direct(None, &mut connection, false).await.unwrap();
        for fill in [None, Some(FILL)] {
            if let Some(fill) = fill {
                connection.execute(fill).await.unwrap();
            }
            for query in queries() {
                let walk = Walk::of(&query);
                let floor = DecisionId::new(uuid::Uuid::from_u128(1));
                for sql in
                    [floor_sql(&walk, &query, 10), page_sql(&walk, &query, None), page_sql(&walk, &query, Some(floor))]
                {
                    let plan = plan(&mut connection, sql.sql().as_str()).await;
                    let costly = |step: &String| step.contains("Sort") || step.contains("Seq Scan");
                    assert!(!plan.iter().any(costly), "{query:?}: {plan:#?}");
                    let index = index(&walk);
                    assert!(plan.iter().any(|step| step.contains(index)), "{index}, {query:?}: {plan:#?}");
                }
            }
        }
    }

    /// As a statement is planned when it has been used for a while: for any values.
    async fn plan(connection: &mut PgConnection, sql: &str) -> Vec<String> {
        let prepare = format!("SET plan_cache_mode = force_generic_plan; PREPARE walk AS {sql}");
        connection.execute(AssertSqlSafe(prepare)).await.unwrap();
        let values = vec!["NULL"; sql.matches('$').count()].join(", ");
        let explain = format!("EXPLAIN (COSTS OFF) EXECUTE walk ({values})");
        let plan = connection.fetch_all(AssertSqlSafe(explain)).await.unwrap();
        connection.execute("DEALLOCATE walk").await.unwrap();
        plan.iter().map(|row| row.get(0)).collect()
    }

    fn index(walk: &Walk<'_>) -> &'static str {
        match walk {
            Walk::Rule { .. } => "findings_pkey",
            Walk::Member(_) => "journal_by_member",
            Walk::Group(_) => "journal_by_sequence",
            Walk::Verdict(_) => "journal_by_verdict",
            Walk::Brand => "journal_by_decision",
        }
    }
}
