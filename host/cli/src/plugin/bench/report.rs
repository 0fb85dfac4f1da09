//! The figures of a bench, for people and for programs.

use super::figures::{Figures, Measure, Summary};
use crate::plugin::paint::{Paint, Tone};
use crate::settings::Settings;
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::time::Duration;
use usher_model::CallLimits;

/// From this share of a limit on it is near, and from the other on too near: an event of another day is larger.
const NEAR_PERCENT: u64 = 50;
const TOO_NEAR_PERCENT: u64 = 80;

/// One decision or one table, and what making it again cost.
#[derive(Debug)]
pub(in crate::plugin) struct Benched {
    pub(in crate::plugin) case: PathBuf,
    /// The event's id, or how many rows the table has.
    pub(in crate::plugin) event: String,
    pub(in crate::plugin) figures: Figures,
    /// Why the plugin failed on it, if it did.
    pub(in crate::plugin) failed: Option<Value>,
}

/// What the plugin is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) enum OfWhat {
    Events,
    Tables,
}

impl OfWhat {
    fn word(self) -> &'static str {
        match self {
            Self::Events => "decisions",
            Self::Tables => "tables",
        }
    }

    /// So many of them.
    fn counted(self, count: usize) -> String {
        match (self, count) {
            (Self::Events, 1) => "1 decision".to_owned(),
            (Self::Tables, 1) => "1 table".to_owned(),
            _ => format!("{count} {}", self.word()),
        }
    }

    /// Those of production. A table has a budget of its own.
    fn limits(self) -> CallLimits {
        let calls = Settings::default().calls;
        match self {
            Self::Events => calls,
            Self::Tables => CallLimits { fuel: calls.table_fuel, ..calls },
        }
    }
}

/// Everything that was measured.
#[derive(Debug)]
pub(in crate::plugin) struct Bench {
    pub(in crate::plugin) name: String,
    pub(in crate::plugin) version: String,
    pub(in crate::plugin) size_bytes: usize,
    pub(in crate::plugin) of: OfWhat,
    /// Calls for each decision or table.
    pub(in crate::plugin) calls: u32,
    /// To verify it, compile it and ask it what it is.
    pub(in crate::plugin) upload: Duration,
    /// To configure it and compile what that left.
    pub(in crate::plugin) enable: Option<Duration>,
    pub(in crate::plugin) benched: Vec<Benched>,
}

impl Bench {
    fn all(&self) -> Figures {
        let mut all = Figures::default();
        self.benched.iter().for_each(|benched| all.extend(&benched.figures));
        all
    }

    /// A table, coloured where a limit is near, and the event that costs most.
    pub(super) fn describe(&self, paint: Paint) -> String {
        let Self { name, version, size_bytes, of, calls, upload, enable, benched } = self;
        let limits = of.limits();
        let most = Settings::default().plugins.component_bytes as u64;
        let mut lines = vec![format!("{name} {version}: {}, each made {calls} times", of.counted(benched.len()))];
        let size = *size_bytes as u64;
        lines.push(format!("  component  {} bytes{}", grouped(size), share(size, Some(most), paint)));
        lines.push(format!("  upload     {} ms, once", upload.as_millis()));
        lines.extend(enable.map(|enable| format!("  settings   {} ms, once", enable.as_millis())));
        lines.push(format!("\n  {:<20} {:>12} {:>12} {:>12} {:>12}", "a call", "median", "99 %", "most", "limit"));
        for (measure, Summary { median, p99, most }) in self.all().summaries() {
            let limit = (measure.limit)(&limits);
            let [median, p99, told] = [median, p99, most].map(grouped);
            let limit_told = limit.map_or("-".to_owned(), grouped);
            let row = format!("  {:<20} {median:>12} {p99:>12} {told:>12} {limit_told:>12}", measure.name);
            lines.push(format!("{row}{}", share(most, limit, paint)));
        }
        lines.extend(benched.iter().max_by_key(|benched| benched.figures.most_fuel()).map(|dearest| {
            format!(
                "\n  dearest: {} in {}, {} of fuel",
                dearest.event,
                place(dearest),
                grouped(dearest.figures.most_fuel())
            )
        }));
        for benched in benched.iter().filter(|benched| benched.failed.is_some()) {
            let failed = benched.failed.as_ref().map(|failure| failure["message"].as_str().unwrap_or_default());
            let told = format!("  failed: {} in {}: {}", benched.event, place(benched), failed.unwrap_or_default());
            lines.push(paint.in_tone(Tone::Bad, &told));
        }
        lines.join("\n")
    }

    pub(super) fn as_json(&self) -> serde_json::Result<String> {
        let limits = self.of.limits();
        let figures = |figures: &Figures| -> Map<String, Value> {
            let told = figures.summaries().map(|(Measure { key, limit, .. }, Summary { median, p99, most })| {
                let limit = limit(&limits);
                (key.to_owned(), json!({"median": median, "p99": p99, "most": most, "limit": limit}))
            });
            told.collect()
        };
        let benched = self.benched.iter().map(|benched| {
            let what = if self.of == OfWhat::Events { "event" } else { "table" };
            json!({"case": place(benched), what: benched.event, "failed": benched.failed,
                "call": figures(&benched.figures)})
        });
        let Self { name, version, size_bytes, .. } = self;
        serde_json::to_string_pretty(&json!({
            "plugin": name, "version": version, "calls": self.calls, "component_bytes": size_bytes,
            "upload_ms": ms(self.upload), "enable_ms": self.enable.map(ms),
            "call": figures(&self.all()), self.of.word(): benched.collect::<Vec<_>>(),
        }))
    }
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn place(benched: &Benched) -> String {
    benched.case.display().to_string()
}

/// How much of a limit it is.
fn share(used: u64, limit: Option<u64>, paint: Paint) -> String {
    let Some(limit) = limit.filter(|limit| *limit > 0) else { return String::new() };
    let percent = used.saturating_mul(100) / limit;
    let told = format!("  {percent} %");
    match percent {
        TOO_NEAR_PERCENT.. => paint.in_tone(Tone::Bad, &format!("{told}, too near")),
        NEAR_PERCENT.. => paint.in_tone(Tone::Near, &format!("{told}, near")),
        _ => told,
    }
}

/// With a comma after each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap_or_default()).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
