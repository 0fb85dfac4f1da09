//! Compiled code on disk, so that a start or a second enablement costs no compilation.
//!
//! Files are named by what went in (component, settings) inside a folder named by the engine that made them, written
//! beside and renamed, and readable by this process's user only: whoever can write there can run code as the host.

use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};
use usher_model::Digest;
use wasmtime::component::Component;

/// A folder of compiled components.
#[derive(Debug)]
pub(crate) struct DiskCache {
    dir: PathBuf,
}

/// What a compiled component was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum CacheKey<'a> {
    /// The component as uploaded.
    Plain(&'a Digest),
    /// The component with its settings baked in.
    Baked(&'a Digest, &'a Digest),
}

impl CacheKey<'_> {
    fn file_name(self) -> String {
        match self {
            CacheKey::Plain(component) => format!("{}.cwasm", component.to_hex()),
            CacheKey::Baked(component, settings) => format!("{}-{}.cwasm", component.to_hex(), settings.to_hex()),
        }
    }
}

impl DiskCache {
    pub(crate) fn open(root: &Path, runtime: &wasmtime::Engine) -> io::Result<Self> {
        let mut hasher = std::hash::DefaultHasher::new();
        runtime.precompile_compatibility_hash().hash(&mut hasher);
        let dir = root.join(format!("{:016x}", hasher.finish()));
        create_private(&dir)?;
        Ok(Self { dir })
    }

    /// The compiled component, mapped from its file; none when it is not there or of no use.
    #[expect(unsafe_code, reason = "loading precompiled code is unsafe by nature")]
    pub(crate) fn load(&self, runtime: &wasmtime::Engine, key: CacheKey<'_>) -> Option<Component> {
        let path = self.dir.join(key.file_name());
        if !path.exists() {
            return None;
        }
        // SAFETY: the file was written by `store` of this very engine's version and configuration (the folder's name),
        // completely (written beside and renamed), into a folder that only this process's user can write to.
        match unsafe { Component::deserialize_file(runtime, &path) } {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "compiled code refused; compiling again");
                None
            }
        }
    }

    /// Keeps a compiled component. A full disk costs time at the next start, and nothing else.
    pub(crate) fn store(&self, key: CacheKey<'_>, component: &Component) {
        let path = self.dir.join(key.file_name());
        let written = component
            .serialize()
            .map_err(|error| io::Error::other(error.to_string()))
            .and_then(|bytes| write_whole(&path, &bytes));
        if let Err(error) = written {
            tracing::warn!(path = %path.display(), %error, "compiled code not kept");
        }
    }
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
