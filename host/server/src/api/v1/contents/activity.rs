//! `GET /v1/brands/{brand}/contents/{content}/activity`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::problem::Problem;
use crate::api::problems::MALFORMED;
use crate::api::v1::activity::{clock_of_brand, of_brand};
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use usher_model::{BrandId, ContentId, Day, GroupId};
use usher_store::content::{ContentActivity, ContentQuery, ContentScope};
use utoipa::{IntoParams, ToSchema};

/// Which days, in the brand's time zone, and through whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContentActivityQuery {
    /// The first day, as `2026-11-22`; 30 days before `until` when there is none.
    from: Option<Day>,
    /// The day after the last; tomorrow when there is none.
    until: Option<Day>,
    /// Only in this group.
    group: Option<GroupId>,
    /// Only in this segment; not both.
    segment: Option<String>,
}

/// What became of a content within some days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfContent {
    /// Which content.
    content: ContentId,
    /// The first day.
    from: Day,
    /// The day after the last.
    until: Day,
    /// Each measure of which there was any, by name.
    measures: Vec<ContentMeasures>,
}

/// What one measure of a content comes to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContentMeasures {
    /// Which one; its unit is in the name, where it is no count.
    measure: String,
    /// The sum of all of it.
    sum: i64,
    /// Through how many distinct members.
    members: u32,
    /// The last day on which there was any.
    last: Day,
}

/// What became of a content within some days: shown, pushed, read, shared, converted.
#[utoipa::path(get, path = "/v1/brands/{brand}/contents/{content}/activity", tag = "contents",
    operation_id = "get_content_activity",
    params(("brand" = BrandId, Path, description = "Whose content"),
           ("content" = ContentId, Path, description = "As events name it; it need not be on record"),
           ContentActivityQuery),
    responses((status = 200, description = "What the ledger has", body = OfContent)))]
pub(crate) async fn get_content_activity(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, content)): Path<(BrandId, ContentId)>,
    Query(query): Query<ContentActivityQuery>,
) -> Result<Json<OfContent>, Problem> {
    let entry = caller.brand(&host, Permission::Read, &brand)?;
    let latest = clock_of_brand(&host, &entry).await?;
    let window = of_brand(&host, &entry, latest, query.from, query.until)?;
    let scope = match (query.group, query.segment) {
        (None, None) => ContentScope::Brand,
        (Some(group), None) => ContentScope::Group(group),
        (None, Some(segment)) => ContentScope::Segment(segment.into()),
        (Some(_), Some(_)) => return Err(Problem::new(MALFORMED, "name a `group` or a `segment`, not both")),
    };
    let query = ContentQuery {
        brand,
        scope,
        content: Some(content.clone()),
        from: window.from,
        until: window.until,
        after: None,
        limit_contents: 1,
    };
    let measure = |activity: ContentActivity| {
        let ContentActivity { measure, sum, members, last, content: _ } = activity;
        ContentMeasures { measure: measure.into(), sum, members, last }
    };
    let measures = host.store.content_activity(&query).await?.into_iter().map(measure).collect();
    Ok(Json(OfContent { content, from: window.from, until: window.until, measures }))
}
