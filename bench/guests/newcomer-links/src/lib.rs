//! Links of members who joined a short while ago: the rule that Usher and Cerbos are compared by.

use usher_bench_rules::has_link;
use usher_plugin::prelude::*;

const HOUR_MS: u64 = 3_600_000;

/// Finds links in messages of newcomers. When a member joined stands in the event's payload, as `joined_ms`.
#[derive(Debug)]
pub struct NewcomerLinks {
    settings: Settings,
}

/// What an operator may say.
#[derive(Debug, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// For how long members are newcomers.
    newcomer_hours: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { newcomer_hours: 72 }
    }
}

impl Check for NewcomerLinks {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("newcomer-links", env!("CARGO_PKG_VERSION"))
            .summary("Links of members who joined a short while ago: for the benchmark")
            .event("message.created")
            .settings_schema(
                r#"{"type":"object","properties":{"newcomer_hours":{"type":"integer","minimum":0,"default":72}}}"#,
            )
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { settings })
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        if !has_link(&event.text()) {
            return Ok(());
        }
        let Some(joined_ms) = event.payload::<u64>("/joined_ms")? else { return Ok(()) };
        let member_ms = event.at().saturating_sub(joined_ms);
        if member_ms < self.settings.newcomer_hours.saturating_mul(HOUR_MS) {
            Finding::new("newcomer-link", Severity::High)
                .message("a link of someone who joined a short while ago")
                .evidence("hours-since-joining", member_ms / HOUR_MS);
        }
        Ok(())
    }
}

usher_plugin::export!(NewcomerLinks);
