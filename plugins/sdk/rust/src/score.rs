//! The hook that scores candidates.

use serde::de::DeserializeOwned;

use crate::{Manifest, Table};

/// A plugin that scores the members of a group or a brand, a table at a time. Hand it to
/// [`export!`](crate::export!)`(score: …)` to make it the component's.
///
/// The score of a member is the sum of what the plugin [contributed](Table::contribute), so it explains itself. A run has
/// more members than a table has rows: what a row is worth must depend on that row, on the
/// [quantiles](Table::quantiles) of the whole population and on the settings, and not on the other rows.
pub trait Score: Sized + 'static {
    /// What the operator can set; the host has already held it against the manifest's schema.
    type Settings: DeserializeOwned + Default;

    /// What the plugin is, and the [columns](Manifest::columns) that it wants to see. Called once, at upload; no host
    /// function but [`log`](crate::log) may be used.
    fn manifest() -> Manifest;

    /// Builds the plugin from its settings. Called once; what it builds is what every call to `score` starts from.
    /// The error is shown to the operator.
    fn configure(settings: Self::Settings) -> Result<Self, String>;

    /// Scores one table. The error means that the plugin could not: the whole run fails with its words.
    fn score(&self, members: &Table<'_>) -> Result<(), String>;
}
