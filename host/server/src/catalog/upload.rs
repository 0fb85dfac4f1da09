//! Bytes to a published version.

use super::turns::{Compilation, Purpose, QueueFull};
use super::{Catalog, Plugin, StoredFacts};
use crate::clock::Clock;
use std::sync::Arc;
use thiserror::Error;
use usher_engine::{Facts, InspectError, SettingsSchema};
use usher_model::{Digest, InvalidId, PluginVersion};
use usher_store::StoreError;
use usher_store::plugin::{NewPlugin, PluginRow, Published};

/// Digits of its digest that tell an author's build from the others.
const MARK_DIGITS: usize = 12;

/// What an upload came to.
#[derive(Debug)]
pub(crate) enum Upload {
    /// It is new, or back.
    Created(Arc<Plugin>),
    /// These bytes were there already.
    Same(Arc<Plugin>),
}

/// Why an upload was not taken.
#[derive(Debug, Error)]
pub(crate) enum UploadError {
    /// It is no plugin.
    #[error(transparent)]
    Inspect(#[from] InspectError),
    /// This version exists with other bytes.
    #[error(
        "{name} {version} is there, or was, with other bytes: a version never changes, give the new one another number"
    )]
    VersionTaken {
        /// Which plugin.
        name: String,
        /// Which version.
        version: String,
    },
    /// Its version is too long for a mark.
    #[error("the version has no room for a mark of development: {0}")]
    NoMark(String),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too much is being compiled.
    #[error(transparent)]
    QueueFull(#[from] QueueFull),
    /// The host's own code failed.
    #[error("looking at the component failed in the host itself")]
    Panicked,
}

/// Under which version a component is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Its own.
    Own,
    /// Its own, and a mark of these bytes: an author's next build is another version, whatever the manifest says.
    Development,
}

/// Verifies a component, asks it what it is, and publishes it.
pub(crate) async fn upload(catalog: &Catalog, bytes: Vec<u8>, naming: Naming, by: &str) -> Result<Upload, UploadError> {
    let (mut facts, bytes) = inspect(catalog, bytes).await?;
    if naming == Naming::Development {
        let version = &mut facts.manifest.version;
        *version = for_development(version, &facts.digest).map_err(|law| UploadError::NoMark(law.to_string()))?;
    }
    let plugin = plugin(facts, bytes.len())?;
    let row = row(&plugin, by)?;
    let taken = UploadError::VersionTaken { name: row.name.to_string(), version: row.version.to_string() };
    match catalog.store.publish_plugin(NewPlugin { row, bytes }).await? {
        Published::Created => {
            catalog.publish(plugin.clone());
            Ok(Upload::Created(plugin))
        }
        Published::Same => Ok(Upload::Same(plugin)),
        Published::Conflict => Err(taken),
    }
}

/// `0.1.0-dev-` and the first digits of the digest.
fn for_development(version: &PluginVersion, digest: &Digest) -> Result<PluginVersion, InvalidId> {
    let digest = digest.to_string();
    let digits = digest.trim_start_matches("sha256:");
    PluginVersion::new(format!("{version}-dev-{}", digits.get(..MARK_DIGITS).unwrap_or(digits)))
}

/// On a thread of its own, when it is its turn.
async fn inspect(catalog: &Catalog, bytes: Vec<u8>) -> Result<(Facts, Vec<u8>), UploadError> {
    let turn = catalog.turns.take(Compilation::new(None, Digest::of(&bytes), bytes.len(), Purpose::Upload)).await?;
    let engine = catalog.engine.clone();
    let inspected = catalog.background.spawn_blocking(move || {
        let _until_the_end = turn;
        engine.inspect(&bytes).map(|facts| (facts, bytes))
    });
    Ok(inspected.await.map_err(|_| UploadError::Panicked)??)
}

fn plugin(facts: Facts, size: usize) -> Result<Arc<Plugin>, UploadError> {
    let schema = SettingsSchema::new(&facts.manifest.settings_schema).map_err(InspectError::from)?;
    Ok(Arc::new(Plugin { facts, size_bytes: size as u64, uploaded_at: Clock::wall(), schema, retired: false }))
}

fn row(plugin: &Plugin, by: &str) -> Result<PluginRow, StoreError> {
    let facts = &plugin.facts;
    let stored =
        StoredFacts { hooks: facts.hooks.clone(), imports: facts.imports.clone(), manifest: facts.manifest.clone() };
    Ok(PluginRow {
        name: facts.manifest.name.clone(),
        version: facts.manifest.version.clone(),
        digest: facts.digest,
        size_bytes: plugin.size_bytes,
        facts: serde_json::to_value(stored).map_err(|_| StoreError::Damaged { what: "the facts of a plugin" })?,
        uploaded_by: by.to_owned(),
        uploaded_at: plugin.uploaded_at,
        retired: false,
    })
}
