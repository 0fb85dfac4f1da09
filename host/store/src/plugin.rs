//! Plugin versions and their bytes.

use serde_json::Value;
use usher_model::{Digest, PluginName, PluginVersion, Timestamp};

/// A plugin version to keep.
#[derive(Debug, Clone)]
pub struct NewPlugin {
    /// What is kept beside the bytes.
    pub row: PluginRow,
    /// The component.
    pub bytes: Vec<u8>,
}

/// A plugin version, without its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct PluginRow {
    /// The author's name for it.
    pub name: PluginName,
    /// The author's version.
    pub version: PluginVersion,
    /// Of the component's bytes.
    pub digest: Digest,
    /// Size of the component, in bytes.
    pub size_bytes: u64,
    /// What verification found: hooks, manifest, imports.
    pub facts: Value,
    /// Id of the key that uploaded it.
    pub uploaded_by: String,
    /// When, by the wall clock.
    pub uploaded_at: Timestamp,
    /// Whether it is there only for decisions of the past.
    pub retired: bool,
}

/// What publishing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// It is new, or back.
    Created,
    /// These bytes were there already under this name and version.
    Same,
    /// This version has other bytes: a version never changes.
    Conflict,
}
