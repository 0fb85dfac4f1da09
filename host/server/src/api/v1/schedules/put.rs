//! `PUT /v1/brands/{brand}/groups/{group}/schedules/{schedule}`, and the same for a whole brand.

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::{Detail, Problem};
use crate::api::problems::{INVALID, not_found};
use crate::api::v1::scope::NamedPath;
use crate::documents::{new_document, schedule_key};
use crate::host::Host;
use crate::schedule::{InvalidSchedule, Schedule};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, RunKind, WebhookName};

/// Makes a schedule, or changes it. Each time that is due makes one run, whichever hosts there are; a change takes effect
/// with the next time.
#[utoipa::path(put, path = "/v1/brands/{brand}/groups/{group}/schedules/{schedule}", tag = "runs",
    operation_id = "put_schedule",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("schedule" = String, Path, description = "A name, chosen by you: `daily-vip`")),
    request_body = Schedule,
    responses((status = 200, description = "It is changed", body = Described<Schedule>),
              (status = 201, description = "It is new", body = Described<Schedule>)))]
pub(crate) async fn put_schedule(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(path): Path<NamedPath>,
    Conditional(precondition): Conditional,
    Json(schedule): Json<Schedule>,
) -> Result<Response, Problem> {
    let place = path.scope().place(&host, &caller, Permission::Manage)?;
    // Schedules have names as webhooks do.
    WebhookName::new(path.name.as_str())
        .map_err(|error| Problem::new(crate::api::problems::MALFORMED, error.to_string()))?;
    schedule.check().map_err(|error| invalid(error, &schedule))?;
    if schedule.hook == RunKind::Rank && place.group.is_none() {
        return Err(not_found("recommendation for a whole brand: make the schedule in a group"));
    }
    check_asked(&schedule)?;
    let _changes = place.brand.changes.lock().await;
    let key = schedule_key(&path.brand, path.group.as_ref(), &path.name);
    let document = new_document(key.clone(), &schedule, &caller.id())?;
    let outcome = host.store.put_document(document, precondition).await?;
    host.directory.reload(host.store.as_ref(), &key).await?;
    host.schedules.ring();
    Ok(written(&path.name, outcome, &schedule))
}

/// What would be refused at the time that is due is refused now.
fn check_asked(schedule: &Schedule) -> Result<(), Problem> {
    if let Some(asked) = schedule.scores.clone() {
        asked.wanted()?;
    }
    if let Some(asked) = &schedule.recommendations {
        asked.check().map_err(crate::runs::RunError::from)?;
    }
    Ok(())
}

fn invalid(error: InvalidSchedule, schedule: &Schedule) -> Problem {
    let pointer = match error {
        InvalidSchedule::Hook => "/hook",
        InvalidSchedule::On => "/on",
        InvalidSchedule::At if schedule.hook == RunKind::Score => "/scores/at",
        InvalidSchedule::At => "/recommendations",
    };
    let detail = Detail { pointer: pointer.into(), detail: error.to_string() };
    Problem::new(INVALID, "the schedule is not valid").with_errors([detail])
}
