//! `DELETE /v1/brands/{brand}/backtests/{backtest}`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::backtest::{Ended, end};
use crate::host::Host;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use usher_model::{BacktestId, BrandId};

/// Ends a backtest that is under way, through whichever host; what it found so far stays. One that is over is forgotten.
#[utoipa::path(delete, path = "/v1/brands/{brand}/backtests/{backtest}", tag = "backtests",
    operation_id = "delete_backtest",
    params(("brand" = BrandId, Path, description = "Whose"), ("backtest" = BacktestId, Path, description = "Which one")),
    responses((status = 202, description = "It ends; its `state` will be `cancelled`"),
              (status = 204, description = "It was over, and is gone")))]
pub(crate) async fn delete_backtest(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, BacktestId)>,
) -> Result<StatusCode, Problem> {
    caller.brand(&host, Permission::ManagePlugins, &brand)?;
    match end(&host, &brand, id).await? {
        Ended::Cancelled => Ok(StatusCode::ACCEPTED),
        Ended::Forgotten => Ok(StatusCode::NO_CONTENT),
        Ended::Missing => Err(not_found("backtest")),
    }
}
