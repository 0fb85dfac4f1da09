//! Every limit of the sandbox, with its default.

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
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self { component_bytes: 32 << 20, functions: 100_000, modules: 64, imports: 64 }
    }
}

/// What one call may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CallLimits {
    /// Instructions, in units of fuel; 50 million are some 30 ms.
    pub fuel: u64,
    /// Instructions of `describe` and of `configure`, in units of fuel: they run once.
    pub setup_fuel: u64,
    /// Linear memory, in bytes, all memories together.
    pub memory_bytes: usize,
    /// Elements, in all tables together.
    pub table_elements: usize,
    /// Calls into the host.
    pub host_calls: u32,
    /// Bytes of one call into the host, and of one answer of the plugin.
    pub host_call_bytes: usize,
    /// Bytes that the host hands out, or folds and matches for the plugin, in all.
    pub answer_bytes: usize,
    /// Findings.
    pub findings: usize,
    /// Spans of one finding.
    pub spans: usize,
    /// Pieces of evidence of one finding, and details of one action.
    pub evidence: usize,
    /// Actions and strikes.
    pub actions: usize,
    /// Bytes of all that it says: texts, evidence, and what its spans quote.
    pub effect_bytes: usize,
    /// Bytes of one message, reason, evidence or detail.
    pub text_bytes: usize,
    /// Lines of log.
    pub log_lines: usize,
    /// Bytes of one line of log; more are cut off.
    pub log_line_bytes: usize,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            fuel: 50_000_000,
            setup_fuel: 5_000_000_000,
            memory_bytes: 64 << 20,
            table_elements: 40_000,
            host_calls: 10_000,
            host_call_bytes: 1 << 20,
            answer_bytes: 8 << 20,
            findings: 64,
            spans: 64,
            evidence: 32,
            actions: 32,
            effect_bytes: 256 << 10,
            text_bytes: 4 << 10,
            log_lines: 64,
            log_line_bytes: 1 << 10,
        }
    }
}
