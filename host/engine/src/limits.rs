//! What a component may be. What one call may use is a matter of its enablement: `CallLimits` of the model.

use serde::{Deserialize, Serialize};

/// What a component may be, at upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UploadLimits {
    /// Bytes of a component.
    pub component_bytes: usize,
    /// Functions, over all its modules.
    pub functions: u32,
    /// Core modules in it, nested ones included.
    pub modules: u32,
    /// Interfaces that it imports.
    pub imports: u32,
    /// Bytes of a component up to which settings are baked in. Baking compiles it anew for each settings; a larger one is
    /// compiled once and configured in each instance.
    pub bake_bytes: usize,
    /// Bytes of a component with its settings baked in: each is a file on the disk. A larger one is configured in each
    /// instance.
    pub image_bytes: usize,
    /// Instructions of `describe` and of `configure`, in units of fuel: they run once.
    pub setup_fuel: u64,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self {
            component_bytes: 32 << 20,
            functions: 100_000,
            modules: 64,
            imports: 64,
            bake_bytes: 4 << 20,
            image_bytes: 32 << 20,
            setup_fuel: 5_000_000_000,
        }
    }
}

/// What compiling one component may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CompileLimits {
    /// Processor time, in seconds, all threads together.
    pub cpu_s: u64,
    /// Time from start to end, in seconds.
    pub wall_s: u64,
    /// Address space of the compiler, in bytes.
    pub memory_bytes: u64,
    /// Bytes of compiled code.
    pub code_bytes: u64,
    /// Threads of the compiler, half of the cores when it is 0.
    pub threads: usize,
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self { cpu_s: 120, wall_s: 120, memory_bytes: 4 << 30, code_bytes: 512 << 20, threads: 0 }
    }
}
