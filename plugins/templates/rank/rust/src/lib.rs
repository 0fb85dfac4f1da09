//! Ranks what is fresh, what is read, and what a group cares about.

use serde::Deserialize;
use usher_plugin::prelude::*;

/// Times shown that an item needs before its reads are believed.
const DOUBT: f64 = 40.0;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    half_life_hours: f64,
    topics: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { half_life_hours: 48.0, topics: Vec::new() }
    }
}

struct Fresh(Settings);

impl Rank for Fresh {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("{{name}}", env!("CARGO_PKG_VERSION"))
            .summary("Ranks what is fresh, what is read, and what a group cares about.")
            .columns(["age_hours", "reads@30d", "impressions@30d", "topic"])
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self(settings))
    }

    fn rank(&self, items: &Table<'_>) -> Result<(), String> {
        let fresh = |age: f64| if age.is_nan() { 0.0 } else { 50.0 * 0.5_f64.powf(age / self.0.half_life_hours) };
        let ages = items.numbers("age_hours")?;
        items.contribute("新鲜", &ages.into_iter().map(fresh).collect::<Vec<f64>>())?;

        let (reads, shown) = (items.numbers("reads@30d")?, items.numbers("impressions@30d")?);
        let read = reads.iter().zip(&shown).map(|(reads, shown)| 50.0 * known(*reads) / (known(*shown) + DOUBT));
        items.contribute("读的人多", &read.collect::<Vec<f64>>())?;

        let wanted = |topic: &String| if self.0.topics.contains(topic) { 10.0 } else { 0.0 };
        items.contribute("本群关心的话题", &items.texts("topic")?.iter().map(wanted).collect::<Vec<f64>>())
    }
}

fn known(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value }
}

usher_plugin::export!(rank: Fresh);
