//! `GET /v1/plugins`

use crate::api::auth::{Caller, Permission};
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::catalog::Plugin;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{PluginName, PluginVersion};
use utoipa::ToSchema;

/// A plugin and its versions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PluginSummary {
    /// The author's name for it.
    pub(crate) name: PluginName,
    /// One sentence, of the version uploaded last.
    pub(crate) summary: String,
    /// Its versions, in the order of their upload.
    pub(crate) versions: Vec<PluginVersion>,
}

/// All plugins with their versions, from the catalog's list, which is sorted by name.
pub(crate) fn summaries(mut plugins: Vec<Arc<Plugin>>) -> Vec<PluginSummary> {
    plugins.sort_by_key(|plugin| (plugin.facts.manifest.name.clone(), plugin.uploaded_at));
    let of_one_name = |a: &Arc<Plugin>, b: &Arc<Plugin>| a.facts.manifest.name == b.facts.manifest.name;
    plugins
        .chunk_by(of_one_name)
        .filter_map(|versions| {
            let newest = &versions.last()?.facts.manifest;
            Some(PluginSummary {
                name: newest.name.clone(),
                summary: newest.summary.clone(),
                versions: versions.iter().map(|plugin| plugin.facts.manifest.version.clone()).collect(),
            })
        })
        .collect()
}

/// All plugins, by name.
#[utoipa::path(get, path = "/v1/plugins", tag = "plugins", operation_id = "list_plugins",
    responses((status = 200, description = "All plugins", body = Page<PluginSummary>)))]
pub(crate) async fn list_plugins(
    State(host): State<Arc<Host>>,
    caller: Caller,
) -> Result<Json<Page<PluginSummary>>, Problem> {
    caller.may(Permission::Read)?;
    Ok(Json(Page { items: summaries(host.catalog.list()), next: None }))
}
