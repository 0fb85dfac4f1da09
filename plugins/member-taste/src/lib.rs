//! What a member may like (C3): what others of their segment read and buy, and what they are interested in themselves.
//!
//! [`rate`] makes shares of counts that may be small, [`mod@taste`] adds up what speaks for an item and says it in words; both
//! are pure. [`plugin`] alone talks to the host.

mod plugin;
mod rate;
mod settings;
mod taste;

pub use plugin::MemberTaste;
pub use rate::{Counts, Rate};
pub use settings::{Settings, Weights};
pub use taste::{Items, Judged, Rates, taste};

usher_plugin::export!(rank: MemberTaste);
