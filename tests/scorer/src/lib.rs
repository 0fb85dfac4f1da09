//! A plugin for tests: it gives points as its settings say.
//!
//! | setting | does |
//! | --- | --- |
//! | `points` | for each column named, so many points a unit; what is not known is worth nothing |
//! | `standing` | for each column named, so many points for who stands at the very top of the population |
//! | `spin` | works so hard for each row |
//! | `fail` | an error, instead of all that |
//!
//! Who has `no` as the attribute `may` is excluded; the attribute `word` becomes a label.

use std::collections::BTreeMap;
use usher_plugin::Table;
use usher_plugin::prelude::*;

const COLUMNS: [&str; 8] = [
    "messages@30d",
    "messages.days@30d",
    "helped.people@30d",
    "purchase_fen@90d",
    "strikes",
    "member_days",
    "attribute:bonus",
    "attribute:may",
];

/// The plugin.
#[derive(Debug)]
pub struct Scorer(Settings);

/// What it does.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    points: BTreeMap<String, f64>,
    standing: BTreeMap<String, f64>,
    spin: u32,
    fail: bool,
}

impl Score for Scorer {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let manifest = Manifest::new("test-scorer", env!("CARGO_PKG_VERSION")).columns(COLUMNS);
        manifest.columns(["attribute:word"]).settings_schema(r#"{"type":"object"}"#)
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self(settings))
    }

    fn score(&self, members: &Table<'_>) -> Result<(), String> {
        let Self(settings) = self;
        if settings.fail {
            return Err("as the settings say".into());
        }
        for (column, points) in &settings.points {
            let values = members.numbers(column)?;
            let values: Vec<f64> =
                values.iter().map(|value| if value.is_nan() { 0.0 } else { value * points }).collect();
            members.contribute(column, &values)?;
        }
        for (column, points) in &settings.standing {
            let values = members.standing(column)?;
            let values: Vec<f64> =
                values.iter().map(|value| if value.is_nan() { 0.0 } else { value * points }).collect();
            members.contribute(&format!("standing in {column}"), &values)?;
        }
        for (row, word) in members.texts("attribute:may")?.iter().enumerate() {
            if word == "no" {
                members.exclude(row, "may not");
            }
        }
        for (row, word) in members.texts("attribute:word")?.iter().enumerate() {
            if !word.is_empty() {
                members.label(row, word);
            }
        }
        let worked = (0..members.len() * settings.spin as usize).fold(1_u64, |sum, n| sum.rotate_left(7) ^ n as u64);
        if worked == 0 {
            return Err("it never comes to nothing".into());
        }
        Ok(())
    }
}

usher_plugin::export!(score: Scorer);
