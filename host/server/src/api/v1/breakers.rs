//! Breakers: which plugins are out of the way for a while.

pub(crate) mod list;
pub(crate) mod reset;

use crate::breaker::{Reading, State};
use serde::Serialize;
use usher_model::{PluginName, PluginVersion, Timestamp};
use utoipa::ToSchema;

/// A breaker, as it stands on this host.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BreakerBody {
    /// Before which plugin.
    plugin: PluginName,
    /// Which version, when it is one on trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_trial: Option<PluginVersion>,
    /// `closed`, `open` or `half-open`.
    state: State,
    /// When it opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// Why it opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// When it tries again.
    #[serde(skip_serializing_if = "Option::is_none")]
    tries_again_at: Option<Timestamp>,
    /// The last calls that it looks back on.
    calls: u32,
    /// Failures among them.
    failures: u32,
    /// What the calls of the last minute cost.
    fuel: u64,
}

impl From<Reading> for BreakerBody {
    fn from(reading: Reading) -> Self {
        let Reading { plugin, on_trial, state, opened, calls, failures, fuel } = reading;
        let (since, tries_again_at) = opened.as_ref().map(|opened| (opened.since, opened.until)).unzip();
        let reason = opened.map(|opened| opened.reason);
        Self { plugin, on_trial, state, since, reason, tries_again_at, calls, failures, fuel }
    }
}
