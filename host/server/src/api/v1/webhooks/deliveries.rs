//! `GET /v1/brands/{brand}/webhooks/{webhook}/deliveries`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, PageQuery, limit};
use crate::api::problem::Problem;
use crate::api::problems::{MALFORMED, not_found};
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BrandId, DecisionId, Timestamp, WebhookName};
use usher_store::outbox::{Delivery, WebhookKey};
use utoipa::ToSchema;

/// A decision that a webhook has yet to be told, or was not told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryBody {
    /// Which decision.
    decision: DecisionId,
    /// How often it was tried in vain.
    attempts: u64,
    /// When it is tried next, by the wall clock; none when it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    /// What went wrong the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Box<str>>,
}

impl From<Delivery> for DeliveryBody {
    fn from(delivery: Delivery) -> Self {
        let Delivery { decision_id, attempts, due, failure } = delivery;
        Self { decision: decision_id, attempts, due, failure }
    }
}

/// What a webhook has yet to be told, and what it was not told in the end; the oldest decisions first.
#[utoipa::path(get, path = "/v1/brands/{brand}/webhooks/{webhook}/deliveries", tag = "webhooks",
    operation_id = "list_deliveries",
    params(("brand" = BrandId, Path, description = "Whose"), ("webhook" = WebhookName, Path, description = "Which one"),
           PageQuery),
    responses((status = 200, description = "A page of them", body = Page<DeliveryBody>)))]
pub(crate) async fn list_deliveries(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WebhookName)>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<DeliveryBody>>, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    entry.webhook(&name).ok_or_else(|| not_found("webhook"))?;
    let limit = limit(page.limit)?;
    let after = page.cursor.map(|cursor| cursor.parse::<DecisionId>()).transpose();
    let after = after.map_err(|_| Problem::new(MALFORMED, "`cursor` is the `next` of the page before"))?;
    let deliveries = host.store.deliveries(&WebhookKey { brand, name }, after, limit).await?;
    let full = deliveries.len() == limit as usize;
    let next = deliveries.last().filter(|_| full).map(|last| last.decision_id.to_string());
    Ok(Json(Page { items: deliveries.into_iter().map(Into::into).collect(), next }))
}
