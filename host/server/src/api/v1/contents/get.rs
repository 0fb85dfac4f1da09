//! `GET /v1/brands/{brand}/contents/{content}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, found};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::documents::content_key;
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, Content, ContentId};

/// A content.
#[utoipa::path(get, path = "/v1/brands/{brand}/contents/{content}", tag = "contents", operation_id = "get_content",
    params(("brand" = BrandId, Path, description = "Whose content"),
           ("content" = ContentId, Path, description = "Which content")),
    responses((status = 200, description = "The content", body = Described<Content>)))]
pub(crate) async fn get_content(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, ContentId)>,
) -> Result<Response, Problem> {
    caller.brand(&host, Permission::Read, &brand)?;
    let document = host.store.document(&content_key(&brand, &id)).await?.ok_or_else(|| not_found("content"))?;
    found::<Content>(id.as_str(), &document)
}
