//! `GET /v1/brands/{brand}/backtests`

use super::BacktestBody;
use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::backtest::list;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::BrandId;

/// The brand's last backtests, newest first, whichever host ran them.
#[utoipa::path(get, path = "/v1/brands/{brand}/backtests", tag = "backtests", operation_id = "list_backtests",
    params(("brand" = BrandId, Path, description = "Whose")),
    responses((status = 200, description = "A few, all on one page", body = Page<BacktestBody>)))]
pub(crate) async fn list_backtests(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
) -> Result<Json<Page<BacktestBody>>, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let items = list(&host, &brand).await?.into_iter().map(BacktestBody::from).collect();
    Ok(Json(Page { items, next: None }))
}
