//! `GET /v1/brands/{brand}/groups/{group}/seen`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use usher_model::{BrandId, ContentId, Day, GroupId, MemberId};
use usher_store::content::{Recipient, Seen};
use utoipa::{IntoParams, ToSchema};

/// Who.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SeenQuery {
    /// What this member has seen in any group, or the group as a whole; what the group has seen when none.
    member: Option<MemberId>,
}

/// A content that was seen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeenContent {
    /// Which content.
    content: ContentId,
    /// The last day, in the time zone of the group where that was.
    last: Day,
    /// Whether it was shown or pushed to the group as a whole: by an event without an actor.
    by_all: bool,
    /// How many members have seen it beside that.
    members: u32,
}

/// The contents that a group has seen, or one of its members.
#[utoipa::path(get, path = "/v1/brands/{brand}/groups/{group}/seen", tag = "contents", operation_id = "list_seen",
    params(("brand" = BrandId, Path, description = "Whose group"), ("group" = GroupId, Path, description = "Which group"),
           SeenQuery),
    responses((status = 200, description = "All of them, by id", body = Page<SeenContent>)))]
pub(crate) async fn list_seen(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, group)): Path<(BrandId, GroupId)>,
    Query(query): Query<SeenQuery>,
) -> Result<Json<Page<SeenContent>>, Problem> {
    caller.group(&host, Permission::Read, &brand, &group)?;
    let recipient = match query.member {
        Some(member) => Recipient::Member { member, group },
        None => Recipient::Group(group),
    };
    let seen = host.store.seen(&brand, &recipient).await?;
    let item = |seen: Seen| {
        let Seen { content, last, by_all, members } = seen;
        SeenContent { content, last, by_all, members }
    };
    Ok(Json(Page { items: seen.into_iter().map(item).collect(), next: None }))
}
