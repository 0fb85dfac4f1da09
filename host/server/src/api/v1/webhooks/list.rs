//! `GET /v1/brands/{brand}/webhooks`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BrandId, Webhook, WebhookName};
use utoipa::ToSchema;

/// A webhook and its name, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NamedWebhook {
    /// Its name.
    id: WebhookName,
    /// What it is.
    #[serde(flatten)]
    webhook: Webhook,
}

/// The webhooks of a brand, without their secrets.
#[utoipa::path(get, path = "/v1/brands/{brand}/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    params(("brand" = BrandId, Path, description = "Whose")),
    responses((status = 200, description = "All of them, by name", body = Page<NamedWebhook>)))]
pub(crate) async fn list_webhooks(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
) -> Result<Json<Page<NamedWebhook>>, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    let webhooks = entry.webhooks.read();
    let named = webhooks.iter().map(|(id, kept)| NamedWebhook { id: id.clone(), webhook: kept.webhook.clone() });
    Ok(Json(Page { items: named.collect(), next: None }))
}
