//! Scores members who help others and are often there.

use serde::Deserialize;
use usher_plugin::prelude::*;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    helping: f64,
    being_active: f64,
    least_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { helping: 60.0, being_active: 40.0, least_days: 30 }
    }
}

struct Helpers(Settings);

impl Score for Helpers {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("{{name}}", env!("CARGO_PKG_VERSION"))
            .summary("Scores members who help others and are often there.")
            .columns(["answers@90d", "messages.days@30d", "member_days"])
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self(settings))
    }

    fn score(&self, members: &Table<'_>) -> Result<(), String> {
        // Where each member stands among all, not only among those of this table.
        let helping = points(&members.standing("answers@90d")?, self.0.helping);
        members.contribute("帮助他人", &helping)?;
        let active = points(&members.standing("messages.days@30d")?, self.0.being_active);
        members.contribute("经常在群里", &active)?;
        let least = self.0.least_days;
        for (row, days) in members.numbers("member_days")?.into_iter().enumerate() {
            if days < f64::from(least) {
                members.exclude(row, &format!("入群不满{least}天"));
            }
        }
        Ok(())
    }
}

/// What is not known is worth nothing.
fn points(standing: &[f64], weight: f64) -> Vec<f64> {
    standing.iter().map(|share| if share.is_nan() { 0.0 } else { share * weight }).collect()
}

usher_plugin::export!(score: Helpers);
