//! `GET /v1/brands/{brand}/contents`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, page};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::{BrandId, Content};
use usher_store::document::Collection;

/// The contents of a brand.
#[utoipa::path(get, path = "/v1/brands/{brand}/contents", tag = "contents", operation_id = "list_contents",
    params(("brand" = BrandId, Path, description = "Whose contents"), PageQuery),
    responses((status = 200, description = "A page of contents, by id", body = Page<Described<Content>>)))]
pub(crate) async fn list_contents(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Described<Content>>>, Problem> {
    caller.brand(&host, Permission::Read, &brand)?;
    let store = host.store.as_ref();
    Ok(Json(page(store, Collection::Contents, brand.as_str(), String::new(), &query).await?))
}
