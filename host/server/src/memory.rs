//! What hosts have at hand of their groups' memory: slots that were read, last events, what plugins' slots come to.

use crate::members::Members;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::collections::BTreeMap;
use std::sync::Arc;
use usher_engine::{EventFacts, Found, History, Memory, ReadKey};
use usher_model::{DecisionId, Event, GroupKey, PluginName, SlotKey, Timestamp, Usage};
use usher_store::journal::{Head, PastEvent, SlotWrite};
use usher_store::{Store, StoreError};

/// What is at hand of one group, as of the decision that it was kept after.
#[derive(Debug, Clone, Default)]
pub(crate) struct GroupMemory {
    pub(crate) memory: Memory,
    /// What plugins' slots come to. Slots that have expired may still be counted.
    pub(crate) usage: BTreeMap<PluginName, Usage>,
    after: Option<DecisionId>,
    weight_bytes: u64,
}

impl GroupMemory {
    /// Takes what a decision wrote.
    pub(crate) fn apply(&mut self, slots: &[SlotWrite]) {
        for SlotWrite { key, slot } in slots {
            self.memory.insert(key.clone(), slot.clone());
        }
    }
}

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<GroupKey, GroupMemory> for ByBytes {
    fn weight(&self, _: &GroupKey, kept: &GroupMemory) -> u64 {
        kept.weight_bytes
    }
}

/// Hot groups' memory, within a bound.
pub(crate) struct Memories {
    store: Arc<dyn Store>,
    cache: Cache<GroupKey, GroupMemory, ByBytes>,
    history_events: usize,
}

impl std::fmt::Debug for Memories {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memories").field("groups", &self.cache.len()).finish_non_exhaustive()
    }
}

impl Memories {
    pub(crate) fn new(store: Arc<dyn Store>, memory_bytes: u64, history_events: usize) -> Self {
        // A guess at how many groups that will be; it is not a limit.
        let groups = usize::try_from(memory_bytes / 65_536).unwrap_or(usize::MAX).max(16);
        Self { store, cache: Cache::with_weighter(groups, memory_bytes, ByBytes), history_events }
    }

    /// Takes what is at hand of a group at this head. Whoever has the group's lane gives it back with [`keep`](Self::keep).
    pub(crate) async fn take(&self, group: &GroupKey, head: &Head) -> Result<GroupMemory, StoreError> {
        if let Some((_, kept)) = self.cache.remove(group)
            && kept.after == head.decision
        {
            return Ok(kept);
        }
        // What is read from the database must hold commits that are on their way to it.
        self.store.settled().await?;
        Ok(GroupMemory::default())
    }

    /// Keeps what is at hand of a group after this decision.
    pub(crate) fn keep(&self, group: &GroupKey, after: DecisionId, mut memory: GroupMemory) {
        memory.after = Some(after);
        memory.weight_bytes = 256 + memory.memory.weight_bytes();
        self.cache.insert(group.clone(), memory);
    }

    /// Reads what a call missed.
    pub(crate) async fn find(
        &self,
        members: &Members,
        group: &GroupKey,
        head: &Head,
        key: ReadKey,
    ) -> Result<Found, StoreError> {
        Ok(match key {
            ReadKey::Member(id) => {
                let record = members.get(group, &id).await?;
                Found::Member(id, record)
            }
            ReadKey::Slot(key) => {
                let slot = self.store.slots(group, std::slice::from_ref(&key)).await?.pop().flatten();
                Found::Slot(key, slot)
            }
            ReadKey::History => {
                // Slots that commits on their way to the database wrote are at hand; their events are not.
                self.store.settled().await?;
                Found::History(self.history(group, head.sequence + 1, self.history_events).await?)
            }
        })
    }

    /// Reads slots that are not at hand yet.
    pub(crate) async fn find_slots(
        &self,
        group: &GroupKey,
        memory: &mut Memory,
        keys: impl Iterator<Item = SlotKey>,
    ) -> Result<(), StoreError> {
        let missing: Vec<_> = keys.filter(|key| memory.slot(key).is_none()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let slots = self.store.slots(group, &missing).await?;
        missing.into_iter().zip(slots).for_each(|(key, slot)| memory.insert(key, slot));
        Ok(())
    }

    /// What a plugin's slots in a group come to, as far as this host knows: some may have expired.
    pub(crate) async fn usage_at_hand(
        &self,
        group: &GroupKey,
        memory: &GroupMemory,
        plugin: &PluginName,
        at: Timestamp,
    ) -> Result<Usage, StoreError> {
        match memory.usage.get(plugin) {
            Some(usage) => Ok(*usage),
            None => self.store.usage(group, plugin, at).await,
        }
    }

    /// What a plugin's slots in a group come to, without those that have expired.
    pub(crate) async fn usage_anew(
        &self,
        group: &GroupKey,
        plugin: &PluginName,
        at: Timestamp,
    ) -> Result<Usage, StoreError> {
        self.store.settled().await?;
        self.store.usage(group, plugin, at).await
    }

    /// The last events of a group before a position, at most so many.
    pub(crate) async fn history(&self, group: &GroupKey, before: u64, events: usize) -> Result<History, StoreError> {
        let limit = u32::try_from(events).unwrap_or(u32::MAX);
        let mut past = self.store.past_events(group, before, limit).await?;
        past.reverse();
        let facts = past.iter().map(facts).collect::<Result<Vec<_>, _>>()?;
        Ok(History::new(facts, self.history_events.max(events)))
    }
}

fn facts(past: &PastEvent) -> Result<Arc<EventFacts>, StoreError> {
    let mut event: Event =
        serde_json::from_str(&past.event).map_err(|_| StoreError::Damaged { what: "journal.event" })?;
    event.at = past.at;
    Ok(Arc::new(EventFacts::new(Arc::new(event))))
}
