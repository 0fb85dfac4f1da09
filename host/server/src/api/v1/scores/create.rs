//! `POST /v1/brands/{brand}/groups/{group}/scores`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::api::v1::runs::prefer::{Prefer, answer};
use crate::api::v1::runs::{RunPage, RunProgress};
use crate::api::v1::scope::ScopePath;
use crate::host::Host;
use crate::score::{ScoreAsked, begin};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, GroupId};

/// Scores the members and chooses some. The answer is the run with its first rows; with `Prefer: respond-async`, where to
/// see how far it is. At a brand, the members of all its groups, by the plugins that are enabled for the brand as a whole.
#[utoipa::path(post, path = "/v1/brands/{brand}/groups/{group}/scores", tag = "scores", operation_id = "create_scores",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Whose members"),
           ("Prefer" = Option<String>, Header, description = "`respond-async`: do not wait for the end. `wait=20`: not longer than 20 seconds")),
    request_body = ScoreAsked,
    responses((status = 201, description = "The run, as it is kept", body = RunPage),
              (status = 202, description = "It goes on; `Location` says where to see how far it is", body = RunProgress)))]
pub(crate) async fn create_scores(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<ScopePath>,
    prefer: Prefer,
    Json(asked): Json<ScoreAsked>,
) -> Result<Response, Problem> {
    let place = path.place(&host, &caller, Permission::Run)?;
    let (running, end) = begin(&host, place, asked.wanted()?, caller.id(), None).await?;
    answer(&host, &running, end, prefer).await
}
