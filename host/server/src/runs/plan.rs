//! Which plugins take part in a run, and with what.

use crate::catalog::{Catalog, SnapshotError};
use crate::directory::{BrandEntry, GroupEntry};
use crate::plan::Effective;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::{Hook, Snapshot};
use usher_model::{CallLimits, Digest, Mode, PluginName, PluginVersion, Revision};
use utoipa::ToSchema;

/// One plugin of a run, with all that its part depends on: kept with the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PlannedRun {
    pub(crate) plugin: PluginName,
    pub(crate) version: PluginVersion,
    /// Of the component.
    pub(crate) digest: Digest,
    /// Of the enablement.
    pub(crate) revision: Revision,
    pub(crate) mode: Mode,
    pub(crate) weight: f64,
    pub(crate) limits: CallLimits,
    /// Those of all scopes, merged.
    pub(crate) settings: Value,
    /// What it wants to see of each row.
    pub(crate) columns: Vec<String>,
}

/// A plugin's part in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Part {
    /// Which plugin.
    pub(crate) plugin: PluginName,
    /// Which version.
    pub(crate) version: PluginVersion,
    /// Of its enablement.
    pub(crate) revision: Revision,
    /// In shadow it is recorded and does not count.
    pub(crate) mode: Mode,
    /// How much it counts.
    pub(crate) weight: f64,
    /// What it cost, in units of fuel.
    pub(crate) fuel: u64,
}

impl Part {
    pub(crate) fn of(planned: &PlannedRun, fuel: u64) -> Self {
        Self {
            plugin: planned.plugin.clone(),
            version: planned.version.clone(),
            revision: planned.revision,
            mode: planned.mode,
            weight: planned.weight,
            fuel,
        }
    }
}

/// A plugin of a run that can be called.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) planned: PlannedRun,
    pub(crate) limits: Arc<CallLimits>,
    pub(crate) snapshot: Arc<Snapshot>,
}

/// Why there is no plan for a run.
#[derive(Debug, Error)]
pub(crate) enum PlanRunError {
    /// Nobody can say anything.
    #[error("no plugin with the hook `{hook}` is enabled here: upload one and enable it first", hook = name(*.0))]
    Nobody(Hook),
    /// A plugin was asked for that is not in force here.
    #[error("`{0}` is not enabled here, or not a plugin with the hook `{hook}`", hook = name(*.1))]
    NotEnabled(PluginName, Hook),
    /// A plugin of that time was deleted since.
    #[error("`{0}` {1} is not here any more")]
    Gone(PluginName, PluginVersion),
    /// It can't be made ready.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// The hook's name in manifests and enablements.
fn name(hook: Hook) -> &'static str {
    match hook {
        Hook::Check => "check",
        Hook::Score => "score",
        Hook::Rank => "rank",
    }
}

/// Those with this hook that are in force in a group, or in the brand as a whole; of those, the ones asked for, and all
/// when none are. In the order of their names.
pub(crate) fn planned(
    catalog: &Catalog,
    brand: &BrandEntry,
    group: Option<&GroupEntry>,
    hook: Hook,
    asked: &[PluginName],
) -> Result<Vec<PlannedRun>, PlanRunError> {
    let enablements = brand.enablements.read();
    let effective = match group {
        Some(group) => enablements.effective(&group.key.group, &group.record.load().kind),
        None => enablements.of_brand(),
    };
    drop(enablements);
    let running = effective.into_iter().filter(|effective| effective.enablement.mode != Some(Mode::Off));
    let all: Vec<_> = running.filter_map(|effective| with_hook(catalog, effective, hook)).collect();
    if let Some(missing) = asked.iter().find(|asked| all.iter().all(|planned| planned.plugin != **asked)) {
        return Err(PlanRunError::NotEnabled(missing.clone(), hook));
    }
    let wanted = all.into_iter().filter(|planned| asked.is_empty() || asked.contains(&planned.plugin));
    let wanted: Vec<_> = wanted.collect();
    if wanted.iter().all(|planned| planned.mode != Mode::Enforce) {
        return Err(PlanRunError::Nobody(hook));
    }
    Ok(wanted)
}

fn with_hook(catalog: &Catalog, effective: Effective, hook: Hook) -> Option<PlannedRun> {
    let enablement = effective.enablement;
    let plugin = catalog.get(&effective.plugin, &enablement.version)?;
    plugin.facts.hooks.contains(&hook).then(|| PlannedRun {
        plugin: effective.plugin,
        version: enablement.version,
        digest: plugin.facts.digest,
        revision: effective.revision,
        mode: enablement.mode.unwrap_or_default(),
        weight: enablement.weight.unwrap_or(1.0),
        limits: catalog.engine.calls().grant(&enablement.limits.unwrap_or_default()),
        settings: enablement.settings,
        columns: plugin.facts.manifest.columns.clone(),
    })
}

/// Makes a plugin of a run, of now or of the past, ready to be called.
pub(crate) async fn ready(catalog: &Catalog, planned: PlannedRun) -> Result<Ready, PlanRunError> {
    let plugin = catalog.get(&planned.plugin, &planned.version);
    let plugin = plugin
        .filter(|plugin| plugin.facts.digest == planned.digest)
        .ok_or_else(|| PlanRunError::Gone(planned.plugin.clone(), planned.version.clone()))?;
    let snapshot = catalog.snapshot(&plugin, &planned.settings).await?;
    Ok(Ready { limits: Arc::new(planned.limits.clone()), snapshot, planned })
}
