//! `POST /v1/brands/{brand}/runs/{run}/replay`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::host::Host;
use crate::{recommend, score};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BrandId, RunId, RunKind};
use utoipa::ToSchema;

/// What came of making a run again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunReplayed {
    /// Whether every row, and what the run comes to, is the same to the byte.
    identical: bool,
    /// Whether this host has the version of that time; where not, a difference may be the host's.
    same_engine: bool,
}

/// Makes a run again from what it was made of, which is kept with it, and compares. Nothing of now is read, and nothing is
/// kept.
#[utoipa::path(post, path = "/v1/brands/{brand}/runs/{run}/replay", tag = "runs", operation_id = "replay_run",
    params(("brand" = BrandId, Path, description = "Whose"), ("run" = RunId, Path, description = "Which one")),
    responses((status = 200, description = "Whether it came out the same", body = RunReplayed),
              (status = 409, description = "A plugin of that time is not here any more", body = Problem)))]
pub(crate) async fn replay_run(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, RunId)>,
) -> Result<Json<RunReplayed>, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let run = host.store.run(&brand, id).await?.ok_or_else(|| not_found("run"))?;
    let inputs = host.store.run_inputs(id).await?.ok_or_else(|| not_found("run"))?;
    let (identical, same_engine) = match run.kind {
        RunKind::Score => score::replay(&host, &run, &inputs).await?,
        RunKind::Rank => recommend::replay(&host, &run, &inputs).await?,
    };
    Ok(Json(RunReplayed { identical, same_engine }))
}
