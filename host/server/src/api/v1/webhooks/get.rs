//! `GET /v1/brands/{brand}/webhooks/{webhook}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, with_etag};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::documents::{read, webhook_key};
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, KeptWebhook, Webhook, WebhookName};

/// A webhook, without its secret.
#[utoipa::path(get, path = "/v1/brands/{brand}/webhooks/{webhook}", tag = "webhooks", operation_id = "get_webhook",
    params(("brand" = BrandId, Path, description = "Whose"), ("webhook" = WebhookName, Path, description = "Which one")),
    responses((status = 200, description = "The webhook", body = Described<Webhook>)))]
pub(crate) async fn get_webhook(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WebhookName)>,
) -> Result<Response, Problem> {
    caller.brand(&host, Permission::Manage, &brand)?;
    let document = host.store.document(&webhook_key(&brand, &name)).await?.ok_or_else(|| not_found("webhook"))?;
    let kept: KeptWebhook = read(&document)?;
    let (revision, written_at) = (document.revision, Some(document.written_at));
    let described = Described { id: name.to_string(), revision, written_at, content: kept.webhook };
    Ok(with_etag(StatusCode::OK, revision, &described))
}
