//! Backtests and what they found.

use super::writer::begin;
use crate::StoreError;
use crate::backtest::{BacktestNote, BacktestRow, GoOn};
use crate::columns::integer;
use crate::rows::{BACKTEST, BacktestColumns};
use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use usher_model::{BacktestId, BrandId};

pub(super) async fn add(connection: &mut SqliteConnection, row: &BacktestRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO backtests (id, brand, asked, progress, has_ended, noted_at_ms, is_cancelled) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(row.id.uuid().as_bytes().as_slice())
    .bind(row.brand.as_str())
    .bind(&*row.asked)
    .bind(&*row.noted.progress)
    .bind(row.noted.has_ended)
    .bind(integer(row.noted.at.ms()))
    .bind(row.is_cancelled)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn note(
    connection: &mut SqliteConnection,
    id: BacktestId,
    note: &BacktestNote,
    first: u64,
    differences: &[Box<str>],
) -> Result<GoOn, StoreError> {
    let mut transaction = begin(connection).await?;
    let cancelled: Option<bool> = sqlx::query_scalar(
        "UPDATE backtests SET progress = ?, has_ended = ?, noted_at_ms = ? WHERE id = ? RETURNING is_cancelled",
    )
    .bind(&*note.progress)
    .bind(note.has_ended)
    .bind(integer(note.at.ms()))
    .bind(id.uuid().as_bytes().as_slice())
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(cancelled) = cancelled else { return Ok(GoOn::Gone) };
    if !differences.is_empty() {
        sqlx::query(
            "INSERT INTO backtest_differences (backtest_id, number, body) \
             SELECT ?, ? + key, value FROM json_each(?) WHERE TRUE ON CONFLICT DO NOTHING",
        )
        .bind(id.uuid().as_bytes().as_slice())
        .bind(integer(first))
        .bind(Json(differences))
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(if cancelled { GoOn::Cancelled } else { GoOn::Yes })
}

pub(super) async fn list(readers: &SqlitePool, brand: &BrandId) -> Result<Vec<BacktestRow>, StoreError> {
    let mut sql = QueryBuilder::new(BACKTEST);
    sql.push(" WHERE brand = ").push_bind(brand.as_str()).push(" ORDER BY id DESC");
    let rows: Vec<BacktestColumns> = sql.build_query_as().fetch_all(readers).await?;
    rows.into_iter().map(BacktestRow::try_from).collect()
}

pub(super) async fn find(
    readers: &SqlitePool,
    brand: &BrandId,
    id: BacktestId,
) -> Result<Option<BacktestRow>, StoreError> {
    let mut sql = QueryBuilder::new(BACKTEST);
    sql.push(" WHERE brand = ").push_bind(brand.as_str());
    sql.push(" AND id = ").push_bind(id.uuid().into_bytes().to_vec());
    let row: Option<BacktestColumns> = sql.build_query_as().fetch_optional(readers).await?;
    row.map(BacktestRow::try_from).transpose()
}

pub(super) async fn differences(
    readers: &SqlitePool,
    id: BacktestId,
    from: u64,
    limit: u32,
) -> Result<Vec<Box<str>>, StoreError> {
    let bodies: Vec<String> = sqlx::query_scalar(
        "SELECT body FROM backtest_differences WHERE backtest_id = ? AND number >= ? ORDER BY number LIMIT ?",
    )
    .bind(id.uuid().as_bytes().as_slice())
    .bind(integer(from))
    .bind(limit)
    .fetch_all(readers)
    .await?;
    Ok(bodies.into_iter().map(Into::into).collect())
}

pub(super) async fn cancel(
    connection: &mut SqliteConnection,
    brand: &BrandId,
    id: BacktestId,
) -> Result<bool, StoreError> {
    let cancelled =
        sqlx::query("UPDATE backtests SET is_cancelled = TRUE WHERE brand = ? AND id = ? AND NOT has_ended")
            .bind(brand.as_str())
            .bind(id.uuid().as_bytes().as_slice())
            .execute(connection)
            .await?;
    Ok(cancelled.rows_affected() > 0)
}

pub(super) async fn forget(
    connection: &mut SqliteConnection,
    brand: &BrandId,
    id: BacktestId,
) -> Result<bool, StoreError> {
    let mut transaction = begin(connection).await?;
    let forgotten = sqlx::query("DELETE FROM backtests WHERE brand = ? AND id = ?")
        .bind(brand.as_str())
        .bind(id.uuid().as_bytes().as_slice())
        .execute(&mut *transaction)
        .await?;
    if forgotten.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM backtest_differences WHERE backtest_id = ?")
        .bind(id.uuid().as_bytes().as_slice())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(true)
}
