//! `POST /v1/brands/{brand}/groups/{group}/events`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{EventBytes, Path};
use crate::api::problem::Problem;
use crate::host::Host;
use crate::ingest::ingest;
use crate::pipeline::decide;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use usher_model::{BrandId, Decision, Event, GroupId};

/// An event happens: the answer is the decision about it, and it is durable. The same event gets the same answer.
#[utoipa::path(post, path = "/v1/brands/{brand}/groups/{group}/events", tag = "events", operation_id = "create_event",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Where it happened")),
    request_body = Event,
    responses((status = 200, description = "The decision; a verdict is never an HTTP error", body = Decision)))]
pub(crate) async fn create_event(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group)): Path<(BrandId, GroupId)>,
    EventBytes(bytes): EventBytes,
) -> Result<Response, Problem> {
    let (brand, group) = caller.group(&host, Permission::SendEvents, &brand, &group)?;
    let reported = ingest(&bytes, host.config.clock.latest(host.config.limits.ahead_ms))?;
    let decision = decide(&host, &brand, &group, &reported).await?;
    Ok(([(CONTENT_TYPE, "application/json")], decision.as_bytes().to_vec()).into_response())
}
