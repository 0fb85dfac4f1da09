//! `DELETE /v1/brands/{brand}/groups/{group}/candidates/{member}`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::etag::Conditional;
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::v1::scope::NamedPath;
use crate::host::Host;
use crate::score::word_key;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, MemberId};

/// Takes back what people said of a candidate: from the next run on, only scores and plugins count.
#[utoipa::path(delete, path = "/v1/brands/{brand}/groups/{group}/candidates/{member}", tag = "scores",
    operation_id = "delete_candidate",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("member" = MemberId, Path, description = "Of whom")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete_candidate(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<NamedPath>,
    Conditional(precondition): Conditional,
) -> Result<StatusCode, Problem> {
    path.scope().place(&host, &caller, Permission::ManageMembers)?;
    let key = word_key(&path.brand, path.group.as_ref(), &path.name);
    host.store.delete_document(&key, precondition).await?;
    Ok(StatusCode::NO_CONTENT)
}
