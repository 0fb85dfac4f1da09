//! Decisions leave the host: webhooks are told what was decided, from the outbox, until they have understood.
//!
//! A webhook has at most one batch under way on this host, so an address that does not answer delays nobody but itself. It
//! is told at least once: a host that ends between the telling and the note of it tells again, under the same id.

mod address;
mod deliver;
mod sign;

pub(crate) use address::check as check_address;
pub(crate) use sign::{new_secret, replace as replace_secret};

use crate::clock::Clock;
use crate::follow::catch_up;
use crate::host::Host;
use crate::telemetry;
use deliver::{Deliverer, Unanswered};
use futures_util::future::join_all;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use usher_model::{KeptWebhook, Timestamp};
use usher_store::StoreError;
use usher_store::outbox::{Attempted, Claim, Claimed, Failed, Waiting, WebhookKey};

/// How often the database is asked for what other hosts left behind.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// How many times the time that an address may take to answer a delivery stays this host's. Should the note of it take
/// longer, it is told twice.
const LEASE: u64 = 2;

/// How webhooks are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookLimits {
    /// Webhooks of a brand.
    pub per_brand: usize,
    /// Webhooks that are told something at once.
    pub at_once: usize,
    /// Decisions that one webhook is told at once.
    pub batch: u32,
    /// How long an address may take to answer, in milliseconds.
    pub answer_ms: u64,
    /// How long to wait after each failure, in seconds; after the last one a delivery is given up.
    pub retry_after_s: Vec<u64>,
    /// Decisions that a webhook has yet to be told, or was not; beyond, the oldest are forgotten.
    pub waiting: u64,
    /// How long a replaced secret signs beside the new one, in milliseconds.
    pub old_secret_ms: u64,
    /// Whether addresses of this machine and of private networks may be told, and plain `http`.
    pub private_addresses: bool,
}

impl Default for WebhookLimits {
    fn default() -> Self {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        Self {
            per_brand: 16,
            at_once: 64,
            batch: 16,
            answer_ms: 15_000,
            // As Standard Webhooks advises: some three days in all.
            retry_after_s: vec![
                5,
                5 * MINUTE,
                30 * MINUTE,
                2 * HOUR,
                5 * HOUR,
                10 * HOUR,
                14 * HOUR,
                20 * HOUR,
                24 * HOUR,
            ],
            waiting: 1_000_000,
            old_secret_ms: 24 * HOUR * 1000,
            private_addresses: false,
        }
    }
}

/// What the room knows of itself.
#[derive(Debug)]
pub(crate) struct Act {
    deliverer: Deliverer,
    /// Something may be due.
    due: Notify,
    /// Webhooks that are being told something.
    busy: Mutex<HashSet<WebhookKey>>,
    /// One for each webhook that may be told something at once. Fair: each batch waits for its turn.
    turns: Semaphore,
}

impl Act {
    pub(crate) fn new(limits: &WebhookLimits) -> Self {
        Self {
            deliverer: Deliverer::new(limits),
            due: Notify::new(),
            busy: Mutex::default(),
            turns: Semaphore::new(limits.at_once.clamp(1, Semaphore::MAX_PERMITS)),
        }
    }

    /// Something is due now.
    pub(crate) fn poke(&self) {
        self.due.notify_one();
    }
}

/// Tells webhooks what they have yet to be told, until the host closes. What is under way then is told again later.
pub(crate) async fn act(host: Arc<Host>) {
    let closing = host.closing.clone();
    closing.run_until_cancelled(tell_all(&host)).await;
}

async fn tell_all(host: &Arc<Host>) {
    loop {
        let wait = match begin(host).await {
            Ok(Some(next)) => Duration::from_millis(next.ms().saturating_sub(Clock::wall().ms())).min(ASK_EVERY),
            Ok(None) => ASK_EVERY,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the outbox can't be read; trying again");
                ASK_EVERY
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = host.act.due.notified() => {}
        }
    }
}

