//! `POST /v1/brands/{brand}/backtests`

use super::BacktestBody;
use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::backtest::{Asked, start};
use crate::host::Host;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use usher_model::BrandId;

/// Tries a version of a plugin and settings on events of the past, in a memory of its own; nothing comes into force.
#[utoipa::path(post, path = "/v1/brands/{brand}/backtests", tag = "backtests", operation_id = "create_backtest",
    params(("brand" = BrandId, Path, description = "Whose events")), request_body = Asked,
    responses((status = 202, description = "It has begun; `Location` says where to see how far it is", body = BacktestBody)))]
pub(crate) async fn create_backtest(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
    Json(asked): Json<Asked>,
) -> Result<Response, Problem> {
    let owner = caller.brand(&host, Permission::ManagePlugins, &brand)?;
    let body = BacktestBody::from(start(&host, &owner, asked).await?);
    let location = format!("/v1/brands/{brand}/backtests/{}", body.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], axum::Json(body)).into_response())
}
