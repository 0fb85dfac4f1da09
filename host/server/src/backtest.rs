//! What another version or other settings of a plugin would have decided about events of the past, in a memory of its
//! own: nothing that a backtest does can be seen by anybody but who reads its differences.
//!
//! One host runs a backtest, and tells the database again and again how far it is and what it found: so it can be read,
//! watched and ended through any host, and stays when the one that ran it has gone.

mod kept;
mod run;
mod running;
mod simulation;

pub(crate) use kept::{Ended, Seen, differences, end, find, list};
pub(crate) use running::Backtests;

use crate::catalog::SnapshotError;
use crate::directory::BrandEntry;
use crate::host::Host;
use crate::plan::{PlanError, Terms};
use crate::replay::ReplayError;
use run::Candidate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::{Hook, SettingsProblem};
use usher_model::{
    AboveCeiling, AskedLimits, BacktestId, CapabilitySet, DecisionId, EventId, FailurePolicy, GroupId, GroupKey,
    Intent, PluginName, PluginVersion, Scope, Timestamp,
};
use usher_store::StoreError;
use utoipa::ToSchema;

/// Backtests of a brand that are kept; the oldest that has ended makes room.
pub const BACKTESTS_MAX: usize = 16;

/// Backtests that run on one host at once.
const RUNNING_MAX: usize = 16;

/// What is to be tried. Where it does not say what the plugin may do and use, it is as where the plugin is in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// In which groups; in all of the brand when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) groups: Vec<GroupId>,
    /// From when on, by the groups' time; from the beginning when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Timestamp>,
    /// Until when, and not at that moment itself; to the end when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Timestamp>,
    /// Events before `from` are decided once more too and not compared, so that the plugin remembers and has timers as if
    /// it had been there: from when on; from the beginning when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) warm_up_from: Option<Timestamp>,
    /// Which plugin.
    pub(crate) plugin: PluginName,
    /// Which version.
    pub(crate) version: PluginVersion,
    /// With which settings, as its schema has them.
    #[serde(default = "no_settings")]
    #[schema(value_type = Object)]
    pub(crate) settings: Value,
    /// What it may do, of what it asks for; as where it is in force, or else all that it asks for, when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub(crate) grants: Option<CapabilitySet>,
    /// What one call may use; as where it is in force, or else the host's defaults, where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) limits: Option<AskedLimits>,
    /// What its failure means; as where it is in force, or else `open`, when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure_policy: Option<FailurePolicy>,
}

fn no_settings() -> Value {
    Value::Object(serde_json::Map::new())
}

/// A decision that would have been another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Difference {
    /// In which group.
    pub(crate) group: GroupId,
    /// The event that it is about.
    pub(crate) event: EventId,
    /// The group's time then.
    pub(crate) at: Timestamp,
    /// Which decision; none where a timer would have fired that did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) decision: Option<DecisionId>,
    /// What was decided; none where there was no such event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Intent>,
    /// What would have been decided; none where there would have been no such event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Intent>,
}

/// Whether a backtest is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum State {
    /// It is under way.
    Running,
    /// It has seen every event.
    Done,
    /// It was ended early, by request.
    Cancelled,
    /// It ended early.
    Failed {
        /// Why.
        reason: String,
    },
}

/// How far a backtest is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Progress {
    #[serde(flatten)]
    pub(crate) state: State,
    /// Events that it has compared.
    pub(crate) events: u64,
    /// Events that it is to compare; none while they are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
    /// Events before those, which it has decided once more and does not compare.
    pub(crate) warmed_up: u64,
    /// Decisions that would have been others: all of them, also those beyond what is kept.
    pub(crate) differing: u64,
}

