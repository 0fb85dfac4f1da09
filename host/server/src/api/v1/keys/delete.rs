//! `DELETE /v1/keys/{key}`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::KeyId;

/// Takes a key back, at once.
#[utoipa::path(delete, path = "/v1/keys/{key}", tag = "keys", operation_id = "delete_key",
    params(("key" = KeyId, Path, description = "Which key")),
    responses((status = 204, description = "It is of no use any more")))]
pub(crate) async fn delete_key(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(id): Path<KeyId>,
) -> Result<StatusCode, Problem> {
    caller.may(Permission::ManageKeys)?;
    host.keys.delete(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
