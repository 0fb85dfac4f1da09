//! `GET /v1/keys/{key}`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::api::v1::keys::create::KeySummary;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::KeyId;

/// A key, without its secret.
#[utoipa::path(get, path = "/v1/keys/{key}", tag = "keys", operation_id = "get_key",
    params(("key" = KeyId, Path, description = "Which key")),
    responses((status = 200, description = "The key", body = KeySummary)))]
pub(crate) async fn get_key(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(id): Path<KeyId>,
) -> Result<Json<KeySummary>, Problem> {
    caller.may(Permission::ManageKeys)?;
    host.keys.get(id).map(|known| Json(known.as_ref().into())).ok_or_else(|| not_found("key"))
}
