//! What an event met, so that a decision can be made again: kept once per plan, named by its digest.

use crate::{
    CallLimits, CapabilitySet, Combining, DailyCaps, Digest, FailurePolicy, Group, Mode, PluginName, PluginVersion,
    Revision, WordListName,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One plugin of a plan, with all that its part in a decision depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedPlugin {
    /// Which plugin.
    pub plugin: PluginName,
    /// Which version.
    pub version: PluginVersion,
    /// Of the component.
    pub digest: Digest,
    /// Event kinds that it wants to see.
    pub events: Vec<String>,
    /// Of the enablement.
    pub revision: Revision,
    /// Whether it counts.
    pub mode: Mode,
    /// For which share of members.
    pub canary_percent: u8,
    /// What its failure means.
    pub failure_policy: FailurePolicy,
    /// What the operator gives; all that the plugin asks for when none.
    pub grants: Option<CapabilitySet>,
    /// What one call may use.
    #[serde(default)]
    pub limits: CallLimits,
    /// The most actions of a kind that are done in a day without a person.
    #[serde(default)]
    pub daily_actions: DailyCaps,
    /// Those of all scopes, merged.
    pub settings: Value,
    /// What is tried beside it, where it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<PlannedTrial>,
}

/// Another version of a plugin of a plan; all that is not here is as of the version in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedTrial {
    /// Which version.
    pub version: PluginVersion,
    /// Of the component.
    pub digest: Digest,
    /// Event kinds that it wants to see.
    pub events: Vec<String>,
    /// For which share of members; in shadow when none.
    pub canary_percent: Option<u8>,
    /// Those in force, and the trial's over them.
    pub settings: Value,
}

impl PlannedPlugin {
    /// The version on trial, as if it were planned by itself; none where nothing is tried.
    #[must_use]
    pub fn tried(&self) -> Option<PlannedPlugin> {
        let trial = self.trial.clone()?;
        Some(PlannedPlugin {
            version: trial.version,
            digest: trial.digest,
            events: trial.events,
            mode: if trial.canary_percent.is_some() { Mode::Enforce } else { Mode::Shadow },
            canary_percent: 100,
            settings: trial.settings,
            trial: None,
            ..self.clone()
        })
    }
}

/// All that the events of a group meet until something changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRecord {
    /// Of the host's version and what else is the same for all calls: where these differ, a replay may.
    pub engine: Digest,
    /// In the order in which they run.
    pub plugins: Vec<PlannedPlugin>,
    /// How their findings become a verdict.
    pub combining: Combining,
    /// What the brand said of the group.
    pub group: Group,
    /// IANA name of the group's time zone.
    pub time_zone: String,
    /// Which revisions of the brand's word lists were open to the plugins.
    pub word_lists: BTreeMap<WordListName, u64>,
}

impl PlanRecord {
    /// Names the record: the same content, the same digest.
    ///
    /// # Errors
    /// [`serde_json::Error`] when it can't be written as JSON.
    pub fn digest(&self) -> Result<Digest, serde_json::Error> {
        // Through `Value`, whose objects are sorted: one spelling.
        serde_json::to_value(self).map(|value| Digest::of(value.to_string().as_bytes()))
    }
}
