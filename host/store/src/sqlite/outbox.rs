//! What webhooks have yet to be told.

use crate::StoreError;
use crate::columns::{decision_id, integer};
use crate::journal::Commit;
use crate::outbox::{Attempted, Claim, Claimed, Delivery, Waiting, WebhookKey};
use crate::rows::{ClaimedRow, DeliveryRow, WaitingRow};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::types::Json;
use usher_model::{DecisionId, Timestamp};

/// Adds what the written commits of a batch have to tell, due at once. Most tell nobody.
pub(super) async fn write<'b>(
    connection: &mut SqliteConnection,
    written: impl Iterator<Item = &'b Commit>,
) -> Result<(), StoreError> {
    let row = |commit: &'b Commit, name| {
        (format!("{}/{name}", commit.group.brand), commit.decision_id.uuid().simple().to_string())
    };
    let rows: Vec<_> = written.flat_map(|commit| commit.tell.iter().map(move |name| row(commit, name))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO outbox (webhook, decision_id, attempts, due_ms) \
         SELECT value ->> 0, unhex(value ->> 1), 0, 0 FROM json_each(?)",
    )
    .bind(Json(rows))
    .execute(connection)
    .await?;
    Ok(())
}

/// From one webhook to the next by the index, over whatever each has waiting.
pub(super) async fn waiting(readers: &SqlitePool) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<WaitingRow> = sqlx::query_as(
        "WITH RECURSIVE names (webhook) AS (SELECT min(webhook) FROM outbox UNION ALL \
         SELECT (SELECT min(o.webhook) FROM outbox AS o WHERE o.webhook > names.webhook) FROM names \
         WHERE names.webhook IS NOT NULL) \
         SELECT webhook, (SELECT min(o.due_ms) FROM outbox AS o WHERE o.webhook = names.webhook \
         AND o.due_ms IS NOT NULL) AS due_ms FROM names WHERE webhook IS NOT NULL",
    )
    .fetch_all(readers)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn claim(connection: &mut SqliteConnection, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
    let claimed: Vec<(Vec<u8>,)> = sqlx::query_as(
        "UPDATE outbox SET due_ms = ? WHERE webhook = ? AND decision_id IN (SELECT decision_id FROM outbox \
         WHERE webhook = ? AND due_ms <= ? ORDER BY due_ms, decision_id LIMIT ?) RETURNING decision_id",
    )
    .bind(integer(claim.until.ms()))
    .bind(claim.webhook.to_string())
    .bind(claim.webhook.to_string())
    .bind(integer(claim.now.ms()))
    .bind(claim.limit)
    .fetch_all(&mut *connection)
    .await?;
    if claimed.is_empty() {
        return Ok(Vec::new());
    }
    let ids = claimed.iter().map(|(id,)| Ok(hex_of(decision_id(id, "outbox.decision_id")?)));
    let ids: Vec<String> = ids.collect::<Result<_, StoreError>>()?;
    let rows: Vec<ClaimedRow> = sqlx::query_as(
        "SELECT o.decision_id, o.attempts, j.decision FROM json_each(?) AS asked \
         CROSS JOIN outbox AS o ON o.webhook = ? AND o.decision_id = unhex(asked.value) \
         CROSS JOIN journal AS j ON j.brand = ? AND j.decision_id = o.decision_id ORDER BY o.decision_id",
    )
    .bind(Json(ids))
    .bind(claim.webhook.to_string())
    .bind(claim.webhook.brand.as_str())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

fn hex_of(id: DecisionId) -> String {
    id.uuid().simple().to_string()
}

pub(super) async fn note(
    connection: &mut SqliteConnection,
    webhook: &WebhookKey,
    attempted: &[Attempted],
) -> Result<(), StoreError> {
    let mut transaction = super::writer::begin(connection).await?;
    let told: Vec<_> = attempted.iter().filter(|one| one.failed.is_none()).map(|one| hex_of(one.decision_id)).collect();
    if !told.is_empty() {
        sqlx::query("DELETE FROM outbox WHERE webhook = ? AND decision_id IN (SELECT unhex(value) FROM json_each(?))")
            .bind(webhook.to_string())
            .bind(Json(told))
            .execute(&mut *transaction)
            .await?;
    }
    for one in attempted {
        let Some(failed) = &one.failed else { continue };
        sqlx::query(
            "UPDATE outbox SET attempts = attempts + 1, due_ms = ?, failure = ? WHERE webhook = ? AND decision_id = ?",
        )
        .bind(failed.again.map(|again| integer(again.ms())))
        .bind(&*failed.why)
        .bind(webhook.to_string())
        .bind(one.decision_id.uuid().as_bytes().as_slice())
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    Ok(())
}

pub(super) async fn list(
    readers: &SqlitePool,
    webhook: &WebhookKey,
    after: Option<DecisionId>,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let rows: Vec<DeliveryRow> = sqlx::query_as(
        "SELECT decision_id, attempts, due_ms, failure FROM outbox WHERE webhook = ? AND decision_id > ? \
         ORDER BY decision_id LIMIT ?",
    )
    .bind(webhook.to_string())
    .bind(after.map(|id| id.uuid().into_bytes().to_vec()).unwrap_or_default())
    .bind(limit)
    .fetch_all(readers)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn again(
    connection: &mut SqliteConnection,
    webhook: &WebhookKey,
    decision: Option<DecisionId>,
    due: Timestamp,
) -> Result<u64, StoreError> {
    let again = sqlx::query(
        "UPDATE outbox SET due_ms = ?1, attempts = 0 WHERE webhook = ?2 AND (?3 IS NULL OR decision_id = ?3) \
         AND failure IS NOT NULL",
    )
    .bind(integer(due.ms()))
    .bind(webhook.to_string())
    .bind(decision.map(|id| id.uuid().into_bytes().to_vec()))
    .execute(connection)
    .await?;
    Ok(again.rows_affected())
}

pub(super) async fn forget(
    connection: &mut SqliteConnection,
    webhook: &WebhookKey,
    keep: u64,
) -> Result<u64, StoreError> {
    let forgotten = sqlx::query(
        "DELETE FROM outbox WHERE webhook = ?1 AND decision_id <= (SELECT decision_id FROM outbox WHERE webhook = ?1 \
         ORDER BY decision_id DESC LIMIT 1 OFFSET ?2)",
    )
    .bind(webhook.to_string())
    .bind(integer(keep))
    .execute(connection)
    .await?;
    Ok(forgotten.rows_affected())
}
