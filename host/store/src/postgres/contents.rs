//! What became of contents, by day; and who has seen what.

use crate::StoreError;
use crate::content::{ActivityRow, Added, ContentActivity, ContentQuery, Recipient, Seen, SeenRow, activity, seen};
use crate::journal::Commit;
use sqlx::QueryBuilder;
use sqlx::postgres::PgConnection;
use usher_model::BrandId;

/// Adds what the written commits of a batch add. Their groups are locked, so that no other host writes the same rows. Most
/// add nothing.
pub(super) async fn write<'b>(
    connection: &mut PgConnection,
    written: impl Iterator<Item = &'b Commit>,
) -> Result<(), StoreError> {
    let added = Added::of(written);
    if added.activity.is_empty() {
        return Ok(());
    }
    let (mut brands, mut days, mut contents, mut groups) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut segments, mut members, mut measures, mut amounts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ((brand, day, content, group, segment, member, measure), amount) in added.activity {
        brands.push(brand);
        days.push(day);
        contents.push(content);
        groups.push(group);
        segments.push(segment);
        members.push(member);
        measures.push(measure);
        amounts.push(amount);
    }
    sqlx::query(
        "INSERT INTO content_activity (brand, day, content, group_name, segment, member, measure, amount) \
         SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], \
         $8::bigint[]) ON CONFLICT (brand, day, content, group_name, segment, member, measure) \
         DO UPDATE SET amount = content_activity.amount + excluded.amount",
    )
    .bind(brands)
    .bind(days)
    .bind(contents)
    .bind(groups)
    .bind(segments)
    .bind(members)
    .bind(measures)
    .bind(amounts)
    .execute(&mut *connection)
    .await?;
    let (mut brands, mut groups, mut members) = (Vec::new(), Vec::new(), Vec::new());
    let (mut contents, mut days) = (Vec::new(), Vec::new());
    for ((brand, group, member, content), day) in added.seen {
        brands.push(brand);
        groups.push(group);
        members.push(member);
        contents.push(content);
        days.push(day);
    }
    sqlx::query(
        "INSERT INTO content_seen (brand, group_name, member, content, day) \
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[]) \
         ON CONFLICT (brand, group_name, member, content) DO UPDATE SET day = excluded.day \
         WHERE excluded.day > content_seen.day",
    )
    .bind(brands)
    .bind(groups)
    .bind(members)
    .bind(contents)
    .bind(days)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn sums(
    connection: &mut PgConnection,
    query: &ContentQuery,
) -> Result<Vec<ContentActivity>, StoreError> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new("WITH a AS MATERIALIZED (SELECT a.* FROM content_activity AS a WHERE a.brand = ");
    sql.push_bind(query.brand.as_str()).push(" AND a.day >= ").push_bind(query.from.number());
    sql.push(" AND a.day < ").push_bind(query.until.number()).push(" AND a.content > ").push_bind(query.after());
    if let Some((column, value)) = query.condition() {
        sql.push(column).push_bind(value);
    }
    if let Some(content) = &query.content {
        sql.push(" AND a.content = ").push_bind(content.as_str());
    }
    sql.push(
        ") SELECT a.content, a.measure, sum(a.amount)::bigint, count(DISTINCT nullif(a.member, '')), \
         max(a.day)::bigint FROM a \
         WHERE a.content <= (SELECT max(c.content) FROM (SELECT DISTINCT a.content FROM a ORDER BY 1 LIMIT ",
    );
    sql.push_bind(i64::from(query.limit_contents)).push(") AS c) GROUP BY a.content, a.measure ORDER BY 1, 2");
    let rows: Vec<ActivityRow> = sql.build_query_as().fetch_all(connection).await?;
    rows.into_iter().map(activity).collect()
}

pub(super) async fn seen_by(
    connection: &mut PgConnection,
    brand: &BrandId,
    recipient: &Recipient,
) -> Result<Vec<Seen>, StoreError> {
    let mut sql = QueryBuilder::new(
        "SELECT content, max(day)::bigint, count(*) FILTER (WHERE member = ''), count(DISTINCT nullif(member, '')) FROM (",
    );
    match recipient {
        Recipient::Group(group) => {
            sql.push("SELECT * FROM content_seen WHERE brand = ").push_bind(brand.as_str());
            sql.push(" AND group_name = ").push_bind(group.as_str());
        }
        Recipient::Member { member, group } => {
            sql.push("SELECT * FROM content_seen WHERE brand = ").push_bind(brand.as_str());
            sql.push(" AND member > '' AND member = ").push_bind(member.as_str());
            sql.push(" UNION ALL SELECT * FROM content_seen WHERE brand = ").push_bind(brand.as_str());
            sql.push(" AND group_name = ").push_bind(group.as_str()).push(" AND member = ''");
        }
    }
    sql.push(") AS s GROUP BY content ORDER BY content");
    let rows: Vec<SeenRow> = sql.build_query_as().fetch_all(connection).await?;
    rows.into_iter().map(seen).collect()
}
