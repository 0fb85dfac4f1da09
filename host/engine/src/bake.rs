//! Settings baked in: `configure` runs once, and what it leaves in memory is what every call starts from.

use crate::cache::CacheKey;
use crate::compile::CompileError;
use crate::contract::PLUGIN;
use crate::exports::Exports;
use crate::failure::{Bounds, in_setup};
use crate::fresh::Answer;
use crate::grants::Grants;
use crate::runtime::Engine;
use crate::sandbox::{Phase, Sandbox, store};
use crate::verify::Hook;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use thiserror::Error;
use usher_model::{CallLimits, Digest, Failure, PluginName};
use wasmtime::Store;
use wasmtime::component::{Component, Instance, InstancePre, Lift, WasmList};
use wasmtime_wizer::{ComponentInstanceState, Wizer};

/// How a snapshot reaches the state that `configure` leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// It is in the component's memory image.
    Baked,
    /// `configure` runs in each fresh instance, for components that can't be snapshotted, or are large. The same answers.
    Configured,
}

/// A plugin version with its settings: what each call starts from.
pub struct Snapshot {
    pub(crate) pre: InstancePre<Sandbox>,
    pub(crate) exports: Exports,
    /// Given to `configure` in every instance, where that is the road.
    pub(crate) settings: Option<String>,
    pub(crate) plugin: PluginName,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("plugin", &self.plugin).field("road", &self.road()).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Code and memory images that it maps, in bytes.
    pub fn mapped_bytes(&self) -> u64 {
        let image = self.pre.component().image_range();
        (image.end.addr() - image.start.addr()) as u64
    }

    /// How it reaches the configured state.
    pub fn road(&self) -> Road {
        if self.settings.is_some() { Road::Configured } else { Road::Baked }
    }

    /// Whether it can be asked so.
    pub fn has(&self, hook: Hook) -> bool {
        self.exports.has(hook)
    }

    /// `configure` in an instance of it.
    pub(crate) fn configure(&self, store: &mut Store<Sandbox>, instance: &Instance, settings: &str) -> Answer {
        self.exports.plugin.load(&mut *store, instance)?.call_configure(store, settings)
    }
}

/// Why there is no snapshot.
#[derive(Debug, Error)]
pub enum BakeError {
    /// The plugin refused its settings, in its own words.
    #[error("the plugin refused its settings: {0}")]
    Refused(String),
    /// `configure` did not end well.
    #[error("`configure` failed ({}): {}", .0.kind.as_str(), .0.message)]
    Configure(Failure),
    /// With its settings in it, the component does not compile, or not within what that may take.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// The runtime refuses what it took at upload: the host's or the machine's fault.
    #[error("the component can't be set up: {0:#}")]
    Runtime(wasmtime::Error),
}

/// As [`BakeError`], and the one case that leads to the other road.
enum Attempt {
    Failed(BakeError),
    /// The component is built in a way that snapshots do not cover.
    NotSnapshottable(wasmtime::Error),
}

impl From<wasmtime::Error> for Attempt {
    fn from(error: wasmtime::Error) -> Self {
        Attempt::Failed(BakeError::Runtime(error))
    }
}

impl From<CompileError> for Attempt {
    fn from(error: CompileError) -> Self {
        Attempt::Failed(BakeError::Compile(error))
    }
}

impl Engine {
    /// Configures a component with settings that fit its schema, and keeps what that leaves.
    ///
    /// # Errors
    /// [`BakeError`]: the plugin refuses, fails, or does not compile.
    pub fn bake(&self, plugin: &PluginName, bytes: &[u8], settings: &str) -> Result<Snapshot, BakeError> {
        let component = Digest::of(bytes);
        if self.is_baked(bytes.len()) {
            let key = CacheKey::Baked(&component, &Digest::of(settings.as_bytes()));
            match self.compiled(key, || self.configured_image(plugin, &component, bytes, settings)) {
                Ok(component) => return self.snapshot(plugin, &component, None),
                Err(Attempt::Failed(error)) => return Err(error),
                Err(Attempt::NotSnapshottable(reason)) => {
                    tracing::info!(%plugin, %reason, "configured in each instance");
                }
            }
        }
        let plain = self.compile_plain(&component, bytes)?;
        let snapshot = self.snapshot(plugin, &plain, Some(settings.to_owned()))?;
        self.try_out(&snapshot, &self.setup)?;
        Ok(snapshot)
    }

