//! What became of contents, by day; and who has seen what.

use super::table::{ROWS_MAX, push_table};
use crate::StoreError;
use crate::content::{ActivityRow, Added, ContentActivity, ContentQuery, Recipient, Seen, SeenRow, activity, seen};
use crate::journal::Commit;
use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use usher_model::BrandId;

/// Adds what the written commits of a batch add. Most add nothing.
pub(super) async fn write<'b>(
    connection: &mut SqliteConnection,
    written: impl Iterator<Item = &'b Commit>,
) -> Result<(), StoreError> {
    let added = Added::of(written);
    for rows in added.activity.into_iter().collect::<Vec<_>>().chunks(ROWS_MAX) {
        let mut sql = QueryBuilder::new(
            "INSERT INTO content_activity (brand, day, content, group_name, segment, member, measure, amount) \
             SELECT * FROM ",
        );
        push_table(&mut sql, rows, |mut cells, row| {
            let key = row.map(|(key, _)| key);
            cells
                .push_bind(key.map(|key| key.0))
                .push_bind(key.map(|key| key.1))
                .push_bind(key.map(|key| key.2))
                .push_bind(key.map(|key| key.3))
                .push_bind(key.map(|key| key.4))
                .push_bind(key.map(|key| key.5))
                .push_bind(key.map(|key| key.6))
                .push_bind(row.map(|(_, amount)| *amount));
        });
        sql.push(" WHERE column1 IS NOT NULL ON CONFLICT DO UPDATE SET amount = amount + excluded.amount");
        sql.build().execute(&mut *connection).await?;
    }
    for rows in added.seen.into_iter().collect::<Vec<_>>().chunks(ROWS_MAX) {
        let mut sql =
            QueryBuilder::new("INSERT INTO content_seen (brand, group_name, member, content, day) SELECT * FROM ");
        push_table(&mut sql, rows, |mut cells, row| {
            let key = row.map(|(key, _)| key);
            cells
                .push_bind(key.map(|key| key.0))
                .push_bind(key.map(|key| key.1))
                .push_bind(key.map(|key| key.2))
                .push_bind(key.map(|key| key.3))
                .push_bind(row.map(|(_, day)| *day));
        });
        sql.push(" WHERE column1 IS NOT NULL ON CONFLICT DO UPDATE SET day = excluded.day WHERE excluded.day > day");
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

fn push_window(sql: &mut QueryBuilder<sqlx::Sqlite>, query: &ContentQuery) {
    sql.push(" FROM content_activity AS a WHERE a.brand = ").push_bind(query.brand.as_str().to_owned());
    sql.push(" AND a.day >= ").push_bind(query.from.number());
    sql.push(" AND a.day < ").push_bind(query.until.number());
    sql.push(" AND a.content > ").push_bind(query.after().to_owned());
    if let Some((column, value)) = query.condition() {
        sql.push(column).push_bind(value.to_owned());
    }
    if let Some(content) = &query.content {
        sql.push(" AND a.content = ").push_bind(content.as_str().to_owned());
    }
}

pub(super) async fn sums(readers: &SqlitePool, query: &ContentQuery) -> Result<Vec<ContentActivity>, StoreError> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = QueryBuilder::new("WITH c (content) AS (SELECT DISTINCT a.content");
    push_window(&mut sql, query);
    sql.push(" ORDER BY 1 LIMIT ").push_bind(query.limit_contents);
    sql.push(") SELECT a.content, a.measure, sum(a.amount), count(DISTINCT nullif(a.member, '')), max(a.day)");
    push_window(&mut sql, query);
    sql.push(" AND a.content <= (SELECT max(content) FROM c) GROUP BY a.content, a.measure ORDER BY 1, 2");
    let rows: Vec<ActivityRow> = sql.build_query_as().fetch_all(readers).await?;
    rows.into_iter().map(activity).collect()
}

pub(super) async fn seen_by(
    readers: &SqlitePool,
    brand: &BrandId,
    recipient: &Recipient,
) -> Result<Vec<Seen>, StoreError> {
    let mut sql =
        QueryBuilder::new("SELECT content, max(day), sum(member = ''), count(DISTINCT nullif(member, '')) FROM (");
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
    let rows: Vec<SeenRow> =
        sql.push(") GROUP BY content ORDER BY content").build_query_as().fetch_all(readers).await?;
    rows.into_iter().map(seen).collect()
}
