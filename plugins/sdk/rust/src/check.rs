//! The hook that judges events.

use serde::de::DeserializeOwned;

use crate::{Event, Manifest};

/// A plugin that judges one event at a time. Hand it to [`export!`](crate::export!) to make it the component's.
pub trait Check: Sized + 'static {
    /// What the operator can set; the host has already held it against the manifest's schema.
    type Settings: DeserializeOwned + Default;

    /// What the plugin is and asks for. Called once, at upload; no host function but [`log`](crate::log) may be used.
    fn manifest() -> Manifest;

    /// Builds the plugin from its settings. Called once; what it builds is what every call to `check` starts from.
    /// No host function but [`log`](crate::log) and [`text::fold`](crate::text::fold) may be used.
    /// The error is shown to the operator.
    fn configure(settings: Self::Settings) -> Result<Self, String>;

    /// Judges one event through [`Finding`](crate::Finding)s and [`Action`](crate::Action)s; saying nothing is to
    /// abstain. The error means that the plugin could not judge: its effects are dropped and the operator's failure
    /// policy applies.
    fn check(&self, event: &Event) -> Result<(), String>;
}
