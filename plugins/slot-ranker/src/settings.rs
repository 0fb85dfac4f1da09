//! What the operator can set; `settings.schema.json` says the same to the host.

use serde::Deserialize;
use std::collections::BTreeMap;

/// How well words (topics, kinds, formats) fit, from 0 to 1.
pub type Fit = BTreeMap<String, f64>;

/// What fits as well as it doesn't.
const NEUTRAL: f64 = 0.5;

/// What the operator can set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Most points for each reason.
    pub weights: Weights,
    /// For each kind of group, how well topics, kinds and formats fit it.
    pub kinds: BTreeMap<String, Fit>,
    /// For each slot, how well topics, kinds and formats fit it.
    pub slots: BTreeMap<String, Fit>,
    /// For each kind of content, after how many days half of its freshness is gone.
    pub half_lives_days: BTreeMap<String, f64>,
    /// The same for all other kinds.
    pub half_life_days: f64,
    /// So many impressions say as much as what is usual.
    pub tries: f64,
}

/// Most points for each reason.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// Fit to the kind of the group, as set.
    pub fit: f64,
    /// What the group has read of the topic.
    pub topic: f64,
    /// Freshness.
    pub fresh: f64,
    /// Fit to the slot, as set.
    pub slot: f64,
    /// What the group has read in the format.
    pub format: f64,
    /// Read of shown, in the brand.
    pub reads: f64,
    /// Shared of read, in the brand.
    pub shares: f64,
    /// Converted of read, in the brand.
    pub conversions: f64,
}

impl Settings {
    /// How well an item with these words fits: the mean of what is set for them, and in between where nothing is.
    pub fn fits(&self, settings: &BTreeMap<String, Fit>, of: &str, words: &[&str]) -> f64 {
        let Some(fit) = settings.get(of) else { return NEUTRAL };
        let (mut sum, mut found) = (0.0, 0.0);
        for fit in words.iter().filter_map(|word| fit.get(*word)) {
            sum += fit;
            found += 1.0;
        }
        if found > 0.0 { sum / found } else { NEUTRAL }
    }

    /// After how many days half of the freshness of a kind is gone.
    pub fn half_life_days(&self, kind: &str) -> f64 {
        self.half_lives_days.get(kind).copied().unwrap_or(self.half_life_days)
    }
}

impl Default for Settings {
    fn default() -> Self {
        let fit = |words: [(&str, f64); 4]| words.map(|(word, fit)| (word.to_owned(), fit)).into();
        Self {
            weights: Weights::default(),
            kinds: BTreeMap::new(),
            slots: [
                ("morning".to_owned(), fit([("text", 0.9), ("image", 0.7), ("article", 0.4), ("video", 0.3)])),
                ("noon".to_owned(), fit([("text", 0.6), ("image", 0.9), ("article", 0.5), ("video", 0.6)])),
                ("evening".to_owned(), fit([("text", 0.4), ("image", 0.6), ("article", 0.9), ("video", 0.9)])),
            ]
            .into(),
            half_lives_days: [("news", 3.0), ("offer", 5.0)].map(|(kind, days)| (kind.to_owned(), days)).into(),
            half_life_days: 14.0,
            tries: 30.0,
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            fit: 15.0,
            topic: 25.0,
            fresh: 20.0,
            slot: 10.0,
            format: 5.0,
            reads: 15.0,
            shares: 5.0,
            conversions: 5.0,
        }
    }
}
