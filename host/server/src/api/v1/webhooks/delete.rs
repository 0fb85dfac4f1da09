//! `DELETE /v1/brands/{brand}/webhooks/{webhook}`

use crate::api::auth::{Caller, Permission};
use crate::api::etag::Conditional;
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::documents::webhook_key;
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::{BrandId, WebhookName};
use usher_store::outbox::WebhookKey;

/// Takes a webhook away. It is not told what it has yet to be told.
#[utoipa::path(delete, path = "/v1/brands/{brand}/webhooks/{webhook}", tag = "webhooks", operation_id = "delete_webhook",
    params(("brand" = BrandId, Path, description = "Whose"), ("webhook" = WebhookName, Path, description = "Which one")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete_webhook(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WebhookName)>,
    Conditional(precondition): Conditional,
) -> Result<StatusCode, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    let _changes = entry.changes.lock().await;
    host.store.delete_document(&webhook_key(&brand, &name), precondition).await?;
    entry.webhooks.write().remove(&name);
    // Decisions that are on their way to the disk may add some; those are forgotten when they are due.
    host.store.forget_deliveries(&WebhookKey { brand, name }, 0).await?;
    Ok(StatusCode::NO_CONTENT)
}
