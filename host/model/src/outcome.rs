//! How one plugin's part in a decision ended.

use crate::{Digest, Mode, PluginName, PluginVersion, Revision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a plugin gave no answer. Its effects are dropped, and its failure policy speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// It used up its budget of instructions.
    Deadline,
    /// It asked for more memory or table elements than it may have.
    Memory,
    /// It recursed too deep.
    Stack,
    /// It trapped: a panic, an `unreachable`, a memory access out of bounds.
    Trap,
    /// It used a capability that was not granted.
    Capability,
    /// It called the host too often.
    HostCalls,
    /// It said more than it may: findings, evidence, actions, log.
    Output,
    /// It would remember more of the group than it may, or have more timers pending.
    Quota,
    /// It passed the host something that makes no sense: a span outside the text, say.
    BadArgument,
    /// It returned an error.
    Error,
    /// The host could not run it.
    Unavailable,
    /// It was not called: it failed too often, or cost too much.
    Breaker,
}

impl FailureKind {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            FailureKind::Deadline => "deadline",
            FailureKind::Memory => "memory",
            FailureKind::Stack => "stack",
            FailureKind::Trap => "trap",
            FailureKind::Capability => "capability",
            FailureKind::HostCalls => "host_calls",
            FailureKind::Output => "output",
            FailureKind::Quota => "quota",
            FailureKind::BadArgument => "bad_argument",
            FailureKind::Error => "error",
            FailureKind::Unavailable => "unavailable",
            FailureKind::Breaker => "breaker",
        }
    }
}

/// A failure, in words for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    /// Which limit or law.
    pub kind: FailureKind,
    /// What happened, and what to do about it.
    pub message: String,
}

/// How one plugin's part ended: an abstention is no approval, and a failure is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It said something.
    Findings,
    /// It ran and had nothing to say.
    Abstain,
    /// It gave no answer.
    Failed,
}

/// What a call cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Cost {
    /// Instructions and host work, in units of fuel: the same in every replay.
    pub fuel: u64,
    /// Wall time, in microseconds: never the same twice, and never compared.
    pub duration_us: u64,
}

/// What a call used of what its limits allow, beside fuel: for its author, and no part of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct CallUsage {
    /// Linear memory that its instance had at the end.
    pub memory_bytes: u64,
    /// Calls into the host.
    pub host_calls: u64,
    /// Bytes that the host handed out to it, or folded and matched for it.
    pub answer_bytes: u64,
    /// Bytes of all that it said.
    pub effect_bytes: u64,
    /// Lines of log that it wrote.
    pub log_lines: u64,
}

impl PluginReport {
    /// Whether it ran beside the version in force, and is compared with it.
    pub fn is_beside(&self) -> bool {
        self.on_trial && self.mode == Mode::Shadow
    }
}

/// One plugin of the plan, and how its part ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PluginReport {
    /// Which plugin.
    pub plugin: PluginName,
    /// Which version.
    pub version: PluginVersion,
    /// Of the component.
    pub digest: Digest,
    /// Of the enablement.
    pub revision: Revision,
    /// In which mode, for this member.
    pub mode: Mode,
    /// Whether it is a version on trial: beside the one in force when it is in shadow, in its place when it counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_trial: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Why it approved, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// What it cost.
    #[serde(flatten)]
    pub cost: Cost,
}
