//! What the operator can set; `settings.schema.json` says the same to the host.

use serde::Deserialize;

/// What the operator can set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Who may be a candidate at all.
    pub gate: Gate,
    /// Most points on the road of those who pay.
    pub paying: Paying,
    /// Most points on the road of those who help.
    pub helping: Helping,
    /// Which part of the points counts on the road on which somebody has come less far.
    pub other_road: f64,
    /// What the population's middle and top are.
    pub quantiles: Quantiles,
    /// The least that a top is.
    pub floors: Floors,
    /// What candidates are called.
    pub labels: Labels,
}

/// Who may be a candidate at all.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gate {
    /// Days of being a member.
    pub least_days: f64,
    /// Weight of open strikes.
    pub most_strikes: f64,
}

/// Most points on the road of those who pay.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paying {
    /// How long ago the last purchase is.
    pub recency: f64,
    /// How many purchases.
    pub frequency: f64,
    /// How much money.
    pub amount: f64,
}

/// Most points on the road of those who help.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Helping {
    /// Answers that were accepted.
    pub answers: f64,
    /// Distinct members helped.
    pub people: f64,
    /// Distinct days with a message.
    pub active_days: f64,
    /// So many answers to one member count.
    pub answers_per_person: f64,
}

/// What the population's middle and top are, as shares of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quantiles {
    /// Up to here a number counts nothing.
    pub middle: f64,
    /// From here on it counts in full.
    pub top: f64,
}

/// The least that a top is, where hardly anybody does it.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Floors {
    /// Days since a purchase that are always recent.
    pub recent_days: f64,
    /// Purchases.
    pub purchases: f64,
    /// Money paid, in yuan.
    pub yuan: f64,
    /// Answers.
    pub answers: f64,
    /// Members helped.
    pub people: f64,
    /// Days with a message.
    pub active_days: f64,
}

/// What candidates are called.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Labels {
    /// Those who pay; none when empty.
    pub paying: String,
    /// Those who help; none when empty.
    pub helping: String,
    /// From which score on.
    pub from: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            gate: Gate::default(),
            paying: Paying::default(),
            helping: Helping::default(),
            other_road: 0.3,
            quantiles: Quantiles::default(),
            floors: Floors::default(),
            labels: Labels::default(),
        }
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self { least_days: 30.0, most_strikes: 0.0 }
    }
}

impl Default for Paying {
    fn default() -> Self {
        Self { recency: 30.0, frequency: 35.0, amount: 35.0 }
    }
}

impl Default for Helping {
    fn default() -> Self {
        Self { answers: 35.0, people: 40.0, active_days: 25.0, answers_per_person: 3.0 }
    }
}

impl Default for Quantiles {
    fn default() -> Self {
        Self { middle: 0.5, top: 0.98 }
    }
}

impl Default for Floors {
    fn default() -> Self {
        Self { recent_days: 7.0, purchases: 3.0, yuan: 300.0, answers: 10.0, people: 5.0, active_days: 20.0 }
    }
}

impl Default for Labels {
    fn default() -> Self {
        Self { paying: "VIP候选·付费".to_owned(), helping: "VIP候选·助人".to_owned(), from: 60.0 }
    }
}
