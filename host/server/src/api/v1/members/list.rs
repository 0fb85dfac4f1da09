//! `GET /v1/brands/{brand}/groups/{group}/members`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, page};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, Member};
use usher_store::document::Collection;

/// The members of a group that are on record.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/members", tag = "members", operation_id = "list_members",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           PageQuery),
    responses((status = 200, description = "A page of members, by id", body = Page<Described<Member>>)))]
pub(crate) async fn list_members(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group)): Path<(BrandId, GroupId)>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Described<Member>>>, Problem> {
    caller.group(&host, Permission::Read, &brand, &group)?;
    let store = host.store.as_ref();
    Ok(Json(page(store, Collection::Members, brand.as_str(), format!("{group}/"), &query).await?))
}
