//! The ledger: what members did, by day.

use super::table::{ROWS_MAX, push_table};
use crate::StoreError;
use crate::activity::{Activity, ActivityQuery, ActivityRow, activity, added};
use crate::journal::Commit;
use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use usher_model::GroupId;

/// Adds what the written commits of a batch add, by the key of their group.
pub(super) async fn write<'b>(
    connection: &mut SqliteConnection,
    written: impl Iterator<Item = (i64, &'b Commit)>,
) -> Result<(), StoreError> {
    for rows in added(written).chunks(ROWS_MAX) {
        let mut sql =
            QueryBuilder::new("INSERT INTO activity (group_id, day, member, measure, other, amount) SELECT * FROM ");
        push_table(&mut sql, rows, |mut cells, row| {
            cells
                .push_bind(row.map(|((group, ..), _)| *group))
                .push_bind(row.map(|((_, day, ..), _)| *day))
                .push_bind(row.map(|((_, _, member, ..), _)| *member))
                .push_bind(row.map(|((_, _, _, measure, _), _)| *measure))
                .push_bind(row.map(|((.., other), _)| *other))
                .push_bind(row.map(|(_, amount)| *amount));
        });
        sql.push(" WHERE column1 IS NOT NULL ON CONFLICT DO UPDATE SET amount = amount + excluded.amount");
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

const SUMS: &str = " SELECT a.member, a.measure, sum(a.amount), count(DISTINCT a.day), \
     count(DISTINCT nullif(a.other, '')), max(a.day) FROM ";

pub(super) async fn sums(readers: &SqlitePool, query: &ActivityQuery) -> Result<Vec<Activity>, StoreError> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let (from, until) = (query.from.number(), query.until.number());
    let mut sql = QueryBuilder::new("WITH RECURSIVE g (id) AS (SELECT id FROM groups WHERE brand = ");
    sql.push_bind(query.brand.as_str());
    if !query.groups.is_empty() {
        let names: Vec<&str> = query.groups.iter().map(GroupId::as_str).collect();
        sql.push(" AND name IN (SELECT value FROM json_each(").push_bind(Json(names)).push("))");
    }
    if let Some(member) = &query.member {
        // Day by day by the index, past everybody else.
        sql.push("), days (day) AS (SELECT ").push_bind(from);
        sql.push(" UNION ALL SELECT day + 1 FROM days WHERE day + 1 < ").push_bind(until).push(")").push(SUMS);
        sql.push(
            "g CROSS JOIN days CROSS JOIN activity AS a ON a.group_id = g.id AND a.day = days.day AND a.member = ",
        );
        sql.push_bind(member.as_str());
    } else {
        let window = "g CROSS JOIN activity AS a ON a.group_id = g.id AND a.day >= ";
        sql.push("), m (member) AS (SELECT DISTINCT a.member FROM ").push(window).push_bind(from);
        sql.push(" AND a.day < ").push_bind(until).push(" WHERE a.member > ").push_bind(query.after());
        sql.push(" ORDER BY 1 LIMIT ").push_bind(query.limit_members).push(")");
        sql.push(SUMS).push(window).push_bind(from).push(" AND a.day < ").push_bind(until);
        sql.push(" WHERE a.member > ").push_bind(query.after()).push(" AND a.member <= (SELECT max(member) FROM m)");
    }
    sql.push(" GROUP BY a.member, a.measure ORDER BY a.member, a.measure");
    let rows: Vec<ActivityRow> = sql.build_query_as().fetch_all(readers).await?;
    rows.into_iter().map(activity).collect()
}
