//! `PUT /v1/brands/{brand}/groups/{group}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::api::v1::brands::put::check_zone;
use crate::catalog::{Change, begin};
use crate::documents::{group_key, new_document};
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, Group, GroupId, GroupKey};

/// Makes a group, or changes it.
#[utoipa::path(put, path = "/v1/brands/{brand}/groups/{group}", tag = "groups", operation_id = "put_group",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Chosen by you")),
    request_body = Group,
    responses((status = 200, description = "It is changed", body = Described<Group>),
              (status = 201, description = "It is new", body = Described<Group>)))]
pub(crate) async fn put_group(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, GroupId)>,
    Conditional(precondition): Conditional,
    Json(group): Json<Group>,
) -> Result<Response, Problem> {
    let entry = caller.brand(&host, Permission::Manage, &brand)?;
    group.time_zone.as_deref().map_or(Ok(()), check_zone)?;
    // Of another kind, other enablements are in force there.
    let _changes = begin(&host.catalog, &entry, &Change::Kind(&id, &group.kind)).await?;
    let key = GroupKey { brand, group: id.clone() };
    let document = new_document(group_key(&key), &group, &caller.id())?;
    let outcome = host.store.put_document(document, precondition).await?;
    entry.put_group(&id, group.clone());
    Ok(written(id.as_str(), outcome, &group))
}
