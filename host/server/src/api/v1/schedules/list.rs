//! `GET /v1/brands/{brand}/groups/{group}/schedules`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, page};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::api::v1::scope::ScopePath;
use crate::documents::schedule_prefix;
use crate::host::Host;
use crate::schedule::Schedule;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::{BrandId, GroupId};
use usher_store::document::Collection;

/// The schedules of a group.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/schedules", tag = "runs",
    operation_id = "list_schedules",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           PageQuery),
    responses((status = 200, description = "A page, by name", body = Page<Described<Schedule>>)))]
pub(crate) async fn list_schedules(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<ScopePath>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<Described<Schedule>>>, Problem> {
    path.place(&host, &caller, Permission::Read)?;
    let (store, prefix) = (host.store.as_ref(), schedule_prefix(path.group.as_ref()));
    Ok(Json(page(store, Collection::Schedules, path.brand.as_str(), prefix, &query).await?))
}
