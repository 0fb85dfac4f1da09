//! `DELETE /v1/plugins/{plugin}/versions/{version}`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::{CONFLICT, not_found};
use crate::catalog::Retired;
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::{PluginName, PluginVersion};

/// Retires a version that is in force nowhere: it is in no list and can't be enabled, and its number stays taken. Decisions
/// of the past that were made with it can still be made again, so its bytes stay; the same bytes, uploaded again, bring it
/// back.
#[utoipa::path(delete, path = "/v1/plugins/{plugin}/versions/{version}", tag = "plugins",
    operation_id = "delete_plugin_version",
    params(("plugin" = PluginName, Path, description = "Which plugin"),
           ("version" = PluginVersion, Path, description = "Which version")),
    responses((status = 204, description = "It is retired")))]
pub(crate) async fn delete_plugin_version(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((name, version)): Path<(PluginName, PluginVersion)>,
) -> Result<StatusCode, Problem> {
    caller.may(Permission::ManagePlugins)?;
    match host.catalog.retire(&name, &version, || host.directory.uses(&name, &version)).await? {
        Retired::Done => Ok(StatusCode::NO_CONTENT),
        Retired::Missing => Err(not_found("version of a plugin")),
        Retired::InUse => {
            Err(Problem::new(CONFLICT, format!("`{name}` {version} is enabled somewhere: disable it there first")))
        }
    }
}
