//! A plugin comes into force: checked and baked for every group that it reaches, then kept, then swapped in.

use super::{Catalog, Plugin, SnapshotError};
use crate::directory::BrandEntry;
use crate::documents::{enablement_key, new_document};
use crate::plan::{Effective, Enabled, merge, scopes};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::MutexGuard;
use usher_engine::{Hook, SettingsProblem};
use usher_model::{AboveCeiling, Enablement, GroupId, InvalidEnablement, Mode, PluginName, PluginVersion, Scope};
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
    /// What is to be tried can't be.
    #[error("the trial: {0}")]
    Trial(#[source] Box<EnableError>),
    /// It does not judge events.
    #[error("`{0}` {1} does not judge events, and only versions that do can be tried beside another")]
    JudgesNothing(PluginName, PluginVersion),
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
    check_there(catalog, &enabling)?;
    let key = enablement_key(&brand.id, &enabling.scope, &enabling.plugin);
    let change = Change::Enablement(&enabling.scope, &enabling.plugin, Some(&enabling.enablement));
    let _one_at_a_time = begin(catalog, brand, &change).await?;
    let document = new_document(key, &enabling.enablement, &enabling.by).map_err(WriteError::Store)?;
    let written = catalog.store.put_document(document, enabling.precondition).await?;
    let enabled = Enabled { enablement: enabling.enablement, revision: written.revision() };
    brand.enablements.write().put(enabling.scope.clone(), enabling.plugin, enabled);
    brand.replan(&enabling.scope);
    Ok(written)
}

/// Makes ready what a change leaves in force, and keeps other changes of the brand waiting until the guard is dropped.
/// Compiling takes long, so it comes before the lock; what changed meanwhile is made ready under it.
pub(crate) async fn begin<'b>(
    catalog: &Catalog,
    brand: &'b BrandEntry,
    change: &Change<'_>,
) -> Result<MutexGuard<'b, ()>, EnableError> {
    make_ready(catalog, brand, change).await?;
    let one_at_a_time = brand.changes.lock().await;
    make_ready(catalog, brand, change).await?;
    Ok(one_at_a_time)
}

/// Checks the settings that a change leaves in every group that it reaches, and bakes those of groups where they run.
async fn make_ready(catalog: &Catalog, brand: &BrandEntry, change: &Change<'_>) -> Result<(), EnableError> {
    for merged in upcoming(brand, change) {
        let ready = make_one_ready(catalog, &merged).await;
        ready.map_err(|error| if merged.on_trial { EnableError::Trial(Box::new(error)) } else { error })?;
    }
    Ok(())
}

async fn make_one_ready(catalog: &Catalog, merged: &Merged) -> Result<(), EnableError> {
    let version = &merged.enablement.version;
    let plugin = there(catalog, &merged.plugin, version)?;
    if merged.on_trial && !plugin.facts.hooks.contains(&Hook::Check) {
        return Err(EnableError::JudgesNothing(merged.plugin.clone(), version.clone()));
    }
    check_settings(&plugin, merged)?;
    if merged.runs {
        let snapshot = catalog.snapshot(&plugin, &merged.enablement.settings).await?;
        catalog.try_out(snapshot, &merged.enablement.limits.clone().unwrap_or_default()).await?;
    }
    Ok(())
}

/// Whether there are such versions.
fn check_there(catalog: &Catalog, enabling: &Enabling) -> Result<(), EnableError> {
    there(catalog, &enabling.plugin, &enabling.enablement.version)?;
    let Some(trial) = &enabling.enablement.trial else { return Ok(()) };
    there(catalog, &enabling.plugin, &trial.version).map(drop).map_err(|error| EnableError::Trial(Box::new(error)))
}

fn there(catalog: &Catalog, plugin: &PluginName, version: &PluginVersion) -> Result<Arc<Plugin>, EnableError> {
    catalog.get(plugin, version).ok_or_else(|| EnableError::NoSuchVersion(plugin.clone(), version.clone()))
}

