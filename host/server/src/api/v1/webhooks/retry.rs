//! `POST /v1/brands/{brand}/webhooks/{webhook}/deliveries/retry`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::clock::Clock;
use crate::host::Host;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use usher_model::{BrandId, DecisionId, WebhookName};
use usher_store::outbox::WebhookKey;
use utoipa::ToSchema;

/// What to tell again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Retry {
    /// Only this decision; all that failed when none.
    #[serde(default)]
    decision: Option<DecisionId>,
}

/// What is told again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Retried {
    /// How many deliveries.
    deliveries: u64,
}

/// Tells a webhook again, at once, what it could not be told: for who has mended the address.
#[utoipa::path(post, path = "/v1/brands/{brand}/webhooks/{webhook}/deliveries/retry", tag = "webhooks",
    operation_id = "retry_deliveries",
    params(("brand" = BrandId, Path, description = "Whose"), ("webhook" = WebhookName, Path, description = "Which one")),
    request_body = Retry,
    responses((status = 200, description = "They are on their way", body = Retried)))]
pub(crate) async fn retry_deliveries(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WebhookName)>,
    Json(retry): Json<Retry>,
) -> Result<axum::Json<Retried>, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    entry.webhook(&name).ok_or_else(|| not_found("webhook"))?;
    let key = WebhookKey { brand, name };
    let deliveries = host.store.deliver_again(&key, retry.decision, Clock::wall()).await?;
    host.act.poke();
    Ok(axum::Json(Retried { deliveries }))
}
