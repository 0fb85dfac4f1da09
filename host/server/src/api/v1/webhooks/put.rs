//! `PUT /v1/brands/{brand}/webhooks/{webhook}`

use crate::act::{check_address, new_secret};
use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, with_etag};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::{Detail, Problem};
use crate::api::problems::{CONFLICT, INVALID};
use crate::documents::{new_document, webhook_key};
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BrandId, KeptWebhook, Webhook, WebhookName};
use usher_store::StoreError;
use utoipa::ToSchema;

/// Most groups that a webhook names.
const GROUPS_MAX: usize = 1000;

/// A webhook; with its secret when that is new.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WrittenWebhook {
    /// What it is.
    #[serde(flatten)]
    webhook: Webhook,
    /// What its messages are signed with. Shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// Makes a webhook, or changes where it leads and what it tells; its secret stays. It is told what is decided from now on.
#[utoipa::path(put, path = "/v1/brands/{brand}/webhooks/{webhook}", tag = "webhooks", operation_id = "put_webhook",
    params(("brand" = BrandId, Path, description = "Whose"), ("webhook" = WebhookName, Path, description = "Chosen by you")),
    request_body = Webhook,
    responses((status = 200, description = "It is changed", body = Described<WrittenWebhook>),
              (status = 201, description = "It is new; its secret is shown this once", body = Described<WrittenWebhook>)))]
pub(crate) async fn put_webhook(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, name)): Path<(BrandId, WebhookName)>,
    Conditional(precondition): Conditional,
    Json(webhook): Json<Webhook>,
) -> Result<Response, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    check(&webhook, host.config.webhooks.private_addresses)?;
    let _changes = entry.changes.lock().await;
    let known = entry.webhook(&name);
    let most = host.config.webhooks.per_brand;
    if known.is_none() && entry.webhooks.read().len() >= most {
        let detail = format!("the brand has {most} webhooks already, which is the limit (`webhooks.per_brand`)");
        return Err(Problem::new(CONFLICT, detail));
    }
    let kept = match &known {
        Some(known) => KeptWebhook { webhook: webhook.clone(), ..KeptWebhook::clone(known) },
        None => KeptWebhook { webhook: webhook.clone(), secret: secret()?, old_secret: None },
    };
    let document = new_document(webhook_key(&brand, &name), &kept, &caller.id())?;
    let revision = host.store.put_document(document, precondition).await?.revision();
    let secret = known.is_none().then(|| kept.secret.clone());
    entry.webhooks.write().insert(name.clone(), Arc::new(kept));
    let status = if known.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let content = WrittenWebhook { webhook, secret };
    let described = Described { id: name.to_string(), revision, written_at: None, content };
    Ok(with_etag(status, revision, &described))
}

fn check(webhook: &Webhook, private_too: bool) -> Result<(), Problem> {
    let field = |pointer: &str, detail: String| {
        let detail = Detail { pointer: pointer.into(), detail };
        Problem::new(INVALID, "the webhook is not valid").with_errors([detail])
    };
    check_address(&webhook.url, private_too).map_err(|error| field("/url", error.to_string()))?;
    if webhook.groups.len() > GROUPS_MAX {
        return Err(field("/groups", format!("a webhook names at most {GROUPS_MAX} groups")));
    }
    Ok(())
}

pub(super) fn secret() -> Result<String, StoreError> {
    new_secret().map_err(|_| StoreError::Damaged { what: "the system's randomness" })
}
