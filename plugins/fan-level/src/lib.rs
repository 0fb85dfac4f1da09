//! Levels of loyal fans (死硬分子): hard to reach, slow to decay, and nothing to farm.
//!
//! Of each source a day counts once, recent days count more than old ones ([`decay`]), and what is easily had counts only
//! as far as what others saw of it ([`mod@judge`]). Both are pure. [`plugin`] alone talks to the host.

mod decay;
mod judge;
mod plugin;
mod settings;

pub use decay::{Decay, WINDOWS_DAYS};
pub use judge::{Judged, Members, Windows, judge};
pub use plugin::FanLevel;
pub use settings::{Earned, Level, Light, Settings};

usher_plugin::export!(score: FanLevel);
