//! `DELETE …/plugins/{plugin}` at a brand, a kind of group, or a group.

use crate::api::auth::{Caller, Permission};
use crate::api::etag::Conditional;
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::v1::enablements::scope::EnablementPath;
use crate::catalog::{Change, begin};
use crate::documents::enablement_key;
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, PluginName};

/// Takes an enablement away at this scope; a wider one, if there is one, is in force again. It stays when the settings
/// of a narrower scope would not fit without it.
#[utoipa::path(delete, path = "/v1/brands/{brand}/groups/{group}/plugins/{plugin}", tag = "enablements",
    operation_id = "delete_enablement",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Where"),
           ("plugin" = PluginName, Path, description = "What")),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete_enablement(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<EnablementPath>,
    Conditional(precondition): Conditional,
) -> Result<StatusCode, Problem> {
    let brand = caller.brand(&host, Permission::Manage, &path.brand)?;
    let scope = path.scope(&brand)?;
    // Settings of narrower scopes stand on those of wider ones.
    let _changes = begin(&host.catalog, &brand, &Change::Enablement(&scope, &path.plugin, None)).await?;
    host.store.delete_document(&enablement_key(&brand.id, &scope, &path.plugin), precondition).await?;
    brand.enablements.write().remove(&scope, &path.plugin);
    brand.replan(&scope);
    Ok(StatusCode::NO_CONTENT)
}
