//! Numbers about the host, for Prometheus. Labels never hold content or ids of people.

use crate::breaker::State;
use crate::catalog::{Compilation, Held};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;
use usher_model::{Decision, Outcome, PluginName};

/// Upper bounds of the buckets of durations, in seconds.
const SECONDS: [f64; 14] =
    [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

static RECORDER: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();

/// The recorder of this process.
#[derive(Debug, Clone)]
pub(crate) struct Telemetry(PrometheusHandle);

impl Telemetry {
    /// Installs the recorder; a second host in the same process shares it.
    pub(crate) fn install() -> Result<Self, String> {
        RECORDER.get_or_init(recorder).clone().map(Self)
    }

    /// Folds what was measured into its buckets.
    pub(crate) fn fold(&self) {
        self.0.run_upkeep();
    }

    /// The numbers in Prometheus' text format.
    pub(crate) fn render(&self) -> String {
        self.fold();
        self.0.render()
    }
}

fn recorder() -> Result<PrometheusHandle, String> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
        .map_err(|error| error.to_string())?;
    let handle = builder.install_recorder().map_err(|error| error.to_string())?;
    describe_counter!("usher_decisions_total", "Decisions made durable, by verdict");
    describe_counter!(
        "usher_trial_calls_total",
        "Calls of versions on trial beside those in force, by plugin, version and whether the decision would be another"
    );
    describe_counter!("usher_plugin_calls_total", "Calls of plugins, by plugin and outcome");
    describe_counter!("usher_plugin_fuel_total", "Fuel used by plugins");
    describe_histogram!("usher_plugin_seconds", "Wall time of one call of a plugin");
    describe_histogram!("usher_decide_seconds", "From a parsed event to a durable decision");
    describe_gauge!("usher_breakers", "Breakers, by plugin and state: one per plugin and brand");
    describe_counter!("usher_breaker_changes_total", "Changes of breakers, by plugin and what they changed to");
    describe_counter!("usher_http_requests_total", "Requests, by route and status");
    describe_histogram!("usher_http_seconds", "Time to answer a request, by route");
    describe_counter!("usher_webhook_attempts_total", "Attempts to tell a webhook a decision, by what came of it");
    describe_gauge!("usher_plans", "Groups whose plan is in memory");
    describe_gauge!("usher_snapshots", "Snapshots in memory: those in force, and those used lately");
    describe_gauge!("usher_snapshot_bytes", "Code and memory images that snapshots map");
    describe_gauge!("usher_compilations", "Components that are being compiled, or wait for it");
    Ok(handle)
}

/// What there is at this moment.
pub(crate) fn holds(plans: usize, held: Held, compilations: &[Compilation]) {
    #[expect(clippy::cast_precision_loss, reason = "counts and bytes far below 2^52")]
    let number = |n: u64| n as f64;
    gauge!("usher_plans").set(number(plans as u64));
    gauge!("usher_snapshots").set(number(held.snapshots as u64));
    gauge!("usher_snapshot_bytes").set(number(held.bytes));
    gauge!("usher_compilations").set(number(compilations.len() as u64));
}

/// A decision became durable.
pub(crate) fn decided(decision: &Decision, took: Duration) {
    counter!("usher_decisions_total", "verdict" => decision.intent.verdict.as_str()).increment(1);
    histogram!("usher_decide_seconds").record(took.as_secs_f64());
    for report in &decision.plugins {
        let outcome = match report.outcome {
            Outcome::Findings => "findings",
            Outcome::Abstain => "abstain",
            Outcome::Failed => report.failure.as_ref().map_or("failed", |failure| failure.kind.as_str()),
        };
        let plugin = report.plugin.to_string();
        if report.is_beside() {
            let differs = if decision.trial.is_some() { "yes" } else { "no" };
            let version = report.version.to_string();
            counter!("usher_trial_calls_total", "plugin" => plugin.clone(), "version" => version, "differs" => differs)
                .increment(1);
        }
        counter!("usher_plugin_calls_total", "plugin" => plugin.clone(), "outcome" => outcome).increment(1);
        counter!("usher_plugin_fuel_total", "plugin" => plugin.clone()).increment(report.cost.fuel);
        let took = Duration::from_micros(report.cost.duration_us);
        histogram!("usher_plugin_seconds", "plugin" => plugin).record(took.as_secs_f64());
    }
}

/// A webhook was told a decision, or was not.
pub(crate) fn told(well: bool) {
    let outcome = if well { "told" } else { "failed" };
    counter!("usher_webhook_attempts_total", "outcome" => outcome).increment(1);
}

/// A request was answered.
pub(crate) fn answered(route: &str, status: u16, took: Duration) {
    let route = route.to_owned();
    counter!("usher_http_requests_total", "route" => route.clone(), "status" => status.to_string()).increment(1);
    histogram!("usher_http_seconds", "route" => route).record(took.as_secs_f64());
}

/// A breaker is in another state, or new.
pub(crate) fn breaker_is(plugin: &PluginName, before: Option<State>, after: State) {
    let plugin = plugin.to_string();
    gauge!("usher_breakers", "plugin" => plugin.clone(), "state" => after.as_str()).increment(1.0);
    if let Some(before) = before {
        gauge!("usher_breakers", "plugin" => plugin.clone(), "state" => before.as_str()).decrement(1.0);
        counter!("usher_breaker_changes_total", "plugin" => plugin, "to" => after.as_str()).increment(1);
    }
}
