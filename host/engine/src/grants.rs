//! What a plugin may do: asked in the manifest and granted by the operator.

use usher_model::{Capability, CapabilitySet};

/// The effective capabilities of an enablement, made for looking up in every call.
#[expect(clippy::struct_excessive_bools, reason = "one for each capability, looked up in every call")]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    /// Records about members.
    pub members: bool,
    /// The brand's word lists.
    pub word_lists: bool,
    /// The weight of members' strikes.
    pub strikes: bool,
    /// Earlier events of the group.
    pub history: bool,
    /// A memory of the group.
    pub state: bool,
    /// Being woken later.
    pub timers: bool,
    actions: Vec<Box<str>>,
}

impl Grants {
    /// Effective is what was asked and is granted; everything asked when the operator said nothing.
    pub fn new(asked: &CapabilitySet, granted: Option<&CapabilitySet>) -> Self {
        let mut grants = Grants::default();
        for capability in asked.iter().filter(|c| granted.is_none_or(|set| set.contains(c))) {
            match capability {
                Capability::Members => grants.members = true,
                Capability::WordLists => grants.word_lists = true,
                Capability::Action(kind) => grants.actions.push(kind.as_str().into()),
                Capability::Strikes => grants.strikes = true,
                Capability::History => grants.history = true,
                Capability::State => grants.state = true,
                Capability::Timers => grants.timers = true,
            }
        }
        grants
    }

    /// Whether a call may read or change what is remembered of the group.
    pub fn remembers(&self) -> bool {
        self.strikes || self.history || self.state || self.timers || self.members || !self.actions.is_empty()
    }

    /// Whether the plugin may ask for actions of this kind.
    pub fn allows_action(&self, kind: &str) -> bool {
        self.actions.iter().any(|allowed| **allowed == *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> CapabilitySet {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn effective_is_asked_and_granted() {
        let asked = set(&["members", "action:warn"]);
        let all = Grants::new(&asked, None);
        assert!(all.members && all.allows_action("warn"));
        let some = Grants::new(&asked, Some(&set(&["action:warn", "action:kick", "word-lists"])));
        assert!(some.allows_action("warn") && !some.members && !some.word_lists && !some.allows_action("kick"));
    }
}