/// Begins with every webhook that has something due and is not busy. Returns when the next one has.
async fn begin(host: &Arc<Host>) -> Result<Option<Timestamp>, StoreError> {
    let now = Clock::wall();
    let mut next: Option<Timestamp> = None;
    for waiting in host.store.webhooks_waiting().await? {
        let Some(due) = waiting.due else { continue };
        if due > now {
            next = Some(next.map_or(due, |next| next.min(due)));
        } else if host.act.busy.lock().insert(waiting.webhook.clone()) {
            tokio::spawn(tell_while_due(host.clone(), waiting.webhook));
        }
    }
    Ok(next)
}

async fn tell_while_due(host: Arc<Host>, key: WebhookKey) {
    let closing = host.closing.clone();
    closing
        .run_until_cancelled(async {
            loop {
                match tell_batch(&host, &key).await {
                    Ok(0) => break,
                    Ok(_) => {}
                    Err(error) => {
                        tracing::error!(webhook = %key, error = &error as &dyn std::error::Error, "the outbox failed");
                        tokio::time::sleep(ASK_EVERY).await;
                        break;
                    }
                }
            }
        })
        .await;
    host.act.busy.lock().remove(&key);
    // What was decided after the last look found this webhook busy.
    host.act.poke();
}

/// Tells a webhook a few decisions at once. Returns how many were due.
async fn tell_batch(host: &Host, key: &WebhookKey) -> Result<usize, StoreError> {
    let Ok(_turn) = host.act.turns.acquire().await else { return Ok(0) };
    let Some(webhook) = known(host, key).await? else {
        host.store.forget_deliveries(key, 0).await?;
        return Ok(0);
    };
    let limits = &host.config.webhooks;
    let now = Clock::wall();
    let until = now.plus_ms(limits.answer_ms.saturating_mul(LEASE));
    let claim = Claim { webhook: key.clone(), now, until, limit: limits.batch };
    let claimed = host.store.claim_deliveries(&claim).await?;
    if claimed.is_empty() {
        return Ok(0);
    }
    let attempted = join_all(claimed.iter().map(|claimed| tell(host, key, &webhook, claimed))).await;
    host.store.note_attempts(key, &attempted).await?;
    Ok(claimed.len())
}

/// The webhook, also when another host has made it a moment ago; none when it was taken away.
async fn known(host: &Host, key: &WebhookKey) -> Result<Option<Arc<KeptWebhook>>, StoreError> {
    let find = || host.directory.brand(&key.brand).and_then(|brand| brand.webhook(&key.name));
    if let Some(webhook) = find() {
        return Ok(Some(webhook));
    }
    catch_up(host).await?;
    Ok(find())
}

/// Forgets what is beyond the limit of each webhook.
pub(crate) async fn forget_beyond(host: &Host) -> Result<(), StoreError> {
    for Waiting { webhook, .. } in host.store.webhooks_waiting().await? {
        let forgotten = host.store.forget_deliveries(&webhook, host.config.webhooks.waiting).await?;
        if forgotten > 0 {
            tracing::error!(%webhook, forgotten, "too many decisions wait for a webhook; it is not told the oldest");
        }
    }
    Ok(())
}

async fn tell(host: &Host, key: &WebhookKey, webhook: &KeptWebhook, claimed: &Claimed) -> Attempted {
    let told = host.act.deliverer.tell(&key.brand, webhook, claimed).await;
    telemetry::told(told.is_ok());
    let failed = told.err().map(|error| {
        let again = again(&host.config.webhooks, claimed.attempts, &error);
        if again.is_none() {
            tracing::warn!(webhook = %key, decision = %claimed.decision_id, %error, "a webhook is not told a decision");
        }
        Failed { why: error.to_string().into(), again }
    });
    Attempted { decision_id: claimed.decision_id, failed }
}

/// When to try again after so many attempts before this one.
fn again(limits: &WebhookLimits, attempts: u64, error: &Unanswered) -> Option<Timestamp> {
    let wait_s = usize::try_from(attempts).ok().and_then(|attempts| limits.retry_after_s.get(attempts))?;
    // 410 says for ever: https://www.standardwebhooks.com
    (!error.is_final()).then(|| Clock::wall().plus_ms(wait_s.saturating_mul(1000)))
}