    /// The same as [`bake`](Engine::bake) gives, when compiled code of it is on disk; none when it is not, or of no use.
    pub fn kept(&self, plugin: &PluginName, component: &Digest, size: usize, settings: &str) -> Option<Snapshot> {
        let cache = self.cache.as_ref()?;
        if self.is_baked(size) {
            let baked = CacheKey::Baked(component, &Digest::of(settings.as_bytes()));
            return self.snapshot(plugin, &cache.load(&self.runtime, baked)?, None).ok();
        }
        let plain = cache.load(&self.runtime, CacheKey::Plain(component))?;
        let snapshot = self.snapshot(plugin, &plain, Some(settings.to_owned())).ok()?;
        self.try_out(&snapshot, &self.setup).ok().map(|()| snapshot)
    }

    /// Baking costs a compilation for each settings, and saves `configure` for each event: what is large is too dear.
    fn is_baked(&self, size: usize) -> bool {
        size <= self.upload.bake_bytes
    }

    fn snapshot(
        &self,
        plugin: &PluginName,
        component: &Component,
        settings: Option<String>,
    ) -> Result<Snapshot, BakeError> {
        let pre = self.linker.instantiate_pre(component).map_err(BakeError::Runtime)?;
        let exports = Exports::new(&pre).map_err(BakeError::Runtime)?;
        Ok(Snapshot { pre, exports, settings, plugin: plugin.clone() })
    }

    /// A component whose memory is what `configure` left.
    fn configured_image(
        &self,
        plugin: &PluginName,
        digest: &Digest,
        bytes: &[u8],
        settings: &str,
    ) -> Result<Vec<u8>, Attempt> {
        let wizer = Wizer::new();
        let (context, instrumented) = wizer.instrument_component(bytes).map_err(Attempt::NotSnapshottable)?;
        // The same whatever the settings: compiled once.
        let component = self.compiled(CacheKey::Instrumented(digest), || Ok::<_, Attempt>(&instrumented))?;
        let pre = self.linker.instantiate_pre(&component)?;
        let mut store = self.setup_store(plugin, &self.setup)?;
        let instance = pre.instantiate(&mut store).map_err(|error| Attempt::Failed(failed(&error, &store)))?;
        configure(&mut store, &instance, &component, settings).map_err(Attempt::Failed)?;
        // Reading the image back is bounded by the memory that there is, not by what a call of the guest may use.
        store.set_hostcall_fuel(usize::MAX);
        store.set_fuel(u64::MAX)?;
        store.data_mut().lift_memory_limit();
        let mut reader = ImageReader { store, instance, broken: None };
        let image = ready(wizer.snapshot_component(&context, &mut reader)).map_err(Attempt::NotSnapshottable)?;
        if let Some(error) = reader.broken {
            return Err(Attempt::NotSnapshottable(error));
        }
        let (bytes, bytes_max) = (image.len(), self.upload.image_bytes);
        if bytes > bytes_max {
            return Err(Attempt::NotSnapshottable(wasmtime::format_err!(
                "configured it has {bytes} bytes, and up to {bytes_max} are baked (`plugins.image_bytes`)"
            )));
        }
        Ok(image)
    }

    /// Goes as far as each call will go before it sees an event, with what a call may use: whether there is room for what
    /// `configure` left, and `configure` itself where it runs each time.
    ///
    /// # Errors
    /// [`BakeError`]: it can't be called under these limits, or refuses its settings.
    pub fn try_out(&self, snapshot: &Snapshot, limits: &Arc<CallLimits>) -> Result<(), BakeError> {
        let mut store = self.setup_store(&snapshot.plugin, limits).map_err(BakeError::Runtime)?;
        let instance = snapshot.pre.instantiate(&mut store).map_err(|error| failed(&error, &store))?;
        let Some(settings) = snapshot.settings.as_deref() else { return Ok(()) };
        let answer = snapshot.configure(&mut store, &instance, settings).map_err(|error| failed(&error, &store))?;
        answer.map_err(BakeError::Refused)
    }

