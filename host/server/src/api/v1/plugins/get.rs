//! `GET /v1/plugins/{plugin}`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::api::v1::plugins::list::{PluginSummary, summaries};
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::PluginName;

/// A plugin and its versions.
#[utoipa::path(get, path = "/v1/plugins/{plugin}", tag = "plugins", operation_id = "get_plugin",
    params(("plugin" = PluginName, Path, description = "Which plugin")),
    responses((status = 200, description = "The plugin", body = PluginSummary)))]
pub(crate) async fn get_plugin(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(name): Path<PluginName>,
) -> Result<Json<PluginSummary>, Problem> {
    caller.may(Permission::Read)?;
    let versions = host.catalog.list().into_iter().filter(|plugin| plugin.facts.manifest.name == name).collect();
    summaries(versions).pop().map(Json).ok_or_else(|| not_found("plugin"))
}
