//! What another version or other settings of a plugin would have decided about events of the past, in a memory of its
//! own: nothing that a backtest does can be seen by anybody but who reads its differences.

mod simulation;

use crate::catalog::SnapshotError;
use crate::directory::BrandEntry;
use crate::host::Host;
use crate::plan::{PlanEntry, PlanError, candidate};
use crate::replay::ReplayError;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use simulation::Simulation;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use usher_engine::{Hook, SettingsProblem};
use usher_model::{
    BacktestId, BrandId, DecisionId, EventId, GroupId, GroupKey, Intent, PluginName, PluginVersion, Timestamp,
};
use usher_store::StoreError;
use utoipa::ToSchema;

/// Backtests that are remembered; the oldest that has ended makes room.
pub const BACKTESTS_MAX: usize = 16;

/// Differences that are kept of one backtest; all are counted.
pub const DIFFERENCES_MAX: usize = 10_000;

/// Entries of the journal that are read at a time.
const PAGE: u32 = 256;

/// What is to be tried.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
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
    /// Which plugin.
    pub(crate) plugin: PluginName,
    /// Which version.
    pub(crate) version: PluginVersion,
    /// With which settings, as its schema has them.
    #[serde(default = "no_settings")]
    #[schema(value_type = Object)]
    pub(crate) settings: Value,
}

fn no_settings() -> Value {
    Value::Object(serde_json::Map::new())
}

/// A decision that would have been another.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Difference {
    /// In which group.
    pub(crate) group: GroupId,
    /// The event that it is about.
    pub(crate) event: EventId,
    /// The group's time then.
    pub(crate) at: Timestamp,
    /// Which decision; none where a timer would have fired that did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decision: Option<DecisionId>,
    /// What was decided; none where there was no such event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Intent>,
    /// What would have been decided; none where there would have been no such event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Intent>,
}

/// How far a backtest is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum State {
    /// It is under way.
    Running,
    /// It has seen every event.
    Done,
    /// It ended early.
    Failed {
        /// Why.
        reason: String,
    },
}

/// A backtest, from its beginning.
#[derive(Debug)]
pub(crate) struct Backtest {
    pub(crate) id: BacktestId,
    pub(crate) brand: BrandId,
    pub(crate) asked: Asked,
    pub(crate) events: AtomicU64,
    pub(crate) differing: AtomicU64,
    pub(crate) state: Mutex<State>,
    pub(crate) differences: Mutex<Vec<Difference>>,
}

impl Backtest {
    fn tell(&self, difference: Difference) {
        self.differing.fetch_add(1, Ordering::Relaxed);
        let mut kept = self.differences.lock();
        if kept.len() < DIFFERENCES_MAX {
            kept.push(difference);
        }
    }
}

/// The backtests of a host, oldest first. They are not kept over a restart.
#[derive(Debug, Default)]
pub(crate) struct Backtests(Mutex<VecDeque<Arc<Backtest>>>);

impl Backtests {
    pub(crate) fn get(&self, brand: &BrandId, id: BacktestId) -> Option<Arc<Backtest>> {
        self.0.lock().iter().find(|one| one.id == id && one.brand == *brand).cloned()
    }

    /// The newest first.
    pub(crate) fn list(&self, brand: &BrandId) -> Vec<Arc<Backtest>> {
        self.0.lock().iter().rev().filter(|one| one.brand == *brand).cloned().collect()
    }

