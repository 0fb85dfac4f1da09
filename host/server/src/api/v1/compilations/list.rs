//! `GET /v1/compilations`

use crate::api::auth::{Caller, Permission};
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::catalog::Compilation;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// Components that are being compiled, then those that wait for it, in the order in which they come.
#[utoipa::path(get, path = "/v1/compilations", tag = "plugins", operation_id = "list_compilations",
    responses((status = 200, description = "What is compiled now and next", body = Page<Compilation>)))]
pub(crate) async fn list_compilations(
    State(host): State<Arc<Host>>,
    caller: Caller,
) -> Result<Json<Page<Compilation>>, Problem> {
    caller.may(Permission::Read)?;
    Ok(Json(Page { items: host.catalog.compilations(), next: None }))
}
