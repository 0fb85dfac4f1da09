//! `GET /v1/keys`

use crate::api::auth::{Caller, Permission};
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::api::v1::keys::create::KeySummary;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// All keys, oldest first, without their secrets.
#[utoipa::path(get, path = "/v1/keys", tag = "keys", operation_id = "list_keys",
    responses((status = 200, description = "All keys", body = Page<KeySummary>)))]
pub(crate) async fn list_keys(
    State(host): State<Arc<Host>>,
    caller: Caller,
) -> Result<Json<Page<KeySummary>>, Problem> {
    caller.may(Permission::ManageKeys)?;
    let items = host.keys.list().iter().map(|known| known.as_ref().into()).collect();
    Ok(Json(Page { items, next: None }))
}
