//! The rooms that an event passes, and the HTTP around them.
//!
//! `api -> ingest -> plan -> run -> aggregate -> record -> act`: bytes become an [`usher_model::Event`], a plan says which
//! snapshots it meets, each run ends in an outcome, the outcomes become one decision, and the decision is durable before
//! it is answered. `pipeline` shows the whole life of an event. Beside the path stand `catalog` (the life of a plugin),
//! `directory` (brands, groups and what is in force there) and `keys`.

mod act;
mod aggregate;
mod api;
mod background;
mod backtest;
mod breaker;
mod caps;
mod catalog;
mod changes;
mod clock;
mod config;
mod directory;
mod documents;
mod follow;
mod host;
mod ingest;
mod keys;
mod ledger;
mod members;
mod memory;
mod pipeline;
mod plan;
mod plugin_logs;
mod recent;
mod recommend;
mod record;
mod replay;
mod run;
mod runs;
mod schedule;
mod score;
mod serve;
mod settle;
mod shares;
mod telemetry;
mod timers;
mod turns;
mod worker;

pub use act::WebhookLimits;
pub use api::openapi;
pub use background::{idle_priority, low_priority};
pub use backtest::BACKTESTS_MAX;
pub use breaker::BreakerLimits;
pub use catalog::{Registries, RegistryLogin};
pub use changes::COMPILATIONS_MAX;
pub use clock::Clock;
pub use config::{Limits, ServerConfig, daily_actions};
pub use host::{Host, StartError};
pub use keys::{AdminKey, new_secret};
pub use ledger::LedgerSettings;
pub use plugin_logs::PluginLogLimits;
pub use recommend::PushQuotas;
pub use serve::serve;
