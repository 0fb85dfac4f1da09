//! `GET /v1/brands/{brand}/plugins/{plugin}/logs`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, limit};
use crate::api::problem::Problem;
use crate::api::v1::plugin_logs::LineBody;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use usher_model::{BrandId, PluginName};
use utoipa::IntoParams;

/// How much of it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LastQuery {
    /// The last so many lines that are kept, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl LastQuery {
    pub(super) fn lines(&self) -> Result<usize, Problem> {
        Ok(limit(self.limit)? as usize)
    }
}

/// What a plugin wrote to its log lately, in all groups of the brand, oldest first: kept in the memory of this host
/// alone, within limits.
#[utoipa::path(get, path = "/v1/brands/{brand}/plugins/{plugin}/logs", tag = "plugins", operation_id = "list_plugin_logs",
    params(("brand" = BrandId, Path, description = "In which brand"),
           ("plugin" = PluginName, Path, description = "Which plugin"), LastQuery),
    responses((status = 200, description = "Its last lines", body = Page<LineBody>)))]
pub(crate) async fn list_plugin_logs(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, plugin)): Path<(BrandId, PluginName)>,
    Query(query): Query<LastQuery>,
) -> Result<Json<Page<LineBody>>, Problem> {
    let brand = caller.brand(&host, Permission::ReadPluginLogs, &brand)?;
    let lines = host.plugin_logs.last(&brand.id, &plugin, query.lines()?);
    Ok(Json(Page { items: lines.iter().map(|line| LineBody::from(line.as_ref())).collect(), next: None }))
}
