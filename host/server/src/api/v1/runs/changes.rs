//! `GET /v1/brands/{brand}/runs/{run}/changes`

use super::body::Row;
use super::get::after;
use super::{RunBody, RunPage};
use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, PageQuery, limit};
use crate::api::problem::Problem;
use crate::api::problems::{CONFLICT, not_found};
use crate::host::Host;
use crate::runs::RunError;
use crate::score::ScoreRow;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::{BrandId, RunId, RunKind};
use usher_store::run::Run;

/// Rows that are looked at at a time.
const AT_A_TIME: u32 = 1_000;

/// Who entered and who left against the run before of the same series, whose labels changed, and why.
#[utoipa::path(get, path = "/v1/brands/{brand}/runs/{run}/changes", tag = "runs", operation_id = "list_run_changes",
    params(("brand" = BrandId, Path, description = "Whose"), ("run" = RunId, Path, description = "Which scoring"), PageQuery),
    responses((status = 200, description = "The run with a page of those rows that are others", body = RunPage)))]
pub(crate) async fn list_run_changes(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, RunId)>,
    Query(query): Query<PageQuery>,
) -> Result<Json<RunPage>, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let (limit, after) = (limit(query.limit)?, after(query.cursor.as_deref())?);
    let run = host.store.run(&brand, id).await?.ok_or_else(|| not_found("run"))?;
    if run.kind != RunKind::Score {
        return Err(Problem::new(CONFLICT, "only scorings are compared with the run before"));
    }
    let body = RunBody::of(&run)?;
    let rows = changed(&host, &run, &body, after, limit as usize).await?;
    Ok(Json(RunPage::new(body, rows)))
}

async fn changed(
    host: &Host,
    run: &Run,
    body: &RunBody,
    mut after: Option<u32>,
    limit: usize,
) -> Result<Page<Row>, Problem> {
    let mut items = Vec::new();
    loop {
        let page = host.store.run_rows(run.id, after, AT_A_TIME).await?;
        let last = page.len() < AT_A_TIME as usize;
        for kept in page {
            after = Some(kept.position);
            let row: ScoreRow = serde_json::from_str(&kept.body).map_err(RunError::Row)?;
            if row.has_changed() {
                items.push(body.row(kept)?);
            }
            if items.len() == limit {
                return Ok(Page { items, next: after.map(|after| after.to_string()) });
            }
        }
        if last {
            return Ok(Page { items, next: None });
        }
    }
}
