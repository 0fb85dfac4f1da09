//! `GET /v1/brands/{brand}/groups/{group}/activity`

use super::{MemberActivity, of_group};
use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, limit};
use crate::api::problem::Problem;
use crate::api::problems::MALFORMED;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use usher_model::{BrandId, Day, GroupId, MemberId};
use usher_store::activity::ActivityQuery;
use utoipa::IntoParams;

/// Which days, in the group's time zone, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivityPageQuery {
    /// The first day, as `2026-11-22`; 30 days before `until` when there is none.
    from: Option<Day>,
    /// The day after the last; tomorrow when there is none.
    until: Option<Day>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// At most so many members, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// What the members of a group did within some days, and what was done to them.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/activity", tag = "activity",
    operation_id = "list_activity",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           ActivityPageQuery),
    responses((status = 200, description = "A page of members of whom the ledger has anything, by id",
               body = Page<MemberActivity>)))]
pub(crate) async fn list_activity(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group)): Path<(BrandId, GroupId)>,
    Query(query): Query<ActivityPageQuery>,
) -> Result<Json<Page<MemberActivity>>, Problem> {
    let (entry, group) = caller.group(&host, Permission::Read, &brand, &group)?;
    let window = of_group(&host, &entry, &group, query.from, query.until).await?;
    let after = query.cursor.map(MemberId::new).transpose();
    let after = after.map_err(|_| Problem::new(MALFORMED, "`cursor` is none of this list"))?;
    let limit_members = limit(query.limit)?;
    let groups = vec![group.key.group.clone()];
    let query =
        ActivityQuery { brand, groups, member: None, from: window.from, until: window.until, after, limit_members };
    let mut items: Vec<MemberActivity> = Vec::new();
    for activity in host.store.activity(&query).await? {
        if items.last().is_none_or(|last| last.member != activity.member) {
            items.push(MemberActivity::new(activity.member.clone(), window));
        }
        if let Some(last) = items.last_mut() {
            last.add(activity);
        }
    }
    let full = items.len() == limit_members as usize;
    let next = items.last().filter(|_| full).map(|last| last.member.to_string());
    Ok(Json(Page { items, next }))
}
