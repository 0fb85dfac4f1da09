//! `DELETE /v1/brands/{brand}/contents/{content}`

use crate::api::auth::{Caller, Permission};
use crate::api::etag::Conditional;
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::documents::content_key;
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::{BrandId, ContentId};

/// Takes a content away: it is recommended no more. What became of it so far stays.
#[utoipa::path(delete, path = "/v1/brands/{brand}/contents/{content}", tag = "contents",
    operation_id = "delete_content",
    params(("brand" = BrandId, Path, description = "Whose content"),
           ("content" = ContentId, Path, description = "Which content")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete_content(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, ContentId)>,
    Conditional(precondition): Conditional,
) -> Result<StatusCode, Problem> {
    caller.brand(&host, Permission::ManageContents, &brand)?;
    host.store.delete_document(&content_key(&brand, &id), precondition).await?;
    Ok(StatusCode::NO_CONTENT)
}
