//! What an operator can set, with defaults that hold for a first day and a first year.

use crate::act::WebhookLimits;
use crate::breaker::BreakerLimits;
use crate::catalog::Registries;
use crate::clock::Clock;
use crate::ledger::LedgerSettings;
use crate::plugin_logs::PluginLogLimits;
use crate::recommend::PushQuotas;
use serde::{Deserialize, Serialize};
use usher_model::DailyCaps;

/// How a host serves.
#[derive(Debug, Clone, Default)]
pub struct ServerConfig {
    /// Where time comes from.
    pub clock: Clock,
    /// What a caller may send.
    pub limits: Limits,
    /// When a plugin is taken out of the way for a while.
    pub breaker: BreakerLimits,
    /// The most actions of a kind that a plugin has done in a brand in a day without a person, where its enablement says
    /// nothing.
    pub daily_actions: DailyCaps,
    /// Whether activity is counted.
    pub ledger: LedgerSettings,
    /// How webhooks are told.
    pub webhooks: WebhookLimits,
    /// How much is kept of what plugins write to their logs.
    pub plugin_logs: PluginLogLimits,
    /// Where plugins may be pulled from.
    pub registries: Registries,
    /// How often somebody may be pushed at.
    pub pushes: PushQuotas,
}

/// Limits of the HTTP surface and of what is kept in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Bytes of one event, and of every JSON body that has no limit of its own.
    pub body_bytes: usize,
    /// Bytes of a word list.
    pub word_list_bytes: usize,
    /// Bytes of a component; the engine has its own limit, this one is what is read at all.
    pub component_bytes: usize,
    /// How far ahead of the wall clock an event may be, in milliseconds.
    pub ahead_ms: u64,
    /// Events of one batch that are decided at the same time.
    pub batch_concurrency: usize,
    /// Connections at once; more wait to be accepted.
    pub connections: usize,
    /// How long a connection may take to send the header of a request, or be idle between two, in milliseconds.
    pub header_ms: u64,
    /// Requests that may be under way at once; more are told to come again.
    pub requests: usize,
    /// Members' records kept in memory.
    pub members_cached: usize,
    /// Bytes of groups' memory that is kept at hand: slots that were read, last events.
    pub memory_bytes: u64,
    /// Last events of a group that plugins may look back at.
    pub history_events: usize,
    /// How long after it is due a timer waits for events from before, in milliseconds, when nothing else happens.
    pub timer_grace_ms: u64,
    /// Events remembered, so that one that comes again is looked up before it is decided.
    pub events_remembered: usize,
    /// Days that runs are kept for, since they were made; the last of each kind and group is always.
    pub runs_kept_days: u64,
    /// Differences that are kept of one backtest; all are counted.
    pub backtest_differences: u64,
    /// Changes of what is kept that may be under way at once, half of them of one key; more are told to come again.
    pub changes: usize,
    /// Plans of groups kept in memory, and with each the snapshots that its plugins start from.
    pub plans_cached: usize,
    /// Snapshots kept in memory, beside those that a plan holds.
    pub snapshots_cached: usize,
    /// Bytes of code and memory images that they map.
    pub snapshot_bytes: u64,
    /// Components that are compiled at once, each on `compile.threads`.
    pub compile_slots: usize,
    /// Compilations that may wait for their turn; more are told to come again.
    pub compile_queue: usize,
    /// How often to look for what other hosts on the same database have changed, in milliseconds.
    pub follow_ms: u64,
    /// How often a plugin is tried again that could not be made ready, in milliseconds.
    pub mend_ms: u64,
    /// Recent cost of a plugin, in units of fuel, from which on its calls run aside.
    pub heavy_fuel: u64,
    /// Calls that run aside at once; half of the cores when 0.
    pub heavy_calls: usize,
    /// Heavy calls of one brand that may wait for their turn.
    pub heavy_waiting: usize,
    /// Members or contents that one run may be over.
    pub run_rows: usize,
    /// Bytes of what is kept of a run so that it can be made again.
    pub run_input_bytes: usize,
    /// How long open requests have to end after a shutdown began, in milliseconds.
    pub shutdown_ms: u64,
    /// How long one request may take to arrive and be answered, in milliseconds; batches and streams have no limit.
    pub request_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            word_list_bytes: 16 << 20,
            component_bytes: 32 << 20,
            ahead_ms: 5 * 60 * 1000,
            batch_concurrency: 64,
            connections: 8192,
            header_ms: 30_000,
            requests: 4096,
            members_cached: 100_000,
            memory_bytes: 256 << 20,
            history_events: 1_000,
            timer_grace_ms: 1_000,
            events_remembered: 100_000,
            runs_kept_days: 400,
            backtest_differences: 10_000,
            changes: 64,
            snapshots_cached: 1024,
            plans_cached: 10_000,
            snapshot_bytes: 4 << 30,
            compile_slots: 1,
            compile_queue: 32,
            follow_ms: 250,
            mend_ms: 10_000,
            heavy_fuel: 2_000_000,
            heavy_calls: 0,
            heavy_waiting: 1024,
            run_rows: 200_000,
            run_input_bytes: 256 << 20,
            shutdown_ms: 10_000,
            request_ms: 120_000,
        }
    }
}

/// Punishments that are hard to take back, with a cap that no honest day comes near in most brands.
pub fn daily_actions() -> DailyCaps {
    ["ban", "kick", "mute"].map(|kind| (kind.to_owned(), 100)).into()
}
