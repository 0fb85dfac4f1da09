//! `GET /v1/plugins/{plugin}/versions/{version}`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::catalog::Plugin;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use usher_model::{Digest, Manifest, PluginName, PluginVersion, Timestamp};
use utoipa::ToSchema;

/// A published version of a plugin.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PluginVersionBody {
    /// The author's name for it.
    name: PluginName,
    /// The author's version.
    version: PluginVersion,
    /// SHA-256 of the component.
    digest: Digest,
    /// Size of the component, in bytes.
    size_bytes: u64,
    /// What it can be asked: `check`, `score`, `rank`.
    #[schema(value_type = Vec<String>)]
    hooks: BTreeSet<usher_engine::Hook>,
    /// What it imports, by interface.
    imports: BTreeSet<String>,
    /// When it was uploaded, by the wall clock.
    uploaded_at: Timestamp,
    /// What it says of itself.
    manifest: Manifest,
}

impl From<&Plugin> for PluginVersionBody {
    fn from(plugin: &Plugin) -> Self {
        let facts = &plugin.facts;
        Self {
            name: facts.manifest.name.clone(),
            version: facts.manifest.version.clone(),
            digest: facts.digest,
            size_bytes: plugin.size_bytes,
            hooks: facts.hooks.clone(),
            imports: facts.imports.clone(),
            uploaded_at: plugin.uploaded_at,
            manifest: facts.manifest.clone(),
        }
    }
}

/// A version of a plugin.
#[utoipa::path(get, path = "/v1/plugins/{plugin}/versions/{version}", tag = "plugins",
    operation_id = "get_plugin_version",
    params(("plugin" = PluginName, Path, description = "Which plugin"),
           ("version" = PluginVersion, Path, description = "Which version")),
    responses((status = 200, description = "The version", body = PluginVersionBody)))]
pub(crate) async fn get_plugin_version(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((name, version)): Path<(PluginName, PluginVersion)>,
) -> Result<Json<PluginVersionBody>, Problem> {
    caller.may(Permission::Read)?;
    let plugin = host.catalog.get(&name, &version).ok_or_else(|| not_found("version of a plugin"))?;
    Ok(Json(plugin.as_ref().into()))
}
