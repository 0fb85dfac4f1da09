//! Where this user's commands keep what they would only fetch or make again.

use std::path::PathBuf;

/// None when the user has no home.
pub(super) fn user_cache() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(cache.join("usher"))
}
