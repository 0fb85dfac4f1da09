//! `PUT /v1/brands/{brand}/groups/{group}/members/{member}`

use crate::api::auth::{Caller, Permission};
use crate::api::documents::{Described, written};
use crate::api::etag::Conditional;
use crate::api::extract::{Json, Path};
use crate::api::problem::Problem;
use crate::documents::{member_key, new_document};
use crate::host::Host;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, Member, MemberId};

/// Makes a member's record, or changes it.
#[utoipa::path(put, path = "/v1/brands/{brand}/groups/{group}/members/{member}", tag = "members",
    operation_id = "put_member",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("member" = MemberId, Path, description = "As events name them")),
    request_body = Member,
    responses((status = 200, description = "It is changed", body = Described<Member>),
              (status = 201, description = "It is new", body = Described<Member>)))]
pub(crate) async fn put_member(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group, id)): Path<(BrandId, GroupId, MemberId)>,
    Conditional(precondition): Conditional,
    Json(member): Json<Member>,
) -> Result<Response, Problem> {
    let (_, group) = caller.group(&host, Permission::ManageMembers, &brand, &group)?;
    let document = new_document(member_key(&group.key, &id), &member, &caller.id())?;
    let outcome = host.store.put_document(document, precondition).await?;
    host.members.forget(&group.key, &id);
    Ok(written(id.as_str(), outcome, &member))
}
