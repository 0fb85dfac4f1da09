//! `GET /v1/brands/{brand}/groups/{group}/members/{member}/activity`

use super::{MemberActivity, WindowQuery, of_group};
use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::problem::Problem;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, MemberId};
use usher_store::activity::ActivityQuery;

/// What a member did in a group within some days, and what was done to them.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/members/{member}/activity", tag = "activity",
    operation_id = "get_activity",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ("member" = MemberId, Path, description = "As events name them"), WindowQuery),
    responses((status = 200, description = "What the ledger has; nothing for a member it does not know",
               body = MemberActivity)))]
pub(crate) async fn get_activity(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group, member)): Path<(BrandId, GroupId, MemberId)>,
    Query(query): Query<WindowQuery>,
) -> Result<Json<MemberActivity>, Problem> {
    let (entry, group) = caller.group(&host, Permission::Read, &brand, &group)?;
    let window = of_group(&host, &entry, &group, query.from, query.until).await?;
    let query = ActivityQuery {
        brand,
        groups: vec![group.key.group.clone()],
        member: Some(member.clone()),
        from: window.from,
        until: window.until,
        after: None,
        limit_members: 1,
    };
    let mut answer = MemberActivity::new(member, window);
    host.store.activity(&query).await?.into_iter().for_each(|activity| answer.add(activity));
    Ok(Json(answer))
}
