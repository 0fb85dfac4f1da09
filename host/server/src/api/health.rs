//! Health, numbers, and the pages of problems.

use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::{ALL, BUSY, not_found};
use crate::host::Host;
use crate::telemetry;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The process runs.
#[utoipa::path(get, path = "/healthz", tag = "health", operation_id = "get_health",
    responses((status = 200, description = "The process runs", body = String, content_type = "text/plain")))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The host can decide: its database answers.
#[utoipa::path(get, path = "/readyz", tag = "health", operation_id = "get_readiness",
    responses((status = 200, description = "The host can decide", body = String, content_type = "text/plain")))]
pub(crate) async fn readyz(State(host): State<Arc<Host>>) -> Result<&'static str, Problem> {
    host.store.ping().await.map_err(|_| Problem::new(BUSY, "the database does not answer"))?;
    Ok("ready\n")
}

/// Numbers in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "health", operation_id = "get_metrics",
    responses((status = 200, description = "Prometheus text format", body = String, content_type = "text/plain")))]
pub(crate) async fn metrics(State(host): State<Arc<Host>>) -> Response {
    telemetry::holds(host.catalog.plans.held(), host.catalog.held(), &host.catalog.compilations());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], host.telemetry.render()).into_response()
}

/// What a kind of problem means, and what to do.
#[utoipa::path(get, path = "/problems/{code}", tag = "health", operation_id = "get_problem",
    params(("code" = String, Path, description = "The `code` of a problem")),
    responses((status = 200, description = "What it means and what to do", body = String, content_type = "text/plain")))]
pub(crate) async fn problem(Path(code): Path<String>) -> Result<String, Problem> {
    let kind = ALL.iter().find(|kind| kind.code == code).ok_or_else(|| not_found("kind of problem"))?;
    Ok(format!("{} ({})\n\n{}\n", kind.title, kind.status, kind.about))
}
