//! One decision told to one address.

use super::WebhookLimits;
use super::address::{InvalidAddress, Resolver, check};
use super::sign::signatures;
use crate::clock::Clock;
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::time::Duration;
use thiserror::Error;
use usher_model::{BrandId, KeptWebhook, Timestamp};
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
    #[error("this host can't speak TLS: {0}")]
    NoTls(String),
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

/// Follows no redirects and no proxy: a decision goes where its webhook says and nowhere else.
type HttpClient = Client<HttpsConnector<HttpConnector<Resolver>>, Full<Bytes>>;

/// Speaks to addresses.
#[derive(Debug)]
pub(super) struct Deliverer {
    /// Or why there is none.
    client: Result<HttpClient, String>,
    answer_ms: u64,
    private_too: bool,
}

impl Deliverer {
    pub(super) fn new(limits: &WebhookLimits) -> Self {
        let private_too = limits.private_addresses;
        Self { client: client(private_too), answer_ms: limits.answer_ms, private_too }
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
        let response = answer.map_err(|_| Unanswered::Late(self.answer_ms))?.map_err(|error| unreachable(&error))?;
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

/// The last cause is the one that people can do something about.
fn unreachable(error: &hyper_util::client::legacy::Error) -> Unanswered {
    let mut last: &dyn std::error::Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    Unanswered::Unreachable(last.to_string().chars().filter(|c| !c.is_control()).take(200).collect())
}

/// With the roots that this machine trusts.
fn client(private_too: bool) -> Result<HttpClient, String> {
    let mut http = HttpConnector::new_with_resolver(Resolver { private_too });
    http.enforce_http(false);
    let tls = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| error.to_string())?;
    let connector = tls.https_or_http().enable_http1().wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}
