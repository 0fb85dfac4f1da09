//! A plugin for tests: it ranks contents by their attribute `worth`, and by how often they were read, `reads` points each.
//! Who has `no` as the attribute `may` is excluded. In the slot that the setting `favourite` names, everything is worth
//! a point more.

use usher_plugin::Table;
use usher_plugin::prelude::*;

/// The plugin.
#[derive(Debug)]
pub struct Ranker(Settings);

/// What it does.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    reads: f64,
    favourite: String,
}

impl Rank for Ranker {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let columns =
            ["attribute:worth", "attribute:may", "reads@30d", "reads.group@30d", "age_hours", "topic", "title"];
        let manifest = Manifest::new("test-ranker", env!("CARGO_PKG_VERSION")).columns(columns);
        manifest.settings_schema(r#"{"type":"object"}"#)
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self(settings))
    }

    fn rank(&self, items: &Table<'_>) -> Result<(), String> {
        let Self(settings) = self;
        let worth = items.numbers("attribute:worth")?;
        let worth: Vec<f64> = worth.iter().map(|worth| if worth.is_nan() { 0.0 } else { *worth }).collect();
        items.contribute("worth", &worth)?;
        let reads: Vec<f64> = items.numbers("reads@30d")?.iter().map(|reads| reads * settings.reads).collect();
        items.contribute("reads", &reads)?;
        if items.parameter("slot").is_some_and(|slot| slot == settings.favourite) {
            items.contribute("favourite slot", &vec![1.0; items.len()])?;
        }
        for (row, word) in items.texts("attribute:may")?.iter().enumerate() {
            if word == "no" {
                items.exclude(row, "may not");
            }
        }
        Ok(())
    }
}

usher_plugin::export!(rank: Ranker);
