//! Scorings and rankings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// Scores members, with the hook `score`.
    Score,
    /// Ranks contents, with the hook `rank`.
    Rank,
}
