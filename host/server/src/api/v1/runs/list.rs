//! `GET /v1/brands/{brand}/runs`

use super::RunBody;
use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, limit};
use crate::api::problem::Problem;
use crate::api::problems::MALFORMED;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, RunId, RunKind};
use usher_store::run::RunQuery;
use utoipa::IntoParams;

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunsQuery {
    /// Only over this group.
    #[serde(default)]
    group: Option<GroupId>,
    /// Only of this kind: `score` or `rank`.
    #[serde(default)]
    kind: Option<RunKind>,
    /// Only of this series.
    #[serde(default)]
    series: Option<String>,
    /// The `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// At most so many items, 1 to 100.
    #[serde(default)]
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Runs that are kept, the newest first, without their rows.
#[utoipa::path(get, path = "/v1/brands/{brand}/runs", tag = "runs", operation_id = "list_runs",
    params(("brand" = BrandId, Path, description = "Whose"), RunsQuery),
    responses((status = 200, description = "A page of runs", body = Page<RunBody>)))]
pub(crate) async fn list_runs(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
    Query(query): Query<RunsQuery>,
) -> Result<Json<Page<RunBody>>, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let limit = limit(query.limit)?;
    let cursor = query.cursor.map(|cursor| cursor.parse::<RunId>());
    let before = cursor.transpose().map_err(|_| Problem::new(MALFORMED, "`cursor` is no `next` of a page"))?;
    let (group, kind, series) = (query.group, query.kind, query.series);
    let runs = host.store.runs(&RunQuery { brand, group, kind, series, before, limit }).await?;
    let next = runs.last().filter(|_| runs.len() == limit as usize).map(|run| run.id.to_string());
    let items = runs.iter().map(RunBody::of).collect::<Result<_, _>>()?;
    Ok(Json(Page { items, next }))
}
