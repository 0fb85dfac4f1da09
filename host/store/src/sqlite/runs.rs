//! Scorings and rankings.

use super::table::{ROWS_MAX, push_table};
use super::writer::{Writer, begin};
use crate::StoreError;
use crate::columns::integer;
use crate::run::{
    CHUNK_BYTES, CHUNK_ROWS, NewRun, RUN, RowColumns, Run, RunColumns, RunQuery, RunRow, RunScope, bytes, chunks,
    group_name, kind, row,
};
use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use std::time::Instant;
use tokio::sync::MappedMutexGuard;
use usher_model::{BrandId, RunId, Timestamp};

/// A turn of the writer, for one part of a run.
struct Part<'a> {
    connection: MappedMutexGuard<'a, SqliteConnection>,
    began: Instant,
}

impl<'a> Part<'a> {
    async fn begin(writer: &'a Writer) -> Result<Self, StoreError> {
        let connection = writer.connection().await?;
        Ok(Self { connection, began: Instant::now() })
    }

    /// Leaves the writer to decisions, for as long as the part took.
    async fn end(self) {
        drop(self.connection);
        tokio::time::sleep(self.began.elapsed()).await;
    }
}

/// Writes a run: a small one at once, and another part by part.
pub(super) async fn put(writer: &Writer, new: &NewRun) -> Result<bool, StoreError> {
    if new.inputs.len() <= CHUNK_BYTES && chunks(&new.rows).nth(1).is_none() {
        return put_small(&mut *writer.connection().await?, new).await;
    }
    let Some(key) = start(&mut *writer.connection().await?, &new.run).await? else { return Ok(false) };
    for rows in chunks(&new.rows) {
        let mut part = Part::begin(writer).await?;
        let mut transaction = begin(&mut part.connection).await?;
        write_rows(&mut transaction, key, rows).await?;
        transaction.commit().await?;
        part.end().await;
    }
    for (number, bytes) in (0_i64..).zip(new.inputs.chunks(CHUNK_BYTES)) {
        let mut part = Part::begin(writer).await?;
        write_input(&mut part.connection, key, number, bytes).await?;
        part.end().await;
    }
    finish(&mut *writer.connection().await?, key).await
}

async fn put_small(connection: &mut SqliteConnection, new: &NewRun) -> Result<bool, StoreError> {
    let mut transaction = begin(connection).await?;
    let Some(key) = start(&mut transaction, &new.run).await? else { return Ok(false) };
    write_rows(&mut transaction, key, &new.rows).await?;
    write_input(&mut transaction, key, 0, &new.inputs).await?;
    let finished = finish(&mut transaction, key).await?;
    transaction.commit().await?;
    Ok(finished)
}

/// The key of a run that is begun; none when there is one with its id already.
async fn start(connection: &mut SqliteConnection, run: &Run) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar(
        "INSERT INTO runs (id, brand, kind, group_name, series, at_ms, written_by, written_at_ms, complete, summary) \
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9 \
         WHERE NOT EXISTS (SELECT 1 FROM runs WHERE id = ?1 AND complete = 1) RETURNING key",
    )
    .bind(bytes(run.id))
    .bind(run.brand.as_str())
    .bind(kind(run.kind))
    .bind(group_name(run.group.as_ref()))
    .bind(&run.series)
    .bind(integer(run.at.ms()))
    .bind(&run.written_by)
    .bind(integer(run.written_at.ms()))
    .bind(&*run.summary)
    .fetch_optional(connection)
    .await?)
}

