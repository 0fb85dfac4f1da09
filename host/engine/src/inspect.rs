//! What an uploaded component is: verified, compiled, and asked for its manifest.

use crate::cache::{CacheKey, load_code};
use crate::compile::CompileError;
use crate::contract::PLUGIN;
use crate::exports::Exports;
use crate::failure::{Bounds, in_setup};
use crate::grants::Grants;
use crate::no_room::NoRoom;
use crate::runtime::Engine;
use crate::sandbox::{Phase, Sandbox, store};
use crate::settings::{SettingsSchema, UnusableSchema};
use crate::verify::{Hook, Rejected, verify};
use std::collections::BTreeSet;
use std::sync::Arc;
use thiserror::Error;
use usher_model::{Digest, Failure, InvalidManifest, Manifest, PluginName};
use wasmtime::Store;
use wasmtime::component::{Component, InstancePre};

/// What is known of a component after its upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Of its bytes.
    pub digest: Digest,
    /// What it can be asked.
    pub hooks: BTreeSet<Hook>,
    /// What it imports, by interface.
    pub imports: BTreeSet<String>,
    /// What it says of itself.
    pub manifest: Manifest,
}

/// Why a component can't be taken.
#[derive(Debug, Error)]
pub enum InspectError {
    /// The bytes alone say so.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// Its imports and exports do not have the contract's types.
    #[error("the component does not fit the contract: {0}")]
    Unfit(String),
    /// It does not compile, or not within what that may take.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// `describe` did not answer.
    #[error("`describe` failed ({}): {}", .0.kind.as_str(), .0.message)]
    Describe(Failure),
    /// `describe` answered, and not with a manifest.
    #[error(transparent)]
    Manifest(#[from] InvalidManifest),
    /// The settings' schema can't be used.
    #[error(transparent)]
    Schema(#[from] UnusableSchema),
}

impl Engine {
    /// Verifies, compiles and asks a component what it is. Takes as long as compiling does: not for a request's thread.
    ///
    /// # Errors
    /// [`InspectError`] says what about it is no plugin, and what to do.
    pub fn inspect(&self, bytes: &[u8]) -> Result<Facts, InspectError> {
        let surface = verify(bytes, &self.upload)?;
        let digest = Digest::of(bytes);
        let component = self.compile_plain(&digest, bytes)?;
        let pre = self.linker.instantiate_pre(&component).map_err(unfit)?;
        let exports = Exports::new(&pre).map_err(unfit)?;
        let manifest = Manifest::parse(&self.describe(&component, &pre, &exports)?)?;
        manifest.check_columns(surface.hooks.contains(&Hook::Score), surface.hooks.contains(&Hook::Rank))?;
        SettingsSchema::new(&manifest.settings_schema)?;
        Ok(Facts { digest, hooks: surface.hooks, imports: surface.imports, manifest })
    }

    /// The component as uploaded, from the cache if it is there.
    pub(crate) fn compile_plain(&self, digest: &Digest, bytes: &[u8]) -> Result<Component, CompileError> {
        self.compiled(CacheKey::Plain(digest), || Ok(bytes))
    }

    /// From the cache, or compiled and then kept there: a mapped file costs 30 KiB of memory, code in the heap 600.
    pub(crate) fn compiled<B: AsRef<[u8]>, E: From<CompileError>>(
        &self,
        key: CacheKey<'_>,
        bytes: impl FnOnce() -> Result<B, E>,
    ) -> Result<Component, E> {
        if let Some(component) = self.cache.as_ref().and_then(|cache| cache.load(&self.runtime, key)) {
            return Ok(component);
        }
        let code = self.compiler.compile(&self.runtime, &self.compile_limits, bytes()?.as_ref())?;
        if let Some(cache) = &self.cache {
            cache.store(key, &code);
            if let Some(component) = cache.load(&self.runtime, key) {
                return Ok(component);
            }
        }
        load_code(&self.runtime, &code).map_err(|error| CompileError::NoRoom(NoRoom::of(error)).into())
    }

    fn describe(
        &self,
        component: &Component,
        pre: &InstancePre<Sandbox>,
        exports: &Exports,
    ) -> Result<String, InspectError> {
        let missing = || InspectError::Unfit(format!("`{PLUGIN}` has no function `describe`"));
        let interface = component.get_export_index(None, PLUGIN).ok_or_else(missing)?;
        let function = component.get_export_index(Some(&interface), "describe").ok_or_else(missing)?;
        let nobody = PluginName::new("unnamed").map_err(|error| InspectError::Unfit(error.to_string()))?;
        let grants = Arc::new(Grants::default());
        let phase = Phase::Setup(Bounds::Setup);
        let mut store = store(&self.runtime, phase, nobody, grants, self.setup.clone()).map_err(unfit)?;
        let failed = |error, store: &Store<Sandbox>| {
            InspectError::Describe(in_setup(&error, store.data().noticed(), &store.data().logs))
        };
        let instance = pre.instantiate(&mut store).map_err(|error| failed(error, &store))?;
        exports.check(&mut store, &instance).map_err(unfit)?;
        let describe = instance.get_typed_func::<(), (String,)>(&mut store, &function).map_err(unfit)?;
        let answer = describe.call(&mut store, ());
        answer.map(|(json,)| json).map_err(|error| failed(error, &store))
    }
}

/// The whole chain: wasmtime names the interface in one link and the function in the next.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unfit(error: wasmtime::Error) -> InspectError {
    InspectError::Unfit(format!("{error:#}"))
}
