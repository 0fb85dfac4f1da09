//! `POST /v1/brands/{brand}/decisions/{decision}/replay`

use crate::api::auth::{Caller, Permission};
use crate::api::extract::Path;
use crate::api::problem::Problem;
use crate::api::problems::{BUSY, not_found};
use crate::host::Host;
use crate::replay::replay;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use std::sync::Arc;
use usher_model::{BrandId, CallUsage, Cost, Decision, DecisionId, PluginName};
use utoipa::ToSchema;

/// A line that a plugin wrote.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogBody {
    /// Who wrote it.
    plugin: PluginName,
    /// `debug`, `info`, `warn` or `error`.
    level: &'static str,
    /// What it says.
    message: String,
}

/// What a plugin used of what its limits allow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageBody {
    /// Which plugin.
    plugin: PluginName,
    /// What it used.
    #[serde(flatten)]
    usage: CallUsage,
}

/// A decision, made again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayBody {
    /// Whether it is the same to the byte, save `duration_us`.
    identical: bool,
    /// Whether the host has the version and the limits of that time; where not, a difference may be the host's.
    same_engine: bool,
    /// As it came out now.
    decision: Decision,
    /// What the plugins wrote to their logs.
    log: Vec<LogBody>,
    /// What all plugins together cost now.
    cost: Cost,
    /// What each plugin used now, beside fuel and time.
    usage: Vec<UsageBody>,
}

/// Proves a decision: makes it again with the plugins, settings, word lists and records of that time.
#[utoipa::path(post, path = "/v1/brands/{brand}/decisions/{decision}/replay", tag = "decisions",
    operation_id = "replay_decision",
    params(("brand" = BrandId, Path, description = "Whose decision"),
           ("decision" = DecisionId, Path, description = "Which decision")),
    responses((status = 200, description = "What came out now", body = ReplayBody)))]
pub(crate) async fn replay_decision(
    State(host): State<Arc<Host>>,
    caller: Caller,
    Path((brand, id)): Path<(BrandId, DecisionId)>,
) -> Result<Json<ReplayBody>, Problem> {
    let owner = caller.brand(&host, Permission::ReadDecisions, &brand)?;
    let entry = host.store.entry_of_decision(&brand, id).await?.ok_or_else(|| not_found("decision"))?;
    let _turn = host.replaying.acquire().await.map_err(|_| Problem::new(BUSY, "the host is shutting down"))?;
    let replayed = replay(&host, &owner, &entry).await?;
    let cost = replayed.decision.plugins.iter().fold(Cost::default(), |sum, report| Cost {
        fuel: sum.fuel.saturating_add(report.cost.fuel),
        duration_us: sum.duration_us.saturating_add(report.cost.duration_us),
    });
    let log = replayed.logs.into_iter().map(|(plugin, line)| LogBody {
        plugin,
        level: line.level.as_str(),
        message: line.message,
    });
    let usage = replayed.usage.into_iter().map(|(plugin, usage)| UsageBody { plugin, usage }).collect();
    let (identical, same_engine) = (replayed.identical, replayed.same_engine);
    Ok(Json(ReplayBody { identical, same_engine, decision: replayed.decision, log: log.collect(), cost, usage }))
}
