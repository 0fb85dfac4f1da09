//! What a run came to: verdicts, rules and latencies, as a table or as JSON.

use crate::send::client::Sent;
use anyhow::Context;
use comfy_table::{CellAlignment, Table, presets};
use hdrhistogram::Histogram;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use usher_model::{Decision, Outcome, Verdict};

/// Counts of a run.
#[derive(Debug)]
pub(crate) struct Report {
    verdicts: BTreeMap<Verdict, u64>,
    rules: BTreeMap<String, u64>,
    failures: BTreeMap<String, u64>,
    refused: BTreeMap<String, u64>,
    latency_us: Histogram<u64>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self {
            verdicts: BTreeMap::new(),
            rules: BTreeMap::new(),
            failures: BTreeMap::new(),
            refused: BTreeMap::new(),
            latency_us: new_histogram(),
        }
    }

    pub(crate) fn add(&mut self, sent: Sent) -> anyhow::Result<()> {
        let (decision, took) = match sent {
            Sent::Refused(problem) => {
                *self.refused.entry(problem.to_string()).or_default() += 1;
                return Ok(());
            }
            Sent::Decided { decision, took } => (decision, took),
        };
        let decision: Decision = serde_json::from_str(&decision).context("the host's answer is no decision")?;
        self.latency_us.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        *self.verdicts.entry(decision.intent.verdict).or_default() += 1;
        for finding in &decision.intent.findings {
            *self.rules.entry(format!("{}/{}", finding.plugin, finding.rule)).or_default() += 1;
        }
        for finding in decision.shadow.iter().flat_map(|shadow| &shadow.findings) {
            *self.rules.entry(format!("{}/{} (shadow)", finding.plugin, finding.rule)).or_default() += 1;
        }
        for report in decision.plugins.iter().filter(|report| report.outcome == Outcome::Failed) {
            let kind = report.failure.as_ref().map_or("unknown", |failure| failure.kind.as_str());
            *self.failures.entry(format!("{}: {kind}", report.plugin)).or_default() += 1;
        }
        Ok(())
    }

    pub(crate) fn has_failures(&self) -> bool {
        !self.refused.is_empty()
    }

    fn decided(&self) -> u64 {
        self.verdicts.values().sum()
    }

    fn latencies_us(&self) -> [(&'static str, u64); 4] {
        let at = |quantile| self.latency_us.value_at_quantile(quantile);
        [("p50", at(0.5)), ("p90", at(0.9)), ("p99", at(0.99)), ("max", self.latency_us.max())]
    }

    pub(crate) fn json(&self, took: Duration) -> anyhow::Result<String> {
        let verdicts: BTreeMap<&str, u64> = self.verdicts.iter().map(|(verdict, n)| (verdict.as_str(), *n)).collect();
        let latency_us: BTreeMap<&str, u64> = self.latencies_us().into_iter().collect();
        let report = json!({
            "events": self.decided() + self.refused.values().sum::<u64>(),
            "verdicts": verdicts, "rules": self.rules, "plugin_failures": self.failures, "refused": self.refused,
            "latency_us": latency_us, "seconds": took.as_secs_f64(),
        });
        Ok(serde_json::to_string_pretty(&report)?)
    }

    pub(crate) fn table(&self, took: Duration) -> String {
        let decided = self.decided();
        if decided == 0 && self.refused.is_empty() {
            return "The file has no events.".into();
        }
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED).set_header(vec!["", "events", "share"]);
        let share = |n: u64| format!("{:.1} %", percent(n, decided));
        for verdict in Verdict::ALL {
            let n = self.verdicts.get(&verdict).copied().unwrap_or_default();
            table.add_row(vec![verdict.to_string(), n.to_string(), share(n)]);
        }
        for (rule, n) in &self.rules {
            table.add_row(vec![format!("rule {rule}"), n.to_string(), share(*n)]);
        }
        for (what, n) in &self.failures {
            table.add_row(vec![format!("failed {what}"), n.to_string(), share(*n)]);
        }
        for (problem, n) in &self.refused {
            table.add_row(vec![format!("not decided: {problem}"), n.to_string(), String::new()]);
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let latencies: Vec<String> =
            self.latencies_us().iter().map(|(name, us)| format!("{name} {}", milliseconds(*us))).collect();
        let rate = percent(decided, 100) / took.as_secs_f64().max(1e-9);
        format!(
            "{table}\n{decided} decided in {:.2} s, {rate:.0} a second; latency {}",
            took.as_secs_f64(),
            latencies.join(", ")
        )
    }
}

fn milliseconds(us: u64) -> String {
    format!("{}.{:02} ms", us / 1000, us % 1000 / 10)
}

#[expect(clippy::cast_precision_loss, reason = "for people: counts far below 2^52")]
fn percent(n: u64, of: u64) -> f64 {
    n as f64 * 100.0 / (of.max(1)) as f64
}

/// From a microsecond to an hour, to three digits.
#[expect(clippy::expect_used, reason = "the bounds are constants that the library accepts")]
fn new_histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 3_600_000_000, 3).expect("valid bounds")
}
