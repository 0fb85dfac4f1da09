//! `POST /v1/brands/{brand}/webhooks/{webhook}/secret`

use crate::act::replace_secret;
use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::api::v1::webhooks::put::secret;
use crate::clock::Clock;
use crate::documents::{new_document, webhook_key};
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BrandId, Timestamp, WebhookName};
use usher_store::document::Precondition;
use utoipa::ToSchema;

/// A new secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewSecret {
    /// Shown this once.
    secret: String,
    /// Until then messages are signed with the one before as well.
    old_secret_until: Timestamp,
}

/// Replaces the secret of a webhook. For a while messages are signed with both.
#[utoipa::path(post, path = "/v1/brands/{brand}/webhooks/{webhook}/secret", tag = "webhooks",
    operation_id = "replace_webhook_secret",
    params(("brand" = BrandId, Path, description = "Whose"), ("webhook" = WebhookName, Path, description = "Which one")),
    responses((status = 200, description = "The new secret", body = NewSecret)))]
pub(crate) async fn replace_webhook_secret(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WebhookName)>,
) -> Result<Json<NewSecret>, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    let _changes = entry.changes.lock().await;
    let known = entry.webhook(&name).ok_or_else(|| not_found("webhook"))?;
    let (secret, until) = (secret()?, Clock::wall().plus_ms(host.config.webhooks.old_secret_ms));
    let kept = replace_secret(&known, secret.clone(), until);
    let document = new_document(webhook_key(&brand, &name), &kept, &caller.id())?;
    host.store.put_document(document, Precondition::None).await?;
    entry.webhooks.write().insert(name, Arc::new(kept));
    Ok(Json(NewSecret { secret, old_secret_until: until }))
}
