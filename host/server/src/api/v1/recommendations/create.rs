//! `POST /v1/brands/{brand}/groups/{group}/recommendations`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::api::v1::runs::prefer::{Prefer, answer};
use crate::api::v1::runs::{RunPage, RunProgress};
use crate::host::Host;
use crate::recommend::{RecommendAsked, begin};
use crate::score::Place;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, GroupId};

/// Ranks contents for a slot of a group, or for one of its members, and recommends some. Asked again with the same
/// `idempotency_key`, the answer is the same run.
#[utoipa::path(post, path = "/v1/brands/{brand}/groups/{group}/recommendations", tag = "recommendations",
    operation_id = "create_recommendations",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "For which group"),
           ("Prefer" = Option<String>, Header, description = "`respond-async`: do not wait for the end. `wait=20`: not longer than 20 seconds")),
    request_body = RecommendAsked,
    responses((status = 201, description = "The run, as it is kept", body = RunPage),
              (status = 202, description = "It goes on; `Location` says where to see how far it is", body = RunProgress)))]
pub(crate) async fn create_recommendations(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group)): Path<(BrandId, GroupId)>,
    prefer: Prefer,
    Json(asked): Json<RecommendAsked>,
) -> Result<Response, Problem> {
    let (brand, group) = caller.group(&host, Permission::Run, &brand, &group)?;
    let place = Place { brand, group: Some(group) };
    let (running, end) = begin(&host, place, asked, caller.id(), None).await?;
    answer(&host, &running, end, prefer).await
}
