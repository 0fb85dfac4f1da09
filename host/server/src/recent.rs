//! Events that were reported a short while ago: those that come again are looked up before they are decided.

use quick_cache::sync::Cache;
use std::hash::BuildHasher;
use usher_model::{EventId, GroupKey};

/// A bounded memory of events, by a hash: mistaking one for another costs a look-up, and nothing else.
#[derive(Debug)]
pub(crate) struct Recent {
    seen: Cache<u64, ()>,
    hasher: std::hash::RandomState,
}

impl Recent {
    pub(crate) fn new(events: usize) -> Self {
        Self { seen: Cache::new(events), hasher: std::hash::RandomState::new() }
    }

    /// Remembers an event, and says whether it was remembered already.
    pub(crate) fn again(&self, group: &GroupKey, event: &EventId) -> bool {
        let key = self.hasher.hash_one((group, event));
        let again = self.seen.get(&key).is_some();
        if !again {
            self.seen.insert(key, ());
        }
        again
    }
}
