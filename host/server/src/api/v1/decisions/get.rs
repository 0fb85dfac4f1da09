//! `GET /v1/brands/{brand}/decisions/{decision}`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::host::Host;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use usher_model::{BrandId, Decision, DecisionId};

/// A decision, as it was answered.
#[utoipa::path(get, path = "/v1/brands/{brand}/decisions/{decision}", tag = "decisions", operation_id = "get_decision",
    params(("brand" = BrandId, Path, description = "Whose decision"),
           ("decision" = DecisionId, Path, description = "Which decision")),
    responses((status = 200, description = "The decision", body = Decision)))]
pub(crate) async fn get_decision(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, DecisionId)>,
) -> Result<Response, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let entry = host.store.entry_of_decision(&brand, id).await?.ok_or_else(|| not_found("decision"))?;
    Ok(([(CONTENT_TYPE, "application/json")], String::from(entry.decision)).into_response())
}
