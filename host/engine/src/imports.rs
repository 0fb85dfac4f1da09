//! The host's side of the contract, one file per interface. Every function counts itself first.

mod effects;
mod events;
mod history;
mod log;
mod state;
mod tables;
mod text;
mod timers;

pub(crate) use events::AT_HAND;
pub(crate) use history::Filter;
pub(crate) use state::Written;
pub(crate) use tables::TABLE_AT_HAND;