/// Something that changes which settings plugins have in groups.
#[derive(Debug)]
pub(crate) enum Change<'c> {
    /// A plugin's enablement at a scope, as it is to be; none when it is taken away.
    Enablement(&'c Scope, &'c PluginName, Option<&'c Enablement>),
    /// A group's kind, as it is to be.
    Kind(&'c GroupId, &'c str),
}

/// What a plugin would have in force, all scopes together.
struct Merged {
    plugin: PluginName,
    enablement: Enablement,
    /// Whether it is what would be tried beside what is in force.
    on_trial: bool,
    /// Whether a group runs on it.
    runs: bool,
    /// A group that would get it; none where it is what the change says by itself.
    group: Option<GroupId>,
}

/// What would be in force after a change, each once: first what an enablement is at its scope as such, so that a mistake in
/// it is told without the name of a group, then what the groups get. However many groups there are, each costs its own
/// merge only.
fn upcoming(brand: &BrandEntry, change: &Change<'_>) -> Vec<Merged> {
    match *change {
        Change::Enablement(scope, plugin, next) => after_enablement(brand, scope, plugin, next),
        // Of the same kind, it has what it has.
        Change::Kind(group, kind) if brand.group(group).is_some_and(|known| known.record.load().kind == kind) => {
            Vec::new()
        }
        Change::Kind(group, kind) => {
            let effective = brand.enablements.read().effective(group, kind);
            effective.into_iter().flat_map(|effective| Merged::of(effective, Some(group.clone()))).collect()
        }
    }
}

impl Merged {
    /// What is in force, and what is tried beside it.
    fn of(effective: Effective, group: Option<GroupId>) -> impl Iterator<Item = Self> {
        let Effective { plugin, enablement, .. } = effective;
        let mode = enablement.mode.unwrap_or_default();
        let tried = enablement.tried().map(|enablement| Self {
            plugin: plugin.clone(),
            on_trial: true,
            runs: mode == Mode::Enforce,
            enablement,
            group: group.clone(),
        });
        let in_force = Self { plugin, on_trial: false, runs: mode != Mode::Off, enablement, group };
        std::iter::once(in_force).chain(tried)
    }
}

fn after_enablement(
    brand: &BrandEntry,
    changed: &Scope,
    plugin: &PluginName,
    next: Option<&Enablement>,
) -> Vec<Merged> {
    let enablements = brand.enablements.read();
    let next = next.map(|next| Enabled { enablement: next.clone(), revision: 0 });
    let standing = |scope: &Scope| if scope == changed { next.as_ref() } else { enablements.get(scope, plugin) };
    let (mut all, mut known): (Vec<Merged>, HashMap<String, usize>) = Default::default();
    let mut add = |merged: Merged| {
        let Enablement { version, settings, limits, .. } = &merged.enablement;
        match known.entry(format!("{version} {settings} {limits:?} {}", merged.on_trial)) {
            Entry::Occupied(known) => all[*known.get()].runs |= merged.runs,
            Entry::Vacant(new) => {
                new.insert(all.len());
                all.push(merged);
            }
        }
    };
    let in_one_group = matches!(changed, Scope::Group(_));
    if let Some(effective) = merge(&[Scope::Brand, changed.clone()], plugin, standing)
        && next.is_some()
        && !in_one_group
    {
        Merged::of(effective, None).for_each(|merged| add(Merged { runs: false, ..merged }));
    }
    for group in brand.groups_in(changed) {
        let scopes = scopes(&group.key.group, &group.record.load().kind);
        let of_itself = in_one_group && next.is_some();
        if let Some(effective) = merge(&scopes, plugin, standing) {
            Merged::of(effective, (!of_itself).then(|| group.key.group.clone())).for_each(&mut add);
        }
    }
    all
}

fn check_settings(plugin: &Plugin, merged: &Merged) -> Result<(), EnableError> {
    let problems = plugin.schema.problems(&merged.enablement.settings);
    if problems.is_empty() {
        return Ok(());
    }
    let plugin = plugin.facts.manifest.name.clone();
    Err(EnableError::Settings { plugin, group: merged.group.clone(), problems })
}
