//! `GET /v1/brands/{brand}/decisions`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::{Path, Query};
use crate::api::page::{Page, limit};
use crate::api::problem::Problem;
use crate::api::problems::MALFORMED;
use crate::host::Host;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use usher_model::{BrandId, Decision, DecisionId, GroupId, MemberId, PluginName, Timestamp, Verdict};
use usher_store::journal::DecisionQuery;
use utoipa::IntoParams;

/// Which decisions; all conditions hold at once.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DecisionsQuery {
    /// Only in this group.
    group: Option<GroupId>,
    /// Only with this verdict.
    verdict: Option<Verdict>,
    /// Only with a finding of this plugin.
    plugin: Option<PluginName>,
    /// Only with a finding of this rule.
    rule: Option<String>,
    /// Only about this member.
    member: Option<MemberId>,
    /// Only at or after this moment, in event time.
    since: Option<Timestamp>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Decisions, newest first.
#[utoipa::path(get, path = "/v1/brands/{brand}/decisions", tag = "decisions", operation_id = "list_decisions",
    params(("brand" = BrandId, Path, description = "Whose decisions"), DecisionsQuery),
    responses((status = 200, description = "A page of decisions", body = Page<Decision>)))]
pub(crate) async fn list_decisions(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path(brand): Path<BrandId>,
    Query(query): Query<DecisionsQuery>,
) -> Result<Json<Page<Box<RawValue>>>, Problem> {
    caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let before: Option<DecisionId> = match query.cursor {
        None => None,
        Some(cursor) => Some(cursor.parse().map_err(|_| Problem::new(MALFORMED, "`cursor` is none of this list"))?),
    };
    let page = host
        .store
        .decisions(&DecisionQuery {
            brand,
            group: query.group,
            verdict: query.verdict,
            plugin: query.plugin,
            rule: query.rule,
            member: query.member,
            since: query.since,
            before,
            limit: limit(query.limit)?,
        })
        .await?;
    let items = page.entries.into_iter().map(|entry| RawValue::from_string(entry.decision.into()));
    let items = items.collect::<Result<_, _>>().map_err(crate::pipeline::DecideError::from)?;
    Ok(Json(Page { items, next: page.next.map(|id| id.to_string()) }))
}
