//! The hook that ranks items.

use serde::de::DeserializeOwned;

use crate::{Manifest, Table};

/// A plugin that ranks what could be shown in a group or to a member, a table at a time. Hand it to
/// [`export!`](crate::export!)`(rank: …)` to make it the component's.
///
/// Items are ranked by the sum of what the plugin [contributed](Table::contribute). What was seen already, duplicates,
/// quotas and variety are the host's affair; a [parameter](Table::parameter) says what the items are for.
pub trait Rank: Sized + 'static {
    /// What the operator can set; the host has already held it against the manifest's schema.
    type Settings: DeserializeOwned + Default;

    /// What the plugin is, and the [columns](Manifest::columns) that it wants to see. Called once, at upload; no host
    /// function but [`log`](crate::log) may be used.
    fn manifest() -> Manifest;

    /// Builds the plugin from its settings. Called once; what it builds is what every call to `rank` starts from.
    /// The error is shown to the operator.
    fn configure(settings: Self::Settings) -> Result<Self, String>;

    /// Ranks one table. The error means that the plugin could not: the whole run fails with its words.
    fn rank(&self, items: &Table<'_>) -> Result<(), String>;
}
