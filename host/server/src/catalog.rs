//! The life of a plugin: uploaded, verified, compiled, published, baked with settings, retired.

mod enable;
mod snapshots;
mod turns;
mod upload;

pub(crate) use enable::{Change, EnableError, Enabling, begin, enable};
pub(crate) use snapshots::Held;
pub(crate) use turns::{Compilation, QueueFull};
pub(crate) use upload::{Upload, UploadError, upload};

use crate::config::Limits;
use crate::documents::{new_document, retired_key};
use crate::host::StartError;
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
use usher_store::document::{Precondition, WriteError};
use usher_store::plugin::PluginRow;
use usher_store::{Store, StoreError};

/// A published version.
#[derive(Debug)]
pub(crate) struct Plugin {
    pub(crate) facts: Facts,
    pub(crate) size_bytes: u64,
    pub(crate) uploaded_at: Timestamp,
    pub(crate) schema: SettingsSchema,
}

/// What is kept of [`Facts`] beside the row's own columns.
#[derive(Debug, Serialize, Deserialize)]
struct StoredFacts {
    hooks: BTreeSet<Hook>,
    imports: BTreeSet<String>,
    manifest: Manifest,
}

/// Published versions and the snapshots made of them.
pub(crate) struct Catalog {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) engine: Arc<Engine>,
    plugins: RwLock<BTreeMap<(PluginName, PluginVersion), Arc<Plugin>>>,
    snapshots: Snapshots,
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
    /// It is gone.
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
    pub(crate) async fn load(store: Arc<dyn Store>, engine: Arc<Engine>, limits: &Limits) -> Result<Self, StartError> {
        let mut plugins = BTreeMap::new();
        for row in store.plugins().await? {
            let key = (row.name.clone(), row.version.clone());
            let what = format!("plugin {} {}", row.name, row.version);
            plugins.insert(key, Arc::new(published(row).ok_or(StartError::Damaged { what })?));
        }
        Ok(Self {
            store,
            engine,
            plugins: RwLock::new(plugins),
            snapshots: Snapshots::new(limits.snapshots_cached, limits.snapshot_bytes),
            turns: Turns::new(limits.compile_slots, limits.compile_queue),
            retiring: RwLockAsync::default(),
        })
    }

    /// Takes over whether a version is there now.
    pub(crate) async fn reload(&self, name: &PluginName, version: &PluginVersion) -> Result<(), StartError> {
        let rows = self.store.plugins().await?;
        let row = rows.into_iter().find(|row| row.name == *name && row.version == *version);
        match row {
            Some(_) if self.get(name, version).is_some() => {} // a version never changes
            Some(row) => {
                let what = format!("plugin {name} {version}");
                self.publish(Arc::new(published(row).ok_or(StartError::Damaged { what })?));
            }
            None => {
                self.plugins.write().remove(&(name.clone(), version.clone()));
            }
        }
        Ok(())
    }

    pub(crate) fn get(&self, name: &PluginName, version: &PluginVersion) -> Option<Arc<Plugin>> {
        self.plugins.read().get(&(name.clone(), version.clone())).cloned()
    }

    /// All versions of all plugins, by name and version.
    pub(crate) fn list(&self) -> Vec<Arc<Plugin>> {
        self.plugins.read().values().cloned().collect()
    }

    fn publish(&self, plugin: Arc<Plugin>) {
        let key = (plugin.facts.manifest.name.clone(), plugin.facts.manifest.version.clone());
        self.plugins.write().insert(key, plugin);
    }

    /// Forgets a version that nobody uses, as `in_use` tells when no other can come into force.
    pub(crate) async fn retire(
        &self,
        name: &PluginName,
        version: &PluginVersion,
        by: &str,
        in_use: impl FnOnce() -> bool + Send,
    ) -> Result<Retired, WriteError> {
        let _alone = self.retiring.write().await;
        if in_use() {
            return Ok(Retired::InUse);
        }
        // A version never changes, not after its deletion either: which bytes it had stays on record.
        if let Some(plugin) = self.get(name, version) {
            let document = new_document(retired_key(name, version), &plugin.facts.digest, by)?;
            self.store.put_document(document, Precondition::None).await?;
        }
        let deleted = self.store.delete_plugin(name, version).await?;
        self.plugins.write().remove(&(name.clone(), version.clone()));
        Ok(if deleted { Retired::Done } else { Retired::Missing })
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
        let baked = tokio::task::spawn_blocking(move || {
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
        let tried = tokio::task::spawn_blocking(move || engine.try_out(&snapshot, &limits));
        Ok(tried.await.map_err(|_| SnapshotError::Panicked)??)
    }
}

fn published(row: PluginRow) -> Option<Plugin> {
    let stored = StoredFacts::deserialize(row.facts).ok()?;
    let schema = SettingsSchema::new(&stored.manifest.settings_schema).ok()?;
    let facts = Facts { digest: row.digest, hooks: stored.hooks, imports: stored.imports, manifest: stored.manifest };
    Some(Plugin { facts, size_bytes: row.size_bytes, uploaded_at: row.uploaded_at, schema })
}
