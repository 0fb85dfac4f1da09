//! What webhooks have yet to be told.

use crate::StoreError;
use crate::columns::integer;
use crate::journal::Commit;
use crate::outbox::{Attempted, Claim, Claimed, Delivery, Waiting, WebhookKey};
use crate::rows::{ClaimedRow, DeliveryRow, WaitingRow};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use usher_model::{DecisionId, Timestamp};

/// Adds what the written commits of a batch have to tell, due at once. Most tell nobody.
pub(super) async fn write<'b>(
    connection: &mut PgConnection,
    written: impl Iterator<Item = &'b Commit>,
) -> Result<(), StoreError> {
    let (mut webhooks, mut ids) = (Vec::new(), Vec::new());
    for commit in written {
        for name in &commit.tell {
            webhooks.push(format!("{}/{name}", commit.group.brand));
            ids.push(bytes_of(commit.decision_id));
        }
    }
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO outbox (webhook, decision_id, attempts, due_ms) \
         SELECT webhook, id, 0, 0 FROM unnest($1::text[], $2::bytea[]) AS new (webhook, id)",
    )
    .bind(webhooks)
    .bind(ids)
    .execute(connection)
    .await?;
    Ok(())
}

fn bytes_of(id: DecisionId) -> Vec<u8> {
    id.uuid().into_bytes().to_vec()
}

/// From one webhook to the next by the index, over whatever each has waiting.
pub(super) async fn waiting(connection: &mut PgConnection) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<WaitingRow> = sqlx::query_as(
        "WITH RECURSIVE names (webhook) AS (SELECT min(webhook) FROM outbox UNION ALL \
         SELECT (SELECT min(o.webhook) FROM outbox AS o WHERE o.webhook > names.webhook) FROM names \
         WHERE names.webhook IS NOT NULL) \
         SELECT webhook, (SELECT min(o.due_ms) FROM outbox AS o WHERE o.webhook = names.webhook \
         AND o.due_ms IS NOT NULL) AS due_ms FROM names WHERE webhook IS NOT NULL",
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Those that another host is taking on, or noting, are left to it.
pub(super) async fn claim(connection: &mut PgConnection, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
    let rows: Vec<ClaimedRow> = sqlx::query_as(
        "WITH taken AS (UPDATE outbox SET due_ms = $1 WHERE webhook = $2 AND decision_id IN \
         (SELECT decision_id FROM outbox WHERE webhook = $2 AND due_ms <= $3 ORDER BY due_ms, decision_id LIMIT $4 \
         FOR UPDATE SKIP LOCKED) RETURNING decision_id, attempts) \
         SELECT taken.decision_id, taken.attempts, j.decision FROM taken \
         JOIN journal AS j ON j.brand = $5 AND j.decision_id = taken.decision_id ORDER BY taken.decision_id",
    )
    .bind(integer(claim.until.ms()))
    .bind(claim.webhook.to_string())
    .bind(integer(claim.now.ms()))
    .bind(i64::from(claim.limit))
    .bind(claim.webhook.brand.as_str())
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn note(
    connection: &mut PgConnection,
    webhook: &WebhookKey,
    attempted: &[Attempted],
) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await?;
    let told = attempted.iter().filter(|one| one.failed.is_none()).map(|one| bytes_of(one.decision_id));
    sqlx::query("DELETE FROM outbox WHERE webhook = $1 AND decision_id = ANY($2::bytea[])")
        .bind(webhook.to_string())
        .bind(told.collect::<Vec<_>>())
        .execute(&mut *transaction)
        .await?;
    let (mut ids, mut due, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    for one in attempted {
        let Some(failed) = &one.failed else { continue };
        ids.push(bytes_of(one.decision_id));
        due.push(failed.again.map(|again| integer(again.ms())));
        failures.push(&*failed.why);
    }
    sqlx::query(
        "UPDATE outbox AS o SET attempts = o.attempts + 1, due_ms = failed.due, failure = failed.why \
         FROM unnest($2::bytea[], $3::bigint[], $4::text[]) AS failed (id, due, why) \
         WHERE o.webhook = $1 AND o.decision_id = failed.id",
    )
    .bind(webhook.to_string())
    .bind(ids)
    .bind(due)
    .bind(failures)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

pub(super) async fn list(
    connection: &mut PgConnection,
    webhook: &WebhookKey,
    after: Option<DecisionId>,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let rows: Vec<DeliveryRow> = sqlx::query_as(
        "SELECT decision_id, attempts, due_ms, failure FROM outbox WHERE webhook = $1 AND decision_id > $2 \
         ORDER BY decision_id LIMIT $3",
    )
    .bind(webhook.to_string())
    .bind(after.map(bytes_of).unwrap_or_default())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(super) async fn again(
    connection: &mut PgConnection,
    webhook: &WebhookKey,
    decision: Option<DecisionId>,
    due: Timestamp,
) -> Result<u64, StoreError> {
    let again = sqlx::query(
        "UPDATE outbox SET due_ms = $1, attempts = 0 WHERE webhook = $2 \
         AND ($3::bytea IS NULL OR decision_id = $3) AND failure IS NOT NULL",
    )
    .bind(integer(due.ms()))
    .bind(webhook.to_string())
    .bind(decision.map(bytes_of))
    .execute(connection)
    .await?;
    Ok(again.rows_affected())
}

pub(super) async fn forget(connection: &mut PgConnection, webhook: &WebhookKey, keep: u64) -> Result<u64, StoreError> {
    let forgotten = sqlx::query(
        "DELETE FROM outbox WHERE webhook = $1 AND decision_id <= (SELECT decision_id FROM outbox WHERE webhook = $1 \
         ORDER BY decision_id DESC LIMIT 1 OFFSET $2)",
    )
    .bind(webhook.to_string())
    .bind(integer(keep))
    .execute(connection)
    .await?;
    Ok(forgotten.rows_affected())
}