/// Why there is no backtest.
#[derive(Debug, Error)]
pub(crate) enum BacktestError {
    /// There is no such version, or it does not judge events.
    #[error("there is no plugin `{0}` in version {1} that judges events: upload it first")]
    NoSuchVersion(PluginName, PluginVersion),
    /// The brand has no such group.
    #[error("there is no group `{0}`")]
    NoGroup(GroupId),
    /// The warm-up is none.
    #[error("a warm-up begins before `from`, which must be there")]
    WarmUp,
    /// The settings do not fit the schema.
    #[error("the settings do not fit the plugin's schema")]
    Settings(Vec<SettingsProblem>),
    /// It asks for more than the host gives.
    #[error(transparent)]
    Limits(#[from] AboveCeiling),
    /// The plugin can't be configured so.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// As many as there may be are under way.
    #[error("{0} backtests are under way: end one, or come again")]
    TooMany(usize),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a backtest ended early.
#[derive(Debug, Error)]
pub(crate) enum Broken {
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A plan of the past can't be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A decision of the past can't be made again.
    #[error("a decision of the past can't be made again: {0}")]
    Replay(#[from] ReplayError),
    /// A stored event or decision can't be read.
    #[error("a stored event or decision can't be read")]
    Unreadable(#[from] serde_json::Error),
    /// The host's own code failed.
    #[error("the backtest panicked; this is a bug of usher, please report it")]
    Panicked,
}

/// Starts a backtest; it goes on when this returns.
pub(crate) async fn start(host: &Arc<Host>, brand: &Arc<BrandEntry>, asked: Asked) -> Result<Seen, BacktestError> {
    if asked.warm_up_from.is_some_and(|warm_up| asked.from.is_none_or(|from| warm_up > from)) {
        return Err(BacktestError::WarmUp);
    }
    let groups = groups(brand, &asked)?;
    let candidate = candidate(host, asked.clone()).await?;
    kept::make_room(host, &brand.id).await?;
    let id = BacktestId::new(uuid::Uuid::now_v7());
    let running = host.backtests.begin(id).ok_or(BacktestError::TooMany(RUNNING_MAX))?;
    let seen = Seen { id, asked, progress: running.progress(State::Running) };
    if let Err(error) = kept::add(host, &brand.id, &seen).await {
        host.backtests.is_over(id);
        return Err(error.into());
    }
    let work = running::run_to_its_end(host.clone(), brand.clone(), running, candidate, groups);
    host.background.spawn(work);
    Ok(seen)
}

/// The plugin as it is to be tried, found to be one that can be called.
async fn candidate(host: &Host, asked: Asked) -> Result<Candidate, BacktestError> {
    let plugin = host.catalog.get(&asked.plugin, &asked.version);
    let plugin = plugin
        .filter(|plugin| plugin.facts.hooks.contains(&Hook::Check))
        .ok_or_else(|| BacktestError::NoSuchVersion(asked.plugin.clone(), asked.version.clone()))?;
    let problems = plugin.schema.problems(&asked.settings);
    if !problems.is_empty() {
        return Err(BacktestError::Settings(problems));
    }
    let limits = asked.limits.clone().unwrap_or_default();
    host.engine.calls().check(&limits)?;
    let snapshot = host.catalog.snapshot(&plugin, &asked.settings).await?;
    host.catalog.try_out(snapshot.clone(), &limits).await?;
    Ok(Candidate { plugin, snapshot, asked })
}

fn groups(brand: &BrandEntry, asked: &Asked) -> Result<Vec<GroupKey>, BacktestError> {
    if asked.groups.is_empty() {
        return Ok(brand.groups_in(&Scope::Brand).into_iter().map(|group| group.key.clone()).collect());
    }
    let find = |id: &GroupId| Some(brand.group(id)?.key.clone());
    asked.groups.iter().map(|id| find(id).ok_or_else(|| BacktestError::NoGroup(id.clone()))).collect()
}

impl Asked {
    /// What the plugin may do and use in a group: as asked, or else as what is in force there says.
    fn terms(&self, brand: &BrandEntry, group: &GroupId) -> Terms {
        let kind = brand.group(group).map(|entry| entry.record.load().kind.clone()).unwrap_or_default();
        let effective = brand.enablements.read().effective_plugin(group, &kind, &self.plugin);
        let in_force = effective.map(|effective| effective.enablement);
        let in_force = in_force.as_ref();
        let limits = in_force.and_then(|it| it.limits.clone()).unwrap_or_default();
        Terms {
            grants: self.grants.clone().or_else(|| in_force?.grants.clone()),
            limits: self.limits.as_ref().map_or(limits.clone(), |asked| asked.over(&limits)),
            failure_policy: self.failure_policy.or_else(|| in_force?.failure_policy).unwrap_or_default(),
        }
    }
}
