//! What to post in this slot (C1): fit to the group, freshness, and what came of showing it before.
//!
//! [`rate`] makes shares of counts that may be small, [`mod@rank`] adds up what speaks for an item; both are pure. [`plugin`]
//! alone talks to the host, which then keeps to what was seen, to quotas and to variety.

mod plugin;
mod rank;
mod rate;
mod settings;

pub use plugin::SlotRanker;
pub use rank::{Items, Occasion, Rates, rank};
pub use rate::{Counts, Rate};
pub use settings::{Fit, Settings, Weights};

usher_plugin::export!(rank: SlotRanker);
