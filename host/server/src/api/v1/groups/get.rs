//! `GET /v1/brands/{brand}/groups/{group}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, found};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::documents::group_key;
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, Group, GroupId, GroupKey};

/// A group.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}", tag = "groups", operation_id = "get_group",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group")),
    responses((status = 200, description = "The group", body = Described<Group>)))]
pub(crate) async fn get_group(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, GroupId)>,
) -> Result<Response, Problem> {
    caller.may_in(Permission::Read, &brand)?;
    let key = group_key(&GroupKey { brand, group: id.clone() });
    let document = host.store.document(&key).await?.ok_or_else(|| not_found("group"))?;
    found::<Group>(id.as_str(), &document)
}
