//! What the operator can set; `settings.schema.json` says the same to the host.

use serde::Deserialize;

/// What the operator can set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Most points for each reason.
    pub weights: Weights,
    /// The attribute of members that names what they are interested in; commas separate.
    pub interests_attribute: String,
    /// After how many days half of the freshness is gone.
    pub half_life_days: f64,
    /// So many impressions say as much as what is usual.
    pub tries: f64,
}

/// Most points for each reason.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// The member is interested in it.
    pub interest: f64,
    /// Others of the segment read its topic.
    pub topic: f64,
    /// Others of the segment read it.
    pub reads: f64,
    /// Others of the segment did what it is for.
    pub conversions: f64,
    /// It is new.
    pub fresh: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            weights: Weights::default(),
            interests_attribute: "interest".to_owned(),
            half_life_days: 14.0,
            tries: 20.0,
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self { interest: 20.0, topic: 25.0, reads: 30.0, conversions: 15.0, fresh: 10.0 }
    }
}
