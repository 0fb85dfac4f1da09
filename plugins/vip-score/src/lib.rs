//! VIP candidates (VIP 候选): two roads lead there, paying and helping, behind one gate.
//!
//! [`mod@judge`] holds what the ledger has of each member against the whole population; it is pure. [`plugin`] alone talks to
//! the host.

mod judge;
mod plugin;
mod scale;
mod settings;

pub use judge::{Judged, Members, Scales, judge};
pub use plugin::VipScore;
pub use scale::Scale;
pub use settings::{Floors, Gate, Helping, Labels, Paying, Quantiles, Settings};

usher_plugin::export!(score: VipScore);