async fn write_rows(connection: &mut SqliteConnection, key: i64, rows: &[RunRow]) -> Result<(), StoreError> {
    for rows in rows.chunks(ROWS_MAX) {
        let mut sql = QueryBuilder::new("INSERT INTO run_rows (run_key, position, id, body) SELECT * FROM ");
        push_table(&mut sql, rows, |mut cells, row| {
            cells
                .push_bind(row.map(|_| key))
                .push_bind(row.map(|row| row.position))
                .push_bind(row.map(|row| &*row.id))
                .push_bind(row.map(|row| &*row.body));
        });
        sql.push(" WHERE column1 IS NOT NULL");
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// False when one with its id was finished meanwhile.
async fn finish(connection: &mut SqliteConnection, key: i64) -> Result<bool, StoreError> {
    let finished = sqlx::query("UPDATE OR IGNORE runs SET complete = 1 WHERE key = ?").bind(key).execute(connection);
    Ok(finished.await?.rows_affected() == 1)
}

async fn write_input(connection: &mut SqliteConnection, key: i64, part: i64, bytes: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO run_inputs (run_key, part, bytes) VALUES (?, ?, ?)";
    sqlx::query(sql).bind(key).bind(part).bind(bytes).execute(connection).await?;
    Ok(())
}

/// Makes runs of long ago as if they had not been finished, save the last of each scope.
pub(super) async fn give_up(
    connection: &mut SqliteConnection,
    before: Timestamp,
    limit: u32,
) -> Result<u64, StoreError> {
    let given_up = sqlx::query(
        "UPDATE runs SET complete = 0 WHERE key IN (SELECT r.key FROM runs AS r \
         WHERE r.complete = 1 AND r.written_at_ms < ? AND EXISTS (SELECT 1 FROM runs AS n WHERE n.complete = 1 \
         AND n.brand = r.brand AND n.kind = r.kind AND n.group_name = r.group_name AND n.series = r.series AND (n.at_ms, n.id) > (r.at_ms, r.id)) \
         ORDER BY r.written_at_ms LIMIT ?)",
    )
    .bind(integer(before.ms()))
    .bind(limit)
    .execute(connection)
    .await?;
    Ok(given_up.rows_affected())
}

/// Of a run that was not completed, part by part.
pub(super) async fn forget_unfinished(writer: &Writer, before: Timestamp) -> Result<u64, StoreError> {
    let unfinished: Vec<i64> = sqlx::query_scalar("SELECT key FROM runs WHERE complete = 0 AND written_at_ms < ?")
        .bind(integer(before.ms()))
        .fetch_all(&mut *writer.connection().await?)
        .await?;
    for key in &unfinished {
        while forget_part(&mut *writer.connection().await?, *key).await? {}
    }
    Ok(unfinished.len() as u64)
}

/// False when nothing of it was left.
async fn forget_part(connection: &mut SqliteConnection, key: i64) -> Result<bool, StoreError> {
    let mut transaction = begin(connection).await?;
    let rows = sqlx::query(
        "DELETE FROM run_rows WHERE run_key = ?1 AND position IN \
         (SELECT position FROM run_rows WHERE run_key = ?1 ORDER BY position LIMIT ?2)",
    )
    .bind(key)
    .bind(i64::try_from(CHUNK_ROWS).unwrap_or(i64::MAX))
    .execute(&mut *transaction)
    .await?;
    let parts = sqlx::query(
        "DELETE FROM run_inputs WHERE run_key = ?1 AND part = (SELECT min(part) FROM run_inputs WHERE run_key = ?1)",
    )
    .bind(key)
    .execute(&mut *transaction)
    .await?;
    let left = rows.rows_affected() + parts.rows_affected() > 0;
    if !left {
        sqlx::query("DELETE FROM runs WHERE key = ?").bind(key).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(left)
}

pub(super) async fn find(readers: &SqlitePool, brand: &BrandId, id: RunId) -> Result<Option<Run>, StoreError> {
    let row: Option<RunColumns> = QueryBuilder::new(RUN)
        .push(" WHERE r.complete = 1 AND r.brand = ")
        .push_bind(brand.as_str())
        .push(" AND r.id = ")
        .push_bind(bytes(id))
        .build_query_as()
        .fetch_optional(readers)
        .await?;
    row.map(Run::try_from).transpose()
}

pub(super) async fn rows(
    readers: &SqlitePool,
    id: RunId,
    after: Option<u32>,
    limit: u32,
) -> Result<Vec<RunRow>, StoreError> {
    let rows: Vec<RowColumns> = sqlx::query_as(
        "SELECT w.position, w.id, w.body FROM runs AS r CROSS JOIN run_rows AS w ON w.run_key = r.key \
         WHERE r.id = ? AND r.complete = 1 AND w.position > ? ORDER BY w.position LIMIT ?",
    )
    .bind(bytes(id))
    .bind(after.map_or(-1, i64::from))
    .bind(limit)
    .fetch_all(readers)
    .await?;
    rows.into_iter().map(row).collect()
}

pub(super) async fn inputs(readers: &SqlitePool, id: RunId) -> Result<Option<Vec<u8>>, StoreError> {
    let parts: Vec<Option<Vec<u8>>> = sqlx::query_scalar(
        "SELECT i.bytes FROM runs AS r LEFT JOIN run_inputs AS i ON i.run_key = r.key \
         WHERE r.id = ? AND r.complete = 1 ORDER BY i.part",
    )
    .bind(bytes(id))
    .fetch_all(readers)
    .await?;
    Ok((!parts.is_empty()).then(|| parts.into_iter().flatten().flatten().collect()))
}

pub(super) async fn list(readers: &SqlitePool, query: &RunQuery) -> Result<Vec<Run>, StoreError> {
    let mut sql = QueryBuilder::new(RUN);
    sql.push(" WHERE r.complete = 1 AND r.brand = ").push_bind(query.brand.as_str());
    if let Some(group) = &query.group {
        sql.push(" AND r.group_name = ").push_bind(group.as_str());
    }
    if let Some(series) = &query.series {
        sql.push(" AND r.series = ").push_bind(series.as_str());
    }
    if let Some(asked) = query.kind {
        sql.push(" AND r.kind = ").push_bind(kind(asked));
    }
    if let Some(before) = query.before {
        sql.push(" AND r.id < ").push_bind(bytes(before));
    }
    sql.push(" ORDER BY r.id DESC LIMIT ").push_bind(query.limit);
    let rows: Vec<RunColumns> = sql.build_query_as().fetch_all(readers).await?;
    rows.into_iter().map(Run::try_from).collect()
}

pub(super) async fn latest(
    readers: &SqlitePool,
    scope: &RunScope,
    until: Option<Timestamp>,
) -> Result<Option<Run>, StoreError> {
    let mut sql = QueryBuilder::new(RUN);
    sql.push(" WHERE r.complete = 1 AND r.brand = ").push_bind(scope.brand.as_str());
    sql.push(" AND r.kind = ").push_bind(kind(scope.kind));
    sql.push(" AND r.group_name = ").push_bind(group_name(scope.group.as_ref()));
    sql.push(" AND r.series = ").push_bind(scope.series.as_str());
    if let Some(until) = until {
        sql.push(" AND r.at_ms <= ").push_bind(integer(until.ms()));
    }
    sql.push(" ORDER BY r.at_ms DESC, r.id DESC LIMIT 1");
    let row: Option<RunColumns> = sql.build_query_as().fetch_optional(readers).await?;
    row.map(Run::try_from).transpose()
}
