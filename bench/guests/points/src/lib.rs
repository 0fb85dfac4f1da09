//! A score of members as a plugin for Usher: who is active, who helps, who buys, and who was there lately, each against
//! the whole population.

pub mod formula;

use formula::{COLUMNS, Formula, QUANTILES};
use usher_plugin::prelude::*;

/// Scores members by the formula.
#[derive(Debug)]
pub struct Points(Formula);

/// What an operator may say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    weights: Option<[f64; COLUMNS.len()]>,
}

impl Score for Points {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("points", env!("CARGO_PKG_VERSION"))
            .summary("Points for members: for the benchmark")
            .columns(COLUMNS)
            .columns(["member_days"])
            .settings_schema(r#"{"type":"object","properties":{"weights":{"type":"array","items":{"type":"number"}}}}"#)
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self(Formula { weights: settings.weights.unwrap_or(formula::WEIGHTS) }))
    }

    fn score(&self, members: &Table<'_>) -> Result<(), String> {
        for (index, column) in COLUMNS.into_iter().enumerate() {
            let quantiles = members.quantiles(column, &QUANTILES)?;
            members.contribute(column, &self.0.points(index, &quantiles, &members.numbers(column)?))?;
        }
        for (row, days) in members.numbers("member_days")?.into_iter().enumerate() {
            if Formula::is_too_new(days) {
                members.exclude(row, "不满一个月");
            }
        }
        Ok(())
    }
}

usher_plugin::export!(score: Points);
