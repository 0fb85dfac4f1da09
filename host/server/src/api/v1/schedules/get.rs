//! `GET /v1/brands/{brand}/groups/{group}/schedules/{schedule}`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, found};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::api::v1::scope::NamedPath;
use crate::documents::schedule_key;
use crate::host::Host;
use crate::schedule::Schedule;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, GroupId};

/// A schedule.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/schedules/{schedule}", tag = "runs",
    operation_id = "get_schedule",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("schedule" = String, Path, description = "Which schedule")),
    responses((status = 200, description = "The schedule", body = Described<Schedule>)))]
pub(crate) async fn get_schedule(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<NamedPath>,
) -> Result<Response, Problem> {
    path.scope().place(&host, &caller, Permission::Read)?;
    let key = schedule_key(&path.brand, path.group.as_ref(), &path.name);
    let document = host.store.document(&key).await?.ok_or_else(|| not_found("schedule"))?;
    found::<Schedule>(&path.name, &document)
}
