//! A plugin comes into force: checked and baked for every group that it reaches, then kept, then swapped in.

use super::{Catalog, Plugin, SnapshotError};
use crate::directory::BrandEntry;
use crate::documents::{enablement_key, new_document};
use crate::plan::{Effective, Enabled, merge, scopes};
use serde_json::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::{Hook, SettingsProblem};
use usher_model::{
    AboveCeiling, AskedLimits, Enablement, GroupId, InvalidEnablement, Mode, PluginName, PluginVersion, Scope,
};
use usher_store::document::{Precondition, WriteError, Written};

/// Why a plugin did not come into force. What was in force stays.
#[derive(Debug, Error)]
pub(crate) enum EnableError {
    /// A field is wrong.
    #[error(transparent)]
    Invalid(#[from] InvalidEnablement),
    /// It asks for more than the host gives.
    #[error(transparent)]
    Limits(#[from] AboveCeiling),
    /// There is no such plugin or version.
    #[error("there is no plugin `{0}` in version {1}: upload it first")]
    NoSuchVersion(PluginName, PluginVersion),
    /// The host can't run this hook yet.
    #[error("`{0}` has no `check` hook, and this version of the host runs checks only")]
    NoCheck(PluginName),
    /// The settings do not fit the schema.
    #[error("the settings of `{plugin}` do not fit its schema")]
    Settings {
        /// Whose settings.
        plugin: PluginName,
        /// The group where they do not fit, when they are merged over scopes.
        group: Option<GroupId>,
        /// What does not fit.
        problems: Vec<SettingsProblem>,
    },
    /// The plugin can't be configured so.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// It could not be kept.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// What is to come into force, where, by whom.
#[derive(Debug, Clone)]
pub(crate) struct Enabling {
    pub(crate) scope: Scope,
    pub(crate) plugin: PluginName,
    pub(crate) enablement: Enablement,
    pub(crate) precondition: Precondition,
    pub(crate) by: String,
}

/// Brings a plugin into force. When it returns, every snapshot is ready and the next event of each group meets it.
pub(crate) async fn enable(catalog: &Catalog, brand: &BrandEntry, enabling: Enabling) -> Result<Written, EnableError> {
    enabling.enablement.check()?;
    if let Some(limits) = &enabling.enablement.limits {
        catalog.engine.calls().check(limits)?;
    }
    let _not_retired = catalog.retiring.read().await;
    let plugin = servable(catalog, &enabling)?;
    let key = enablement_key(&brand.id, &enabling.scope, &enabling.plugin);
    // Compiling takes long, so it comes before the lock; what changed meanwhile is made ready under it.
    make_ready(catalog, brand, &plugin, &enabling).await?;
    let _one_at_a_time = brand.changes.lock().await;
    make_ready(catalog, brand, &plugin, &enabling).await?;
    let document = new_document(key, &enabling.enablement, &enabling.by).map_err(WriteError::Store)?;
    let written = catalog.store.put_document(document, enabling.precondition).await?;
    let enabled = Enabled { enablement: enabling.enablement, revision: written.revision() };
    brand.enablements.write().put(enabling.scope.clone(), enabling.plugin, enabled);
    brand.replan(&enabling.scope);
    Ok(written)
}

/// Checks the settings of every group that the enablement reaches, and bakes those of groups where it runs.
async fn make_ready(
    catalog: &Catalog,
    brand: &BrandEntry,
    plugin: &Plugin,
    enabling: &Enabling,
) -> Result<(), EnableError> {
    for merged in merged_settings(brand, enabling) {
        check_settings(plugin, &merged)?;
        if merged.runs {
            let snapshot = catalog.snapshot(plugin, &merged.settings).await?;
            catalog.try_out(snapshot, &merged.limits).await?;
        }
    }
    Ok(())
}

/// The version, if this host can run it as asked.
fn servable(catalog: &Catalog, enabling: &Enabling) -> Result<Arc<Plugin>, EnableError> {
    let version = &enabling.enablement.version;
    let plugin = catalog
        .get(&enabling.plugin, version)
        .ok_or_else(|| EnableError::NoSuchVersion(enabling.plugin.clone(), version.clone()))?;
    if !plugin.facts.hooks.contains(&Hook::Check) {
        return Err(EnableError::NoCheck(enabling.plugin.clone()));
    }
    Ok(plugin)
}

/// Settings that come of an enablement together with the scopes around it.
struct Merged {
    settings: Value,
    limits: AskedLimits,
    /// Whether a group runs on them now.
    runs: bool,
    /// A group that would get them; none where they are those of the scope as such.
    group: Option<GroupId>,
}

/// The distinct settings and limits that come of it: first the scope's as such, so that a mistake in them is told without the name
/// of a group, then those of the groups that it reaches. However many groups there are, each costs its own merge only.
fn merged_settings(brand: &BrandEntry, enabling: &Enabling) -> Vec<Merged> {
    let (enablements, plugin) = (brand.enablements.read(), &enabling.plugin);
    let next = Enabled { enablement: enabling.enablement.clone(), revision: 0 };
    let standing = |scope: &Scope| if *scope == enabling.scope { Some(&next) } else { enablements.get(scope, plugin) };
    let (mut merged, mut known): (Vec<Merged>, HashMap<String, usize>) = Default::default();
    let mut add = |effective: Option<Effective>, in_a_group: bool, group: Option<GroupId>| {
        // A narrower scope may have another version in force: that one was checked when it came.
        let Some(effective) = effective.filter(|e| e.enablement.version == enabling.enablement.version) else { return };
        let runs = in_a_group && effective.enablement.mode != Some(Mode::Off);
        let (settings, limits) = (effective.enablement.settings, effective.enablement.limits.unwrap_or_default());
        match known.entry(format!("{settings} {limits:?}")) {
            Entry::Occupied(known) => merged[*known.get()].runs |= runs,
            Entry::Vacant(new) => {
                new.insert(merged.len());
                merged.push(Merged { settings, limits, runs, group });
            }
        }
    };
    let reaches_many = !matches!(enabling.scope, Scope::Group(_));
    if reaches_many {
        add(merge(&[Scope::Brand, enabling.scope.clone()], plugin, standing), false, None);
    }
    for group in brand.groups_in(&enabling.scope) {
        let scopes = scopes(&group.key.group, &group.record.load().kind);
        add(merge(&scopes, plugin, standing), true, reaches_many.then(|| group.key.group.clone()));
    }
    merged
}

fn check_settings(plugin: &Plugin, merged: &Merged) -> Result<(), EnableError> {
    let problems = plugin.schema.problems(&merged.settings);
    if problems.is_empty() {
        return Ok(());
    }
    let plugin = plugin.facts.manifest.name.clone();
    Err(EnableError::Settings { plugin, group: merged.group.clone(), problems })
}