    fn setup_store(&self, plugin: &PluginName, limits: &Arc<CallLimits>) -> wasmtime::Result<Store<Sandbox>> {
        let bounds = if Arc::ptr_eq(limits, &self.setup) { Bounds::Setup } else { Bounds::Call };
        store(&self.runtime, Phase::Setup(bounds), plugin.clone(), Arc::new(Grants::default()), limits.clone())
    }
}

/// `configure` of an instrumented component, looked up by name.
fn configure(
    store: &mut Store<Sandbox>,
    instance: &Instance,
    component: &Component,
    settings: &str,
) -> Result<(), BakeError> {
    let function = component
        .get_export_index(None, PLUGIN)
        .and_then(|interface| component.get_export_index(Some(&interface), "configure"));
    let answer = function
        .ok_or_else(|| wasmtime::format_err!("`{PLUGIN}` has no function `configure`"))
        .and_then(|index| instance.get_typed_func::<(&str,), (Result<(), String>,)>(&mut *store, index))
        .and_then(|configure| configure.call(&mut *store, (settings,)));
    match answer {
        Ok((Ok(()),)) => Ok(()),
        Ok((Err(refusal),)) => Err(BakeError::Refused(refusal)),
        Err(error) => Err(failed(&error, store)),
    }
}

fn failed(error: &wasmtime::Error, store: &Store<Sandbox>) -> BakeError {
    BakeError::Configure(in_setup(error, store.data().noticed(), &store.data().logs))
}

/// Reads memories and globals of an instrumented instance. The first thing that goes wrong is kept: the trait that it
/// reads for has no place for errors.
struct ImageReader {
    store: Store<Sandbox>,
    instance: Instance,
    broken: Option<wasmtime::Error>,
}

impl ImageReader {
    fn read<R: Lift + 'static>(&mut self, instance: &str, func: &str) -> Option<R> {
        match self.try_read(instance, func) {
            Ok(value) => Some(value),
            Err(error) => {
                self.broken.get_or_insert(error);
                None
            }
        }
    }

    /// Calls an accessor that the instrumentation put there. It may need a page of memory that the guest left no room for.
    fn try_read<R: Lift + 'static>(&mut self, instance: &str, func: &str) -> wasmtime::Result<R> {
        let missing = || wasmtime::format_err!("the instrumented component has no `{instance}` with `{func}`");
        let (_, interface) = self.instance.get_export(&mut self.store, None, instance).ok_or_else(missing)?;
        let (_, index) = self.instance.get_export(&mut self.store, Some(&interface), func).ok_or_else(missing)?;
        let accessor = self.instance.get_typed_func::<(), (R,)>(&mut self.store, index)?;
        accessor.call(&mut self.store, ()).map(|(value,)| value)
    }
}

impl ComponentInstanceState for ImageReader {
    async fn call_func_ret_list_u8(&mut self, instance: &str, func: &str, contents: impl FnOnce(&[u8]) + Send) {
        match self.read::<WasmList<u8>>(instance, func) {
            Some(list) => contents(list.as_le_slice(&self.store)),
            None => contents(&[]),
        }
    }

    async fn call_func_ret_s32(&mut self, instance: &str, func: &str) -> i32 {
        self.read(instance, func).unwrap_or_default()
    }

    async fn call_func_ret_s64(&mut self, instance: &str, func: &str) -> i64 {
        self.read(instance, func).unwrap_or_default()
    }

    async fn call_func_ret_f32(&mut self, instance: &str, func: &str) -> u32 {
        self.read::<f32>(instance, func).unwrap_or_default().to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, func: &str) -> u64 {
        self.read::<f64>(instance, func).unwrap_or_default().to_bits()
    }
}

/// The result of a future that never waits: the reader above is synchronous.
fn ready<T>(future: impl Future<Output = wasmtime::Result<T>>) -> wasmtime::Result<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(wasmtime::format_err!("the snapshot waited for something")),
    }
}
