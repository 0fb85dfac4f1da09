//! The host's side of the contract, one file per interface. Every function counts itself first.

mod effects;
mod events;
mod log;
mod tables;
mod text;
mod unserved;

pub(crate) use events::AT_HAND;
