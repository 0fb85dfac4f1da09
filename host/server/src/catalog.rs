//! The life of a plugin: uploaded, verified, compiled, published, baked with settings, retired.

mod enable;
mod snapshots;
mod source;
mod turns;
mod upload;

pub(crate) use enable::{Change, EnableError, Enabling, begin, enable};
pub(crate) use snapshots::Held;
pub use source::{Registries, RegistryLogin};
pub(crate) use source::{SourceError, Sources};
pub(crate) use turns::{Compilation, Progress, QueueFull};
pub(crate) use upload::{Naming, Upload, UploadError, upload};

use crate::background::Background;
use crate::config::Limits;
use crate::host::StartError;
use crate::plan::Standing;
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use snapshots::Snapshots;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::RwLock as RwLockAsync;
use turns::{Purpose, Turns};
use usher_engine::{BakeError, Engine, Facts, Hook, SettingsSchema, Snapshot};
use usher_model::{AskedLimits, Digest, Manifest, PluginName, PluginVersion, Timestamp};
use usher_store::plugin::PluginRow;
use usher_store::{Store, StoreError};

/// A published version.
#[derive(Debug)]
pub(crate) struct Plugin {
    pub(crate) facts: Facts,
    pub(crate) size_bytes: u64,
    pub(crate) uploaded_at: Timestamp,
    pub(crate) schema: SettingsSchema,
    /// Whether it is there only for decisions of the past.
    pub(crate) retired: bool,
}

/// What is kept of [`Facts`] beside the row's own columns.
#[derive(Debug, Serialize, Deserialize)]
struct StoredFacts {
    hooks: BTreeSet<Hook>,
    imports: BTreeSet<String>,
    manifest: Manifest,
}

/// Published versions, those that were retired too, and the snapshots made of them.
pub(crate) struct Catalog {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) engine: Arc<Engine>,
    /// Where plugins are made ready.
    background: Arc<Background>,
    plugins: RwLock<BTreeMap<(PluginName, PluginVersion), Arc<Plugin>>>,
    snapshots: Snapshots,
    pub(crate) plans: Standing,
    turns: Arc<Turns>,
    /// Held to read while a version comes into force, and to write while one is retired: never both at once.
    retiring: RwLockAsync<()>,
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalog").field("snapshots", &self.snapshots.held()).finish_non_exhaustive()
    }
}

/// What became of a version that was to be retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retired {
    /// It can't come into force any more.
    Done,
    /// It is in force somewhere, and stays.
    InUse,
    /// There was none.
    Missing,
}

