//! `GET /v1/brands/{brand}/groups/{group}/members/{member}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, found};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::not_found;
use crate::documents::member_key;
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, Member, MemberId};

/// A member's record.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/members/{member}", tag = "members",
    operation_id = "get_member",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("member" = MemberId, Path, description = "Which member")),
    responses((status = 200, description = "The record", body = Described<Member>)))]
pub(crate) async fn get_member(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group, id)): Path<(BrandId, GroupId, MemberId)>,
) -> Result<Response, Problem> {
    let (_, group) = caller.group(&host, Permission::Read, &brand, &group)?;
    let document = host.store.document(&member_key(&group.key, &id)).await?.ok_or_else(|| not_found("member"))?;
    found::<Member>(id.as_str(), &document)
}
