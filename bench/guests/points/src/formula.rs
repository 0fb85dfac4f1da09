//! The formula alone: the same code in the plugin and in the benchmark.

/// What it looks at.
pub const COLUMNS: [&str; 8] = [
    "messages@30d",
    "messages.days@30d",
    "answers@90d",
    "helped.people@90d",
    "reactions_received@30d",
    "purchase_fen@365d",
    "purchases@365d",
    "checkins.days@30d",
];

/// Where the population is asked about.
pub const QUANTILES: [f64; 5] = [0.0, 0.5, 0.75, 0.9, 0.99];

/// What each column is worth.
pub const WEIGHTS: [f64; COLUMNS.len()] = [10.0, 15.0, 15.0, 20.0, 10.0, 15.0, 5.0, 10.0];

/// What it makes of a column.
#[derive(Debug, Clone, Copy)]
pub struct Formula {
    /// What each column is worth.
    pub weights: [f64; COLUMNS.len()],
}

impl Formula {
    /// A column's points: by steps between the quantiles of the population, in proportion within a step; what is not known
    /// is worth nothing.
    pub fn points(&self, column: usize, quantiles: &[f64], values: &[f64]) -> Vec<f64> {
        let weight = self.weights.get(column).copied().unwrap_or_default();
        values.iter().map(|value| weight * share(quantiles, *value)).collect()
    }

    /// Who has been there for less than a month can't be chosen.
    pub fn is_too_new(member_days: f64) -> bool {
        member_days < 30.0
    }
}

fn share(quantiles: &[f64], value: f64) -> f64 {
    let mut steps = 0.0;
    for pair in quantiles.windows(2) {
        let (low, high) = (pair[0], pair[1]);
        if value >= high && high > low {
            steps += 1.0;
        } else if value > low {
            return (steps + (value - low) / (high - low)) / 4.0;
        }
    }
    steps / 4.0
}
