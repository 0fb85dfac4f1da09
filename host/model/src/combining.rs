//! How many findings become one verdict.

use crate::{Severity, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The verdict that a severity leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SeverityVerdicts {
    /// For `low`.
    pub low: Verdict,
    /// For `medium`.
    pub medium: Verdict,
    /// For `high`.
    pub high: Verdict,
    /// For `severe`.
    pub severe: Verdict,
}

impl Default for SeverityVerdicts {
    fn default() -> Self {
        Self { low: Verdict::Flag, medium: Verdict::Flag, high: Verdict::Hold, severe: Verdict::Block }
    }
}

impl SeverityVerdicts {
    /// What a finding of this severity leads to.
    pub fn of(&self, severity: Severity) -> Verdict {
        match severity {
            Severity::None => Verdict::Allow,
            Severity::Low => self.low,
            Severity::Medium => self.medium,
            Severity::High => self.high,
            Severity::Severe => self.severe,
        }
    }
}

/// Which of the findings speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// The gravest of all.
    #[default]
    MostSevere,
    /// The gravest of the first plugin, in the order of the plan, that found anything.
    FirstApplicable,
}

/// A group's way from findings to a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Combining {
    /// Which findings speak.
    pub algorithm: Algorithm,
    /// What they lead to.
    pub verdicts: SeverityVerdicts,
}
