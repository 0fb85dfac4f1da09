//! Whether files changed. They are looked at a few times a second: a plugin's folder is small, and this is the same on
//! every system and over every mount.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Most files that are watched.
const FILES_MAX: usize = 10_000;

/// What is made of the sources, and by others.
const MADE: [&str; 4] = ["build", "target", "node_modules", "__pycache__"];

/// Each file, as it was.
type Seen = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Files, and folders with all in them.
#[derive(Debug)]
pub(super) struct Watch {
    paths: Vec<PathBuf>,
    seen: Seen,
}

impl Watch {
    pub(super) fn of(paths: impl Into<Vec<PathBuf>>) -> Self {
        let paths = paths.into();
        Self { seen: look(&paths), paths }
    }

    /// Waits until something changed, and for the end of it: an editor writes several files, and some in two steps.
    pub(super) async fn changed(&mut self) {
        let (before, mut last) = (self.seen.clone(), self.seen.clone());
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = look(&self.paths);
            if now == last && now != before {
                self.seen = now;
                return;
            }
            last = now;
        }
    }
}

fn look(paths: &[PathBuf]) -> Seen {
    let mut seen = Seen::new();
    for path in paths {
        note(path, &mut seen);
    }
    seen
}

fn note(path: &Path, seen: &mut Seen) {
    let Ok(metadata) = fs::metadata(path) else { return };
    if seen.len() >= FILES_MAX {
        return;
    }
    if !metadata.is_dir() {
        seen.insert(path.to_owned(), (metadata.modified().ok(), metadata.len()));
        return;
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if is_source(&entry.file_name()) {
            note(&entry.path(), seen);
        }
    }
}

fn is_source(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| !name.starts_with('.') && !MADE.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_seen_and_what_is_made_of_them_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("src/plugin.c", "a");
        let all = vec![folder.path().to_owned()];
        let before = look(&all);
        assert_eq!(before.len(), 1);
        put("build/plugin.wasm", "a");
        put(".git/index", "a");
        assert_eq!(look(&all), before);
        put("src/plugin.c", "ab");
        assert_ne!(look(&all), before);
    }
}
