//! What a plugin found.

use crate::PluginName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A remark.
    None,
    /// Soft.
    Low,
    /// Soft.
    Medium,
    /// Hard: no approval outweighs it.
    High,
    /// Hard: no approval outweighs it.
    Severe,
}

impl Severity {
    /// Whether an approval may outweigh it.
    pub fn is_soft(self) -> bool {
        self < Severity::High
    }
}

/// A part of the text as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What stands there.
    pub text: String,
}

/// Something that was read to come to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    /// What it is.
    pub name: String,
    /// What it said.
    pub value: String,
}

/// What a plugin found, where, and why it thinks so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Who found it.
    pub plugin: PluginName,
    /// By which rule.
    pub rule: String,
    /// How grave.
    pub severity: Severity,
    /// How sure, 0 to 1.
    pub confidence: f32,
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Where in the text.
    pub spans: Vec<Span>,
    /// What was read.
    pub evidence: Vec<Evidence>,
}
