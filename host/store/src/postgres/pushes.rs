//! Reservations of pushes.

use crate::StoreError;
use crate::columns::integer;
use crate::push::{PushReservation, PushReserved};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use usher_model::{BrandId, Timestamp};

/// All of them in one transaction, in order: later ones see what earlier ones reserved. Hosts reserve for a brand one after
/// another, because what is counted must not grow in between.
pub(super) async fn reserve(
    connection: &mut PgConnection,
    brand: &BrandId,
    pushes: &[PushReservation],
) -> Result<Vec<PushReserved>, StoreError> {
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('pushes/' || $1, 0))")
        .bind(brand.as_str())
        .execute(&mut *transaction)
        .await?;
    let mut reserved = Vec::with_capacity(pushes.len());
    for push in pushes {
        reserved.push(reserve_one(&mut transaction, brand, push).await?);
    }
    transaction.commit().await?;
    Ok(reserved)
}

async fn reserve_one(
    connection: &mut PgConnection,
    brand: &BrandId,
    push: &PushReservation,
) -> Result<PushReserved, StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO pushes (brand, recipient, account, key, at_ms) SELECT $1, $2, $3, $4, $5 \
         WHERE (SELECT count(*) FROM pushes WHERE brand = $1 AND recipient = $2 AND account = $3 \
         AND at_ms >= $6 AND at_ms < $7) < $8 ON CONFLICT DO NOTHING",
    )
    .bind(brand.as_str())
    .bind(&*push.recipient)
    .bind(&*push.account)
    .bind(&*push.key)
    .bind(integer(push.at.ms()))
    .bind(integer(push.from.ms()))
    .bind(integer(push.until.ms()))
    .bind(i64::from(push.limit))
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() > 0 {
        return Ok(PushReserved::Reserved);
    }
    let before: Option<i32> =
        sqlx::query_scalar("SELECT 1 FROM pushes WHERE brand = $1 AND recipient = $2 AND account = $3 AND key = $4")
            .bind(brand.as_str())
            .bind(&*push.recipient)
            .bind(&*push.account)
            .bind(&*push.key)
            .fetch_optional(connection)
            .await?;
    Ok(before.map_or(PushReserved::Full, |_| PushReserved::AlreadyReserved))
}

pub(super) async fn forget(connection: &mut PgConnection, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
    let forgotten = sqlx::query(
        "DELETE FROM pushes WHERE (brand, recipient, account, key) IN \
         (SELECT brand, recipient, account, key FROM pushes WHERE at_ms < $1 ORDER BY at_ms LIMIT $2 \
         FOR UPDATE SKIP LOCKED)",
    )
    .bind(integer(before.ms()))
    .bind(i64::from(limit))
    .execute(connection)
    .await?;
    Ok(forgotten.rows_affected())
}
