//! The wasm runtime, set up for a fresh instance per call, with what this machine can do.

use crate::cache::DiskCache;
use crate::compile::Compiler;
use crate::contract::bindings::PluginHost;
use crate::limits::{CompileLimits, UploadLimits};
use crate::room::Room;
use crate::sandbox::Sandbox;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use usher_model::{AboveCeiling, CallBounds, CallLimits, Digest};
use wasmtime::component::{HasSelf, Linker};
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

/// How an engine is set up.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Where compiled code is kept, private to this process's user; compiled anew at each start when none.
    pub cache_dir: Option<PathBuf>,
    /// Bytes of compiled code that are kept there; what was not used for longest goes first.
    pub cache_disk_bytes: u64,
    /// Where components are compiled.
    pub compiler: Compiler,
    /// What compiling one may use, where it is a child that compiles.
    pub compile: CompileLimits,
    /// Instances that may live at once; each keeps up to `resident_bytes` of memory.
    pub instances: u32,
    /// Bytes of each instance's memory that stay resident for the next one.
    pub resident_bytes: usize,
    /// How long a call waits for room when so many are alive, in milliseconds.
    pub instances_wait_ms: u64,
    /// Stack of a call, in bytes; at most [`STACK_BYTES_MAX`].
    pub stack_bytes: usize,
    /// What a component may be.
    pub upload: UploadLimits,
    /// What a call may use.
    pub calls: CallBounds,
}

/// Memories of one component, over all its instances.
pub const MEMORIES_MAX: u32 = 8;

/// Tables of one component, over all its instances.
pub const TABLES_MAX: u32 = 24;

/// Memories that one module defines.
pub const MODULE_MEMORIES_MAX: u32 = 1;

/// Tables that one module defines.
pub const MODULE_TABLES_MAX: u32 = 1;

/// What the runtime keeps for one instance beside its memory: its functions, globals and imports, in bytes.
pub const INSTANCE_BYTES_MAX: usize = 4 << 20;

/// Threads have 2 MiB of stack, and the host needs some of it.
pub const STACK_BYTES_MAX: usize = 1 << 20;

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            cache_dir: None,
            cache_disk_bytes: 4 << 30,
            compiler: Compiler::InProcess,
            compile: CompileLimits::default(),
            instances: 64,
            resident_bytes: 1 << 20,
            instances_wait_ms: 5_000,
            stack_bytes: 512 << 10,
            upload: UploadLimits::default(),
            calls: CallBounds::default(),
        }
    }
}

/// Why there is no engine.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The runtime can't work on this machine at all.
    #[error("the wasm runtime can't start here: {0:#}")]
    Runtime(wasmtime::Error),
    /// A default of what a call may use is above its ceiling.
    #[error("`calls.{}` is {}, above `calls_max.{}`, which is {}", .0.name, .0.asked, .0.name, .0.ceiling)]
    Calls(#[from] AboveCeiling),
    /// More stack than a thread has to give.
    #[error("`stack_bytes` is at most {STACK_BYTES_MAX}, and {0} was asked")]
    Stack(usize),
    /// The cache's folder can't be used.
    #[error("the cache folder `{path}` can't be used: {source}")]
    Cache {
        /// Which folder.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// Where instances come from: the best of what the machine allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// A pool of slots that are wiped by asking the kernel which pages were touched (Linux 6.7 and newer).
    PooledScanned,
    /// A pool of slots that are wiped by giving their pages back.
    Pooled,
    /// Mapped anew for each instance.
    OnDemand,
}

/// Compiles and runs plugins. One per process: compiled code and pools belong to it.
pub struct Engine {
    pub(crate) runtime: wasmtime::Engine,
    pub(crate) linker: Linker<Sandbox>,
    pub(crate) upload: UploadLimits,
    /// What enablements may ask for.
    calls: CallBounds,
    /// What `describe` and `configure` may use: they run once, and at the ceiling.
    pub(crate) setup: Arc<CallLimits>,
    pub(crate) room: Room,
    pub(crate) room_wait: Duration,
    stack_bytes: usize,
    pub(crate) cache: Option<DiskCache>,
    pub(crate) compiler: Compiler,
    pub(crate) compile_limits: CompileLimits,
    allocation: Allocation,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("allocation", &self.allocation).finish_non_exhaustive()
    }
}

