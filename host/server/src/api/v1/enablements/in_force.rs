//! `GET /v1/brands/{brand}/groups/{group}/plugins`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BrandId, Enablement, GroupId, PluginName, Revision};
use utoipa::ToSchema;

/// A plugin in force in a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InForce {
    /// Which plugin.
    plugin: PluginName,
    /// Where it comes from: `brand`, `kind:KIND` or `group:GROUP`.
    from: String,
    /// Of the enablement there.
    revision: Revision,
    /// With the settings of all scopes merged.
    #[serde(flatten)]
    enablement: Enablement,
}

/// What is in force in a group, and where each comes from.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/plugins", tag = "enablements",
    operation_id = "list_plugins_in_force",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group")),
    responses((status = 200, description = "Plugins in force, by name", body = Page<InForce>)))]
pub(crate) async fn list_in_force(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group)): Path<(BrandId, GroupId)>,
) -> Result<Json<Page<InForce>>, Problem> {
    let (brand, group) = caller.group(&host, Permission::Read, &brand, &group)?;
    let kind = group.record.load().kind.clone();
    let effective = brand.enablements.read().effective(&group.key.group, &kind);
    let items = effective.into_iter().map(|effective| InForce {
        plugin: effective.plugin,
        from: effective.from.to_string(),
        revision: effective.revision,
        enablement: effective.enablement,
    });
    Ok(Json(Page { items: items.collect(), next: None }))
}
