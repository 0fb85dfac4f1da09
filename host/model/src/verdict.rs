//! What a decision says about the event.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// From mild to grave: the gravest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing stands against it.
    #[default]
    Allow,
    /// It passes, and someone should know.
    Flag,
    /// It waits for a person.
    Hold,
    /// It must not pass.
    Block,
}

impl Verdict {
    /// All verdicts, mild to grave.
    pub const ALL: [Verdict; 4] = [Verdict::Allow, Verdict::Flag, Verdict::Hold, Verdict::Block];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Allow => "allow",
            Verdict::Flag => "flag",
            Verdict::Hold => "hold",
            Verdict::Block => "block",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
