//! `GET /v1/brands/{brand}/breakers`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::api::v1::breakers::BreakerBody;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::BrandId;

/// The breakers of a brand, by plugin: one for each plugin that an event of the brand could meet since the host started.
#[utoipa::path(get, path = "/v1/brands/{brand}/breakers", tag = "breakers", operation_id = "list_breakers",
    params(("brand" = BrandId, Path, description = "Whose")),
    responses((status = 200, description = "Its breakers, on this host", body = Page<BreakerBody>)))]
pub(crate) async fn list_breakers(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
) -> Result<Json<Page<BreakerBody>>, Problem> {
    let brand = caller.brand(&host, Permission::Read, &brand)?;
    let items = brand.breakers.read().into_iter().map(BreakerBody::from).collect();
    Ok(Json(Page { items, next: None }))
}
