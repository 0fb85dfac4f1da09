//! `GET /v1/brands/{brand}/backtests/{backtest}`

use super::BacktestBody;
use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, PageQuery, limit};
use crate::api::problem::Problem;
use crate::api::problems::{MALFORMED, not_found};
use crate::backtest::{Difference, differences, find};
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BacktestId, BrandId};
use utoipa::ToSchema;

/// How far a backtest is, and a page of what would have been others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BacktestPage {
    #[serde(flatten)]
    backtest: BacktestBody,
    /// In the order in which they were found: within a group, that of its journal.
    #[serde(flatten)]
    differences: Page<Difference>,
}

/// How far a backtest is, and the decisions that would have been others, with what was and what would have been. While
/// it runs, the last page grows.
#[utoipa::path(get, path = "/v1/brands/{brand}/backtests/{backtest}", tag = "backtests", operation_id = "get_backtest",
    params(("brand" = BrandId, Path, description = "Whose"), ("backtest" = BacktestId, Path, description = "Which one"),
           PageQuery),
    responses((status = 200, description = "How far it is", body = BacktestPage)))]
pub(crate) async fn get_backtest(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, BacktestId)>,
    Query(page): Query<PageQuery>,
) -> Result<Json<BacktestPage>, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let limit = limit(page.limit)?;
    let from: u32 = match page.cursor {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| Problem::new(MALFORMED, "`cursor` is no `next` of a page"))?,
    };
    let from = u64::from(from);
    // First how far it is: when it is over, all that it found is there.
    let backtest = find(&host, &brand, id).await?.ok_or_else(|| not_found("backtest"))?.into();
    let mut items = differences(&host, id, from, limit + 1).await?;
    let is_last = items.len() <= limit as usize;
    items.truncate(limit as usize);
    let next = (!is_last).then(|| (from + u64::from(limit)).to_string());
    Ok(Json(BacktestPage { backtest, differences: Page { items, next } }))
}
