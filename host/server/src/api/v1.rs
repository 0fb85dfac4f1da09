//! Version 1: a folder per resource, a file per endpoint.

pub(crate) mod activity;
pub(crate) mod backtests;
pub(crate) mod brands;
pub(crate) mod breakers;
pub(crate) mod candidates;
pub(crate) mod compilations;
pub(crate) mod contents;
pub(crate) mod decisions;
pub(crate) mod enablements;
pub(crate) mod events;
pub(crate) mod groups;
pub(crate) mod keys;
pub(crate) mod members;
pub(crate) mod plugin_logs;
pub(crate) mod plugins;
pub(crate) mod recommendations;
pub(crate) mod runs;
pub(crate) mod schedules;
mod scope;
pub(crate) mod scores;
pub(crate) mod webhooks;
pub(crate) mod word_lists;