impl Engine {
    /// Probes the machine and sets up the runtime.
    ///
    /// # Errors
    /// [`EngineError`] when wasm can't run here or the cache's folder can't be used.
    pub fn new(options: EngineOptions) -> Result<Self, EngineError> {
        options.calls.default.check_below(&options.calls.ceiling)?;
        if options.stack_bytes > STACK_BYTES_MAX {
            return Err(EngineError::Stack(options.stack_bytes));
        }
        let (runtime, allocation) = probe(&options)?;
        let mut linker = Linker::new(&runtime);
        PluginHost::add_to_linker::<_, HasSelf<_>>(&mut linker, |sandbox: &mut Sandbox| sandbox)
            .map_err(EngineError::Runtime)?;
        let cache = match options.cache_dir {
            None => None,
            Some(path) => Some(
                DiskCache::open(&path, &runtime, options.cache_disk_bytes)
                    .map_err(|source| EngineError::Cache { path: path.clone(), source })?,
            ),
        };
        let setup = CallLimits { fuel: options.upload.setup_fuel, ..options.calls.ceiling.clone() };
        Ok(Self {
            runtime,
            linker,
            setup: Arc::new(setup),
            room: Room::default(),
            room_wait: Duration::from_millis(options.instances_wait_ms),
            stack_bytes: options.stack_bytes,
            calls: options.calls,
            upload: options.upload,
            cache,
            compiler: options.compiler,
            compile_limits: options.compile,
            allocation,
        })
    }

    /// Names what a call's outcome depends on beside the plugin and its limits: this version of the host, the
    /// stack, and which components are baked.
    pub fn identity(&self) -> Digest {
        // The road of a component is a part of what its calls cost.
        let road = (self.upload.bake_bytes, self.upload.image_bytes);
        Digest::of(format!("{} {} {road:?}", env!("CARGO_PKG_VERSION"), self.stack_bytes).as_bytes())
    }

    /// What the operator of the host allows a call to use.
    pub fn calls(&self) -> &CallBounds {
        &self.calls
    }

    /// Where instances come from on this machine.
    pub fn allocation(&self) -> Allocation {
        self.allocation
    }
}

/// The first strategy that this machine accepts. A fresh instance costs ~9 µs with the first, ~40 with the second.
fn probe(options: &EngineOptions) -> Result<(wasmtime::Engine, Allocation), EngineError> {
    for allocation in [Allocation::PooledScanned, Allocation::Pooled] {
        if allocation == Allocation::PooledScanned && !PoolingAllocationConfig::is_pagemap_scan_available() {
            continue;
        }
        let mut config = config(options);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(options, allocation)));
        match wasmtime::Engine::new(&config) {
            Ok(runtime) => return Ok((runtime, allocation)),
            Err(error) => tracing::warn!(?allocation, %error, "the machine refuses this way of making instances"),
        }
    }
    let runtime = wasmtime::Engine::new(&config(options)).map_err(EngineError::Runtime)?;
    Ok((runtime, Allocation::OnDemand))
}

/// Deterministic, synchronous, metered. Compiled code does not depend on the options, so the compiler's own process has
/// the same without them.
pub(crate) fn config(options: &EngineOptions) -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .concurrency_support(false) // 15 % on every call, and guests are synchronous
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        .max_wasm_stack(options.stack_bytes);
    config
}

fn pool(options: &EngineOptions, allocation: Allocation) -> PoolingAllocationConfig {
    // A component may be made of several modules: JavaScript and Python ones have dozens.
    let per_component = options.upload.modules;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(options.instances)
        .total_core_instances(options.instances.saturating_mul(8).max(per_component))
        .total_memories(options.instances.saturating_mul(2).max(MEMORIES_MAX))
        .total_tables(options.instances.saturating_mul(4).max(TABLES_MAX))
        .max_core_instances_per_component(per_component)
        .max_memories_per_component(MEMORIES_MAX)
        .max_tables_per_component(TABLES_MAX)
        .max_memories_per_module(MODULE_MEMORIES_MAX)
        .max_tables_per_module(MODULE_TABLES_MAX)
        .max_component_instance_size(INSTANCE_BYTES_MAX)
        .max_core_instance_size(INSTANCE_BYTES_MAX)
        .max_memory_size(count(options.calls.ceiling.memory_bytes))
        .table_elements(count(options.calls.ceiling.table_elements));
    if allocation == Allocation::PooledScanned {
        pool.linear_memory_keep_resident(options.resident_bytes)
            .table_keep_resident(64 << 10)
            .pagemap_scan(Enabled::Yes);
    }
    pool
}

fn count(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
