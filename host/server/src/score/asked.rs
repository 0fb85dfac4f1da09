//! What can be asked of a scoring.

use super::choose::{Rules, Threshold};
use super::run::Wanted;
use crate::runs::{RunError, check_parameters, check_series};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use usher_model::{PluginName, Timestamp};
use utoipa::ToSchema;

/// A score that it takes, or two of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged, expecting = "a threshold is a number, or an object with `enter` and `leave`")]
pub(crate) enum ThresholdAsked {
    /// For entering and for staying.
    Both(f64),
    /// One for each.
    Each(Threshold),
}

/// What is asked of a scoring. Nothing needs to be said.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ScoreAsked {
    /// Which of the plugins with the hook `score` that are enabled; all when none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) plugins: Vec<PluginName>,
    /// The score that it takes to be chosen; one for who is not chosen yet and another for who is keeps members from
    /// coming and going.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) threshold: Option<ThresholdAsked>,
    /// At most so many are chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top: Option<u32>,
    /// Only those above this percentile: 95 chooses one in twenty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) percentile: Option<f64>,
    /// By how much a newcomer must surpass one who was chosen before, where there is not room for both; 0 if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) margin: Option<f64>,
    /// As of when; now if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Timestamp>,
    /// Runs of one series are compared with each other; the names of the plugins if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) series: Option<String>,
    /// Handed to the plugins as they are.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parameters: BTreeMap<String, String>,
}

impl ScoreAsked {
    /// As the room has it.
    pub(crate) fn wanted(self) -> Result<Wanted, RunError> {
        let threshold = self.threshold.map(|threshold| match threshold {
            ThresholdAsked::Both(enter) => Threshold { enter, leave: None },
            ThresholdAsked::Each(threshold) => threshold,
        });
        if let Some(series) = &self.series {
            check_series(series)?;
        }
        let rules =
            Rules { threshold, top: self.top, percentile: self.percentile, margin: self.margin.unwrap_or_default() };
        rules.check()?;
        let parameters = check_parameters(self.parameters)?;
        Ok(Wanted { plugins: self.plugins, rules, at: self.at, series: self.series, parameters })
    }
}
