//! Events that the plugin sends to itself. Needs the capability `timers`.

pub use crate::bindings::usher::plugin::timers::{start, stop};
