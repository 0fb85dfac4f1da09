//! Word lists that a brand keeps.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Entries to find, and phrases that win over them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordListContent {
    /// What to find.
    pub entries: Vec<String>,
    /// What is fine although an entry stands in it or across it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
}
