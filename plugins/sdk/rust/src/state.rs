//! This plugin's own memory of this group. A call sees its own writes; they are kept only if the decision commits.
//! Needs the capability `state`.
//!
//! The plugin's values in a group have a quota, and a call that would exceed it fails. So give whatever there is one of
//! for each member a time to be forgotten at ([`put_for`], [`put_json_for`]). A counter is forgotten a year after it was last
//! added to, and knows windows over its newest 256 additions exactly.

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::bindings::usher::plugin::state::{add, delete, get, put, put_for, sum};

/// The value under `key`, read as JSON; none when there is none, or none any more.
///
/// # Errors
///
/// When what is there is no such JSON: another version of the plugin may have left it.
pub fn get_json<T: DeserializeOwned>(key: &str) -> Result<Option<T>, String> {
    let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).map_err(|error| format!("state {key}: {error}"));
    get(key).map(read).transpose()
}

/// Keeps `value` as JSON under `key`.
///
/// # Errors
///
/// When it can't be written as JSON: a map whose keys are no texts, say.
pub fn put_json<T: Serialize>(key: &str, value: &T) -> Result<(), String> {
    put(key, &to_json(key, value)?);
    Ok(())
}

/// Keeps `value` as JSON under `key`; it is forgotten this long after the event.
///
/// # Errors
///
/// As [`put_json`].
pub fn put_json_for<T: Serialize>(key: &str, value: &T, milliseconds: u64) -> Result<(), String> {
    put_for(key, &to_json(key, value)?, milliseconds);
    Ok(())
}

fn to_json<T: Serialize>(key: &str, value: &T) -> Result<Vec<u8>, String> {
    serde_json::to_vec(value).map_err(|error| format!("state {key}: {error}"))
}
