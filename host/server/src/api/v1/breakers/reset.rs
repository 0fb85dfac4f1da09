//! `POST /v1/brands/{brand}/breakers/{plugin}/reset`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::api::v1::breakers::BreakerBody;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::{BrandId, PluginName};

/// Closes a breaker at once, and those of versions on trial, and forgets what it knew: for who has mended what made the plugin fail.
#[utoipa::path(post, path = "/v1/brands/{brand}/breakers/{plugin}/reset", tag = "breakers",
    operation_id = "reset_breaker",
    params(("brand" = BrandId, Path, description = "Whose"),
           ("plugin" = PluginName, Path, description = "Before which plugin")),
    responses((status = 200, description = "It is closed", body = BreakerBody)))]
pub(crate) async fn reset_breaker(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, plugin)): Path<(BrandId, PluginName)>,
) -> Result<Json<BreakerBody>, Problem> {
    let brand = caller.brand(&host, Permission::Manage, &brand)?;
    let breaker = brand.breakers.get(&plugin).ok_or_else(|| not_found("breaker"))?;
    breaker.reset();
    brand.breakers.reset_trials(&plugin);
    Ok(Json(breaker.read().into()))
}