    fn add(&self, backtest: Arc<Backtest>) -> Result<(), BacktestError> {
        let mut kept = self.0.lock();
        if kept.len() >= BACKTESTS_MAX {
            let ended = kept.iter().position(|one| *one.state.lock() != State::Running);
            kept.remove(ended.ok_or(BacktestError::TooMany)?);
        }
        kept.push_back(backtest);
        Ok(())
    }
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
    /// The settings do not fit the schema.
    #[error("the settings do not fit the plugin's schema")]
    Settings(Vec<SettingsProblem>),
    /// The plugin can't be configured so.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// As many as there may be are under way.
    #[error("{BACKTESTS_MAX} backtests are under way")]
    TooMany,
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
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// A stored event or decision can't be read.
    #[error("a stored event or decision can't be read")]
    Unreadable(#[from] serde_json::Error),
    /// The host's own code failed.
    #[error("the backtest panicked; this is a bug of usher, please report it")]
    Panicked,
}

/// Starts a backtest; it goes on when this returns.
pub(crate) async fn start(
    host: &Arc<Host>,
    brand: &Arc<BrandEntry>,
    asked: Asked,
) -> Result<Arc<Backtest>, BacktestError> {
    let groups = groups(brand, &asked)?;
    let plugin = host.catalog.get(&asked.plugin, &asked.version);
    let plugin = plugin
        .filter(|plugin| plugin.facts.hooks.contains(&Hook::Check))
        .ok_or_else(|| BacktestError::NoSuchVersion(asked.plugin.clone(), asked.version.clone()))?;
    let problems = plugin.schema.problems(&asked.settings);
    if !problems.is_empty() {
        return Err(BacktestError::Settings(problems));
    }
    let entry = Arc::new(candidate(&host.catalog, &plugin, asked.settings.clone()).await?);
    let backtest = Arc::new(Backtest {
        id: BacktestId::new(uuid::Uuid::now_v7()),
        brand: brand.id.clone(),
        asked,
        events: AtomicU64::new(0),
        differing: AtomicU64::new(0),
        state: Mutex::new(State::Running),
        differences: Mutex::default(),
    });
    host.backtests.add(backtest.clone())?;
    let (host, brand, running) = (host.clone(), brand.clone(), backtest.clone());
    tokio::spawn(async move {
        let closing = host.closing.clone();
        let ended = closing.run_until_cancelled(run(&host, &brand, &running, &entry, groups)).await;
        *running.state.lock() = match ended {
            Some(Ok(())) => State::Done,
            Some(Err(broken)) => State::Failed { reason: broken.to_string() },
            None => State::Failed { reason: "the host is shutting down".into() },
        };
    });
    Ok(backtest)
}

fn groups(brand: &BrandEntry, asked: &Asked) -> Result<Vec<GroupKey>, BacktestError> {
    if asked.groups.is_empty() {
        return Ok(brand.groups_in(&usher_model::Scope::Brand).into_iter().map(|group| group.key.clone()).collect());
    }
    let find = |id: &GroupId| Some(brand.group(id)?.key.clone());
    asked.groups.iter().map(|id| find(id).ok_or_else(|| BacktestError::NoGroup(id.clone()))).collect()
}

/// Every group by itself, as many at a time as there are processors.
async fn run(
    host: &Arc<Host>,
    brand: &Arc<BrandEntry>,
    backtest: &Arc<Backtest>,
    entry: &Arc<PlanEntry>,
    groups: Vec<GroupKey>,
) -> Result<(), Broken> {
    let places = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)));
    let mut running = JoinSet::new();
    for group in groups {
        let place = places.clone().acquire_owned().await;
        let (host, brand, backtest, entry) = (host.clone(), brand.clone(), backtest.clone(), entry.clone());
        running.spawn(async move {
            let _place = place;
            run_group(&host, &brand, &backtest, &entry, &group).await
        });
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap_or(Err(Broken::Panicked))?;
    }
    Ok(())
}

async fn run_group(
    host: &Host,
    brand: &BrandEntry,
    backtest: &Backtest,
    entry: &PlanEntry,
    group: &GroupKey,
) -> Result<(), Broken> {
    let mut after = first(host, group, backtest.asked.from).await?;
    let mut simulation = Simulation::start(host, brand, entry, group, after).await?;
    loop {
        let page = host.store.entries(group, after, PAGE).await?;
        let Some(last) = page.last().map(|entry| entry.sequence) else { return Ok(()) };
        for entry in &page {
            if backtest.asked.to.is_some_and(|to| entry.at >= to) {
                return Ok(());
            }
            simulation.step(entry, &mut |difference| backtest.tell(difference)).await?;
            backtest.events.fetch_add(1, Ordering::Relaxed);
            // Events that are decided now come first.
            tokio::task::yield_now().await;
        }
        after = last;
    }
}

/// The position before the first entry of that time: time never runs backwards in a group, so halves do.
async fn first(host: &Host, group: &GroupKey, from: Option<Timestamp>) -> Result<u64, StoreError> {
    let Some(from) = from else { return Ok(0) };
    let (mut low, mut high) = (0, host.store.head(group).await?.sequence);
    while low < high {
        let middle = low + (high - low) / 2;
        match host.store.entries(group, middle, 1).await?.first() {
            Some(entry) if entry.at < from => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
