//! `DELETE /v1/brands/{brand}/groups/{group}/schedules/{schedule}`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::etag::Conditional;
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::v1::scope::NamedPath;
use crate::documents::schedule_key;
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::{BrandId, GroupId};

/// Takes a schedule away. A run that is under way goes on, and what was made stays.
#[utoipa::path(delete, path = "/v1/brands/{brand}/groups/{group}/schedules/{schedule}", tag = "runs",
    operation_id = "delete_schedule",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("schedule" = String, Path, description = "Which schedule")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete_schedule(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<NamedPath>,
    Conditional(precondition): Conditional,
) -> Result<StatusCode, Problem> {
    let place = path.scope().place(&host, &caller, Permission::Manage)?;
    let _changes = place.brand.changes.lock().await;
    let key = schedule_key(&path.brand, path.group.as_ref(), &path.name);
    host.store.delete_document(&key, precondition).await?;
    host.directory.reload(host.store.as_ref(), &key).await?;
    Ok(StatusCode::NO_CONTENT)
}
