//! Compiled code on disk, so that a start or a second enablement costs no compilation.
//!
//! Files are named by what went in (component, settings) inside a folder named by the engine that made them, written
//! beside and renamed, and readable by this process's user only: whoever can write there can run code as the host.
//! A file's time of change is when it was last of use: when there is too much, what was of no use for longest goes, of other
//! engines' folders too. What is mapped stays usable after its file is gone.

use crate::compile::Code;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};
use usher_model::Digest;
use wasmtime::component::Component;

/// A folder of compiled components.
#[derive(Debug)]
pub(crate) struct DiskCache {
    root: PathBuf,
    /// Below the root, of this engine.
    dir: PathBuf,
    bytes_max: u64,
}

/// What a compiled component was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum CacheKey<'a> {
    /// The component as uploaded.
    Plain(&'a Digest),
    /// The component with what it takes to read its memory back, once it is configured.
    Instrumented(&'a Digest),
    /// The component with its settings baked in.
    Baked(&'a Digest, &'a Digest),
}

impl CacheKey<'_> {
    fn file_name(self) -> String {
        match self {
            CacheKey::Plain(component) => format!("{}.cwasm", component.to_hex()),
            CacheKey::Instrumented(component) => format!("{}-instrumented.cwasm", component.to_hex()),
            CacheKey::Baked(component, settings) => format!("{}-{}.cwasm", component.to_hex(), settings.to_hex()),
        }
    }
}

impl DiskCache {
    pub(crate) fn open(root: &Path, runtime: &wasmtime::Engine, bytes_max: u64) -> io::Result<Self> {
        let mut hasher = std::hash::DefaultHasher::new();
        runtime.precompile_compatibility_hash().hash(&mut hasher);
        let dir = root.join(format!("{:016x}", hasher.finish()));
        create_private(&dir)?;
        Ok(Self { root: root.to_owned(), dir, bytes_max })
    }

    /// The compiled component, mapped from its file; none when it is not there or of no use.
    #[expect(unsafe_code, reason = "loading precompiled code is unsafe by nature")]
    pub(crate) fn load(&self, runtime: &wasmtime::Engine, key: CacheKey<'_>) -> Option<Component> {
        let path = self.dir.join(key.file_name());
        touch(&path).ok()?;
        // SAFETY: the file was written by `store` of this very engine's version and configuration (the folder's name),
        // completely (written beside and renamed), into a folder that only this process's user can write to. What it
        // holds is `Code`, whose origin `load_code` tells.
        match unsafe { Component::deserialize_file(runtime, &path) } {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "compiled code refused; compiling again");
                None
            }
        }
    }

    /// Keeps a compiled component, and makes room for it. A full disk costs time at the next start, and nothing else.
    pub(crate) fn store(&self, key: CacheKey<'_>, code: &Code) {
        let path = self.dir.join(key.file_name());
        if let Err(error) = write_whole(&path, code.bytes()).and_then(|()| self.evict(&path)) {
            tracing::warn!(path = %path.display(), %error, "compiled code not kept");
        }
    }

    /// Removes what was of no use for longest until the rest is within the limit; never what was just written.
    fn evict(&self, newest: &Path) -> io::Result<()> {
        let mut files = Vec::new();
        for folder in fs::read_dir(&self.root)? {
            let folder = folder?.path();
            if folder.is_dir() {
                files.extend(fs::read_dir(folder)?.flatten().filter_map(|file| Kept::of(&file)));
            }
        }
        files.sort();
        let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
        for file in files.iter().filter(|file| file.path != newest) {
            if bytes <= self.bytes_max {
                break;
            }
            // It may be gone: who compiles at the same time makes room too.
            fs::remove_file(&file.path).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?;
            bytes = bytes.saturating_sub(file.bytes);
        }
        Ok(())
    }
}

/// A file of the cache, in the order in which they go.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kept {
    used: SystemTime,
    path: PathBuf,
    bytes: u64,
}

impl Kept {
    fn of(file: &fs::DirEntry) -> Option<Self> {
        let metadata = file.metadata().ok()?;
        Some(Self { used: metadata.modified().ok()?, path: file.path(), bytes: metadata.len() })
    }
}

/// Marks a file as used now; an error when it is not there.
#[expect(clippy::disallowed_methods, reason = "the file system's own clock: which file goes first, and no decision")]
fn touch(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.set_modified(SystemTime::now())
}

/// A component of code that was just compiled.
#[expect(unsafe_code, reason = "loading precompiled code is unsafe by nature")]
pub(crate) fn load_code(runtime: &wasmtime::Engine, code: &Code) -> wasmtime::Result<Component> {
    // SAFETY: `Code` is made by `compile.rs` alone, from what this program's own compiler answered: in this process or in a
    // child that is this same program. The component that it compiled is not trusted, the compiler is: its child has
    // limits and no environment so that a component can't exhaust the host, and what it answers is believed as what the
    // compiler answers in place would be. The header of the code is checked against this engine's configuration.
    unsafe { Component::deserialize(runtime, code.bytes()) }
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    fs::write(&beside, bytes)?;
    fs::File::open(&beside)?.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(unix)]
fn create_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn create_private(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}
