//! Events that the plugin sends to itself. Needs the capability `timers`.
//!
//! A timer comes back as an event of the kind `timer.fired`, whether or not the manifest lists it, and only to the
//! plugin that started it. Nobody is its actor, so its [`Action`](crate::Action)s name their member.

use crate::Event;

pub use crate::bindings::usher::plugin::timers::{start, stop};

/// A timer that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// What it was started as.
    pub name: String,
    /// What the plugin wanted to be told.
    pub note: String,
}

impl Fired {
    /// The timer that this event is; none when it is another event.
    pub fn of(event: &Event) -> Option<Self> {
        let text = |pointer| event.payload(pointer).ok().flatten();
        (event.kind() == "timer.fired").then(|| Some(Self { name: text("/name")?, note: text("/note")? })).flatten()
    }
}
