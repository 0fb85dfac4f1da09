//! `PUT …/plugins/{plugin}` at a brand, a kind of group, or a group.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::api::v1::compilations::get::CompilationBody;
use crate::api::v1::enablements::scope::EnablementPath;
use crate::catalog::{Enabling, enable};
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, Enablement, GroupId, PluginName};

/// Enables a plugin, or changes it. The answer comes when the snapshot is ready; the next event meets it. When it does
/// not work out, what was in force stays.
#[utoipa::path(put, path = "/v1/brands/{brand}/groups/{group}/plugins/{plugin}", tag = "enablements",
    operation_id = "put_enablement",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Where"),
           ("plugin" = PluginName, Path, description = "What"),
           ("prefer" = Option<String>, Header, description = "`respond-async` to be answered before it is compiled")),
    request_body = Enablement,
    responses((status = 200, description = "It is changed", body = Described<Enablement>),
              (status = 201, description = "It is new here", body = Described<Enablement>),
              (status = 202, description = "It is being compiled; `Location` says where to see what becomes of it", body = CompilationBody)))]
pub(crate) async fn put_enablement(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<EnablementPath>,
    Conditional(precondition): Conditional,
    Json(enablement): Json<Enablement>,
) -> Result<Response, Problem> {
    let brand = caller.brand(&host, Permission::Manage, &path.brand)?;
    let enabling = Enabling {
        scope: path.scope(&brand)?,
        plugin: path.plugin.clone(),
        enablement: enablement.clone(),
        precondition,
        by: caller.id(),
    };
    let outcome = enable(&host.catalog, &brand, enabling).await?;
    Ok(written(path.plugin.as_str(), outcome, &enablement))
}
