//! Flooding: too many messages, the same again, messages that fill the screen, the same from several members.
//!
//! What happened is the host's history, and what a member did before is a [`Record`] in the group's state. [`judge`]
//! holds what was read against the settings, and [`ladder`] says what follows; both are pure. [`plugin`] alone talks
//! to the host.

mod judge;
mod ladder;
mod plugin;
mod settings;

pub use judge::{Flood, Seen, Size, floods};
pub use ladder::{Record, check_steps};
pub use plugin::FloodGuard;
pub use settings::{Alarm, Coordinated, Escalation, Remedy, Repeated, Rung, Settings, TooLong, TooMany};

usher_plugin::export!(FloodGuard);
