//! `GET /v1/brands/{brand}/runs/{run}`

use super::{RunPage, RunProgress, page, progress};
use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::{PageQuery, limit};
use crate::api::problem::Problem;
use crate::api::problems::{MALFORMED, not_found};
use crate::host::Host;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use usher_model::{BrandId, RunId};

/// A run with a page of its rows, the chosen ones first. While it is under way, how far it is: `rows_done` of `rows`;
/// and when it ended early, why.
#[utoipa::path(get, path = "/v1/brands/{brand}/runs/{run}", tag = "runs", operation_id = "get_run",
    params(("brand" = BrandId, Path, description = "Whose"), ("run" = RunId, Path, description = "Which one"), PageQuery),
    responses((status = 200, description = "The run with a page of rows", body = RunPage),
              (status = 202, description = "It is not kept, or not yet", body = RunProgress)))]
pub(crate) async fn get_run(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, RunId)>,
    Query(query): Query<PageQuery>,
) -> Result<Response, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    // In this order: what is kept while this is read is found in one of them.
    let running = host.runs.get(&brand, id);
    let limit = limit(query.limit)?;
    let after = after(query.cursor.as_deref())?;
    if let Some(run) = host.store.run(&brand, id).await? {
        return Ok(axum::Json(page(&host, &run, after, limit).await?).into_response());
    }
    let running = running.ok_or_else(|| not_found("run"))?;
    Ok((axum::http::StatusCode::ACCEPTED, axum::Json(progress(&running))).into_response())
}

/// The position that a page begins after.
pub(super) fn after(cursor: Option<&str>) -> Result<Option<u32>, Problem> {
    let parse = |cursor: &str| cursor.parse().map_err(|_| Problem::new(MALFORMED, "`cursor` is no `next` of a page"));
    cursor.map(parse).transpose()
}
