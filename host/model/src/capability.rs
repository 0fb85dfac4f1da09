//! What a plugin may be allowed to do beyond reading the event and reporting findings.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// One permission. A plugin asks in its manifest, the operator grants; effective is what both say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Capability {
    /// Read what the host has on record about members.
    Members,
    /// Read the weight of a member's strikes.
    Strikes,
    /// Match the brand's word lists.
    WordLists,
    /// Read earlier events of the group.
    History,
    /// Keep a memory of the group.
    State,
    /// Be woken later.
    Timers,
    /// Ask for actions of this kind.
    Action(String),
}

/// A set of permissions.
pub type CapabilitySet = BTreeSet<Capability>;

/// A text that names no capability.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "there is no capability `{0}`: known are members, strikes, word-lists, history, state, timers and action:<kind>"
)]
pub struct UnknownCapability(pub String);

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Capability::Members => f.write_str("members"),
            Capability::Strikes => f.write_str("strikes"),
            Capability::WordLists => f.write_str("word-lists"),
            Capability::History => f.write_str("history"),
            Capability::State => f.write_str("state"),
            Capability::Timers => f.write_str("timers"),
            Capability::Action(kind) => write!(f, "action:{kind}"),
        }
    }
}

impl FromStr for Capability {
    type Err = UnknownCapability;
    fn from_str(text: &str) -> Result<Self, UnknownCapability> {
        Ok(match text {
            "members" => Capability::Members,
            "strikes" => Capability::Strikes,
            "word-lists" => Capability::WordLists,
            "history" => Capability::History,
            "state" => Capability::State,
            "timers" => Capability::Timers,
            _ => match text.strip_prefix("action:") {
                Some(kind) if is_kind(kind) => Capability::Action(kind.to_owned()),
                _ => return Err(UnknownCapability(text.to_owned())),
            },
        })
    }
}

fn is_kind(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_'))
}

impl TryFrom<String> for Capability {
    type Error = UnknownCapability;
    fn try_from(text: String) -> Result<Self, UnknownCapability> {
        text.parse()
    }
}

impl From<Capability> for String {
    fn from(capability: Capability) -> String {
        capability.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_round_trip_and_unknown_ones_are_named() {
        for text in ["members", "strikes", "word-lists", "history", "state", "timers", "action:kick"] {
            assert_eq!(text.parse::<Capability>().unwrap().to_string(), text);
        }
        for text in ["network", "action:", "action:Kick"] {
            assert_eq!(text.parse::<Capability>(), Err(UnknownCapability(text.into())));
        }
    }
}
