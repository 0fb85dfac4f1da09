//! `GET /v1/brands/{brand}/groups`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, page};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::{BrandId, Group};
use usher_store::document::Collection;

/// The groups of a brand.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups", tag = "groups", operation_id = "list_groups",
    params(("brand" = BrandId, Path, description = "Whose groups"), PageQuery),
    responses((status = 200, description = "A page of groups, by id", body = Page<Described<Group>>)))]
pub(crate) async fn list_groups(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Described<Group>>>, Problem> {
    caller.brand(&host, Permission::Read, &brand)?;
    let store = host.store.as_ref();
    Ok(Json(page(store, Collection::Groups, brand.as_str(), String::new(), &query).await?))
}
