//! Which of a plugin's versions an event meets, when another is tried beside the one in force.

use super::PlanEntry;
use super::canary::{is_in_share, mode_for};
use crate::catalog::Catalog;
use usher_engine::Hook;
use usher_model::{Enablement, Mode, PlannedTrial, PluginName};

/// The trial that a plan has of what is in force. Where that does not count, there is nothing to try it beside.
pub(super) fn planned(catalog: &Catalog, name: &PluginName, in_force: &Enablement) -> Option<PlannedTrial> {
    let tried = in_force.tried().filter(|tried| tried.mode.unwrap_or_default() == Mode::Enforce)?;
    let Some(plugin) = catalog.get_of_any_time(name, &tried.version) else {
        tracing::error!(plugin = %name, version = %tried.version, "on trial and not there");
        return None;
    };
    plugin.facts.hooks.contains(&Hook::Check).then(|| PlannedTrial {
        version: tried.version,
        digest: plugin.facts.digest,
        events: plugin.facts.manifest.events.clone(),
        canary_percent: in_force.trial.as_ref().and_then(|trial| trial.canary_percent),
        settings: tried.settings,
    })
}

impl PlanEntry {
    /// This version, and the one on trial.
    pub(super) fn versions(&self) -> impl Iterator<Item = &PlanEntry> {
        [Some(self), self.trial.as_deref()].into_iter().flatten()
    }

    /// The versions that an event of this member meets: the one on trial in place of this one, or beside it in shadow.
    pub(super) fn meeting<'e>(&'e self, member: Option<&str>) -> impl Iterator<Item = &'e PlanEntry> + use<'e> {
        let share = self.planned.trial.as_ref().and_then(|trial| trial.canary_percent);
        let tried = self.trial.as_deref().filter(|_| match share {
            Some(percent) => is_in_share(&self.planned.plugin, percent, member),
            None => mode_for(&self.planned, member) == Mode::Enforce,
        });
        let in_force = (share.is_none() || tried.is_none()).then_some(self);
        [in_force, tried].into_iter().flatten()
    }
}
