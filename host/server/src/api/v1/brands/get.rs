//! `GET /v1/brands/{brand}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, found};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::documents::brand_key;
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{Brand, BrandId};

/// A brand.
#[utoipa::path(get, path = "/v1/brands/{brand}", tag = "brands", operation_id = "get_brand",
    params(("brand" = BrandId, Path, description = "Which brand")),
    responses((status = 200, description = "The brand", body = Described<Brand>)))]
pub(crate) async fn get_brand(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(id): Path<BrandId>,
) -> Result<Response, Problem> {
    caller.may_in(Permission::Read, &id)?;
    let document = host.store.document(&brand_key(&id)).await?.ok_or_else(|| not_found("brand"))?;
    found::<Brand>(id.as_str(), &document)
}
