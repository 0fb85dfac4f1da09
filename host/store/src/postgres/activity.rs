//! The ledger: what members did, by day.

use crate::StoreError;
use crate::activity::{Activity, ActivityQuery, ActivityRow, activity, added};
use crate::journal::Commit;
use sqlx::QueryBuilder;
use sqlx::postgres::PgConnection;
use usher_model::GroupId;

/// Adds what the written commits of a batch add, by the key of their group: whose row is locked, so that no other host
/// writes the same.
pub(super) async fn write<'b>(
    connection: &mut PgConnection,
    written: impl Iterator<Item = (i64, &'b Commit)>,
) -> Result<(), StoreError> {
    let (mut groups, mut days, mut members) = (Vec::new(), Vec::new(), Vec::new());
    let (mut measures, mut others, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for ((group, day, member, measure, other), amount) in added(written) {
        groups.push(group);
        days.push(day);
        members.push(member);
        measures.push(measure);
        others.push(other);
        amounts.push(amount);
    }
    if groups.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO activity (group_id, day, member, measure, other, amount) \
         SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::bigint[]) \
         ON CONFLICT (group_id, day, member, measure, other) DO UPDATE SET amount = activity.amount + excluded.amount",
    )
    .bind(groups)
    .bind(days)
    .bind(members)
    .bind(measures)
    .bind(others)
    .bind(amounts)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn sums(connection: &mut PgConnection, query: &ActivityQuery) -> Result<Vec<Activity>, StoreError> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new(
        "WITH a AS MATERIALIZED (SELECT a.* FROM groups AS g JOIN activity AS a ON a.group_id = g.id AND a.day >= ",
    );
    sql.push_bind(query.from.number()).push(" AND a.day < ").push_bind(query.until.number());
    sql.push(" WHERE a.member > ").push_bind(query.after()).push(" AND g.brand = ").push_bind(query.brand.as_str());
    if !query.groups.is_empty() {
        sql.push(" AND g.name = ANY(")
            .push_bind(query.groups.iter().map(GroupId::as_str).collect::<Vec<_>>())
            .push(")");
    }
    if let Some(member) = &query.member {
        sql.push(" AND a.member = ").push_bind(member.as_str());
    }
    sql.push(
        ") SELECT a.member, a.measure, sum(a.amount)::bigint, count(DISTINCT a.day), \
         count(DISTINCT nullif(a.other, '')), max(a.day)::bigint FROM a \
         WHERE a.member <= (SELECT max(m.member) FROM (SELECT DISTINCT a.member FROM a ORDER BY 1 LIMIT ",
    );
    sql.push_bind(i64::from(query.limit_members));
    sql.push(") AS m) GROUP BY a.member, a.measure ORDER BY a.member, a.measure");
    let rows: Vec<ActivityRow> = sql.build_query_as().fetch_all(connection).await?;
    rows.into_iter().map(activity).collect()
}