/// Why there is no snapshot of a plugin with these settings.
#[derive(Debug, Error)]
pub(crate) enum SnapshotError {
    /// The plugin or its compilation says so.
    #[error(transparent)]
    Bake(#[from] BakeError),
    /// The component's bytes are gone.
    #[error("the component's bytes are not in the database")]
    Missing,
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too much is being compiled.
    #[error(transparent)]
    QueueFull(#[from] QueueFull),
    /// The host's own code failed.
    #[error("making the snapshot failed in the host itself")]
    Panicked,
}

impl Catalog {
    pub(crate) async fn load(
        store: Arc<dyn Store>,
        engine: Arc<Engine>,
        background: Arc<Background>,
        limits: &Limits,
    ) -> Result<Self, StartError> {
        let mut plugins = BTreeMap::new();
        for row in store.plugins().await? {
            let key = (row.name.clone(), row.version.clone());
            let what = format!("plugin {} {}", row.name, row.version);
            plugins.insert(key, Arc::new(published(row).ok_or(StartError::Damaged { what })?));
        }
        Ok(Self {
            store,
            engine,
            background,
            plugins: RwLock::new(plugins),
            snapshots: Snapshots::new(limits.snapshots_cached, limits.snapshot_bytes),
            plans: Standing::new(limits.plans_cached),
            turns: Turns::new(limits.compile_slots, limits.compile_queue),
            retiring: RwLockAsync::default(),
        })
    }

    /// Takes over whether a version is there now.
    pub(crate) async fn reload(&self, name: &PluginName, version: &PluginVersion) -> Result<(), StartError> {
        let rows = self.store.plugins().await?;
        if let Some(row) = rows.into_iter().find(|row| row.name == *name && row.version == *version) {
            let what = format!("plugin {name} {version}");
            self.publish(Arc::new(published(row).ok_or(StartError::Damaged { what })?));
        }
        Ok(())
    }

    /// A version that can come into force.
    pub(crate) fn get(&self, name: &PluginName, version: &PluginVersion) -> Option<Arc<Plugin>> {
        self.get_of_any_time(name, version).filter(|plugin| !plugin.retired)
    }

    /// A version, also one that was retired since.
    pub(crate) fn get_of_any_time(&self, name: &PluginName, version: &PluginVersion) -> Option<Arc<Plugin>> {
        self.plugins.read().get(&(name.clone(), version.clone())).cloned()
    }

    /// All versions that can come into force, by name and version.
    pub(crate) fn list(&self) -> Vec<Arc<Plugin>> {
        self.plugins.read().values().filter(|plugin| !plugin.retired).cloned().collect()
    }

    fn publish(&self, plugin: Arc<Plugin>) {
        let key = (plugin.facts.manifest.name.clone(), plugin.facts.manifest.version.clone());
        self.plugins.write().insert(key, plugin);
    }

    /// Takes a version away that nobody uses, as `in_use` tells when no other can come into force. Decisions that were made
    /// with it can be made again, so it stays for those.
    pub(crate) async fn retire(
        &self,
        name: &PluginName,
        version: &PluginVersion,
        in_use: impl FnOnce() -> bool + Send,
    ) -> Result<Retired, StoreError> {
        let _alone = self.retiring.write().await;
        if in_use() {
            return Ok(Retired::InUse);
        }
        let retired = self.store.retire_plugin(name, version).await?;
        self.reload(name, version).await.map_err(|error| match error {
            StartError::Store(error) => error,
            _ => StoreError::Damaged { what: "a version of a plugin" },
        })?;
        Ok(if retired { Retired::Done } else { Retired::Missing })
    }

    /// The plugin with these settings: from memory, from the disk's cache, or made now.
    pub(crate) async fn snapshot(&self, plugin: &Plugin, settings: &Value) -> Result<Arc<Snapshot>, SnapshotError> {
        let settings = settings.to_string();
        let key = (plugin.facts.digest, Digest::of(settings.as_bytes()));
        self.snapshots.get_or_make(key, self.make_snapshot(plugin, settings)).await
    }

    /// What the disk has is loaded at once; compiling waits for its turn, and never on a thread that answers requests.
    async fn make_snapshot(&self, plugin: &Plugin, settings: String) -> Result<Snapshot, SnapshotError> {
        let (digest, name) = (plugin.facts.digest, plugin.facts.manifest.name.clone());
        let (engine, kept_name, kept_settings) = (self.engine.clone(), name.clone(), settings.clone());
        let size = usize::try_from(plugin.size_bytes).unwrap_or(usize::MAX);
        let kept = tokio::task::spawn_blocking(move || engine.kept(&kept_name, &digest, size, &kept_settings));
        if let Some(snapshot) = kept.await.map_err(|_| SnapshotError::Panicked)? {
            return Ok(snapshot);
        }
        let turn = self.turns.take(Compilation::new(Some(name.clone()), digest, size, Purpose::Snapshot)).await?;
        let bytes = self.store.plugin_bytes(&digest).await?.ok_or(SnapshotError::Missing)?;
        let engine = self.engine.clone();
        let baked = self.background.spawn_blocking(move || {
            let _until_the_end = turn;
            engine.bake(&name, &bytes, &settings)
        });
        Ok(baked.await.map_err(|_| SnapshotError::Panicked)??)
    }

    /// What is being compiled now, and what waits for its turn.
    pub(crate) fn compilations(&self) -> Vec<Compilation> {
        self.turns.list()
    }

    /// Snapshots in memory.
    pub(crate) fn held(&self) -> Held {
        self.snapshots.held()
    }
}

impl Catalog {
    /// Whether this snapshot can be called with what these limits come to: off the threads that answer requests, because
    /// a component that can't be snapshotted configures itself now.
    pub(crate) async fn try_out(&self, snapshot: Arc<Snapshot>, asked: &AskedLimits) -> Result<(), SnapshotError> {
        let (engine, limits) = (self.engine.clone(), Arc::new(self.engine.calls().grant(asked)));
        let tried = self.background.spawn_blocking(move || engine.try_out(&snapshot, &limits));
        Ok(tried.await.map_err(|_| SnapshotError::Panicked)??)
    }
}

fn published(row: PluginRow) -> Option<Plugin> {
    let stored = StoredFacts::deserialize(row.facts).ok()?;
    let schema = SettingsSchema::new(&stored.manifest.settings_schema).ok()?;
    let facts = Facts { digest: row.digest, hooks: stored.hooks, imports: stored.imports, manifest: stored.manifest };
    let (size_bytes, uploaded_at, retired) = (row.size_bytes, row.uploaded_at, row.retired);
    Some(Plugin { facts, size_bytes, uploaded_at, schema, retired })
}
