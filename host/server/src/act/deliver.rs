//! One decision told to one address.

use super::WebhookLimits;
use super::address::{InvalidAddress, PRIVATE, check};
use super::sign::signatures;
use crate::clock::Clock;
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::time::Duration;
use thiserror::Error;
use usher_model::{BrandId, KeptWebhook, Timestamp};
use usher_net::{HttpClient, NoTls, Resolver, client, last_cause};
use usher_store::outbox::Claimed;

/// Why a webhook was not told, as the operator reads it. What the address wrote is not repeated.
#[derive(Debug, Error)]
pub(super) enum Unanswered {
    #[error("it answered {0}")]
    Status(StatusCode),
    #[error("it did not answer within {0} ms")]
    Late(u64),
    #[error("its address can't be used: {0}")]
    Address(#[from] InvalidAddress),
    #[error("it can't be reached: {0}")]
    Unreachable(String),
    #[error("the message can't be written")]
    Unwritable(#[from] serde_json::Error),
    #[error("the request can't be written: {0}")]
    NoRequest(#[from] hyper::http::Error),
    #[error(transparent)]
    NoTls(NoTls),
}

impl Unanswered {
    /// Whether there is no sense in trying again.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Status(StatusCode::GONE))
    }
}

/// The message, as Standard Webhooks lays it out.
#[derive(Serialize)]
struct Message<'m> {
    r#type: &'static str,
    /// When it was decided, in the group's time: the same at every attempt.
    timestamp: Timestamp,
    data: Data<'m>,
}

#[derive(Serialize)]
struct Data<'m> {
    brand: &'m BrandId,
    /// As it was answered, byte by byte.
    decision: &'m RawValue,
}

/// The one field of a decision that the message repeats.
#[derive(Deserialize)]
struct Decided {
    #[serde(default)]
    at: Timestamp,
}

/// Speaks to addresses.
#[derive(Debug)]
pub(super) struct Deliverer {
    /// Or why there is none.
    client: Result<HttpClient, NoTls>,
    answer_ms: u64,
    private_too: bool,
}

impl Deliverer {
    pub(super) fn new(limits: &WebhookLimits) -> Self {
        let private_too = limits.private_addresses;
        let client = client(Resolver { private_too, refusal: PRIVATE });
        Self { client, answer_ms: limits.answer_ms, private_too }
    }

    pub(super) async fn tell(
        &self,
        brand: &BrandId,
        webhook: &KeptWebhook,
        claimed: &Claimed,
    ) -> Result<(), Unanswered> {
        let client = self.client.as_ref().map_err(|why| Unanswered::NoTls(why.clone()))?;
        let request = self.request(brand, webhook, claimed)?;
        let answer = tokio::time::timeout(Duration::from_millis(self.answer_ms), client.request(request)).await;
        // Only the status counts: what else it answers is not read.
        let response = answer
            .map_err(|_| Unanswered::Late(self.answer_ms))?
            .map_err(|error| Unanswered::Unreachable(last_cause(&error)))?;
        if response.status().is_success() { Ok(()) } else { Err(Unanswered::Status(response.status())) }
    }

    fn request(
        &self,
        brand: &BrandId,
        webhook: &KeptWebhook,
        claimed: &Claimed,
    ) -> Result<Request<Full<Bytes>>, Unanswered> {
        // Once more: the operator may have changed what is allowed.
        let url = check(&webhook.webhook.url, self.private_too)?;
        let decision: &RawValue = serde_json::from_str(&claimed.decision)?;
        let Decided { at } = serde_json::from_str(&claimed.decision)?;
        let message = Message { r#type: "decision.made", timestamp: at, data: Data { brand, decision } };
        let (id, now, body) = (claimed.decision_id.to_string(), Clock::wall(), serde_json::to_vec(&message)?);
        let request = Request::post(url.as_str())
            .header("content-type", "application/json")
            .header("user-agent", concat!("usher/", env!("CARGO_PKG_VERSION")))
            .header("webhook-signature", signatures(webhook, &id, now, &body))
            .header("webhook-timestamp", now.ms() / 1000)
            .header("webhook-id", id);
        Ok(request.body(Full::new(body.into()))?)
    }
}
