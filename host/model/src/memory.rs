//! What is remembered of a group: slots that plugins write through the host, and the host's own marks on members.
//!
//! A slot belongs to one group. Everything here is a function of event time: what expires, expires by the group's clock.

mod blob;
mod counter;
mod marks;

pub use blob::Blob;
pub use counter::{ADDITIONS_MAX, Counter};
pub use marks::{LABELS_MAX, Labels, Marks, STRIKES_MAX, Strikes};

use crate::{PluginName, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of thing a slot holds; the same name may be used in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// Bytes that a plugin put there.
    Value,
    /// Amounts that a plugin added, and when.
    Counter,
    /// Strikes against a member: the host's.
    Strikes,
    /// Labels that a member was given by plugins: the host's.
    Labels,
}

/// Names a slot of a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotKey {
    /// Whose; the host's own when none.
    pub owner: Option<PluginName>,
    /// What kind.
    pub space: Space,
    /// The plugin's key, or the member's id.
    pub name: Box<str>,
}

/// A plugin's value, and when it is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What was put there.
    pub bytes: Blob,
    /// In milliseconds since the Unix epoch; never when none.
    pub expires_at_ms: Option<u64>,
}

/// What a slot holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot {
    /// In [`Space::Value`].
    Value(Kept),
    /// In [`Space::Counter`].
    Counter(Counter),
    /// In [`Space::Strikes`].
    Strikes(Strikes),
    /// In [`Space::Labels`].
    Labels(Labels),
}

impl Slot {
    /// When nothing of it counts any more; never when none.
    pub fn expires_at(&self) -> Option<Timestamp> {
        let ms = match self {
            Slot::Value(kept) => kept.expires_at_ms,
            Slot::Counter(counter) => Some(counter.expires_at_ms()),
            Slot::Strikes(strikes) => Some(strikes.expires_at_ms()),
            Slot::Labels(labels) => labels.expires_at_ms(),
        };
        // Beyond the end of time is never.
        ms.and_then(|ms| Timestamp::from_ms(ms).ok())
    }

    /// What it counts against its owner's quota, in bytes, under this name.
    pub fn weight_bytes(&self, name: &str) -> u64 {
        let body = match self {
            Slot::Value(kept) => kept.bytes.as_bytes().len(),
            Slot::Counter(counter) => counter.weight_bytes(),
            // The host's own; no plugin pays for them.
            Slot::Strikes(_) | Slot::Labels(_) => 0,
        };
        (name.len() + body) as u64
    }
}

/// What a plugin's slots in a group come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Usage {
    /// How many there are.
    pub entries: u64,
    /// Their names and contents, in bytes.
    pub bytes: u64,
}

/// One change that a plugin made to its memory of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemoryChange {
    /// Whose memory.
    pub plugin: PluginName,
    /// What changed.
    #[serde(flatten)]
    pub change: Change,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Change {
    /// A value was written.
    Put {
        /// Under which key.
        key: String,
        /// Which value.
        value: Blob,
        /// How long after the event it is forgotten, in milliseconds; never when none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_in_ms: Option<u64>,
    },
    /// A value was forgotten.
    Delete {
        /// Under which key.
        key: String,
    },
    /// A counter was added to.
    Add {
        /// Which one.
        counter: String,
        /// How much.
        amount: u64,
    },
}

impl Change {
    /// The slot that it changes, in the memory of that plugin.
    pub fn slot(&self, plugin: &PluginName) -> SlotKey {
        let (space, name) = match self {
            Change::Put { key, .. } | Change::Delete { key } => (Space::Value, key),
            Change::Add { counter, .. } => (Space::Counter, counter),
        };
        SlotKey { owner: Some(plugin.clone()), space, name: name.as_str().into() }
    }

    /// What the slot holds after the change, made at that moment; none when it is empty then.
    pub fn apply(&self, slot: Option<&Slot>, at: Timestamp) -> Option<Slot> {
        match self {
            Change::Put { value, expires_in_ms, .. } => {
                let expires_at_ms = expires_in_ms.map(|ms| at.ms().saturating_add(ms));
                Some(Slot::Value(Kept { bytes: value.clone(), expires_at_ms }))
            }
            Change::Delete { .. } => None,
            Change::Add { amount, .. } => {
                let mut counter = match slot {
                    Some(Slot::Counter(counter)) => counter.clone(),
                    _ => Counter::default(),
                };
                counter.add(at, *amount);
                Some(Slot::Counter(counter))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms).unwrap()
    }

    #[test]
    fn a_value_is_forgotten_when_it_says() {
        let put = |expires_in_ms| Change::Put { key: "k".into(), value: Blob::from(b"v".as_slice()), expires_in_ms };
        assert_eq!(put(None).apply(None, at(10)).unwrap().expires_at(), None);
        assert_eq!(put(Some(5)).apply(None, at(10)).unwrap().expires_at(), Some(at(15)));
        assert_eq!(put(Some(u64::MAX)).apply(None, at(10)).unwrap().expires_at(), None, "the end of time is never");
        assert_eq!(Change::Delete { key: "k".into() }.apply(None, at(10)), None);
    }

    #[test]
    fn values_and_counters_of_one_name_are_two_slots() {
        let plugin: PluginName = "p".parse().unwrap();
        let put = Change::Delete { key: "x".into() }.slot(&plugin);
        let add = Change::Add { counter: "x".into(), amount: 1 }.slot(&plugin);
        assert_ne!(put, add);
    }
}
