//! What is at hand of a group's memory: slots that were read, and its last events.

use crate::input::EventFacts;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use usher_model::{Marks, MemberId, MemoryReads, Slot, SlotKey};

/// A group's last events, oldest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    events: VecDeque<Arc<EventFacts>>,
    events_max: usize,
}

impl History {
    /// These events, oldest first, of which there are never more than so many.
    pub fn new(events: impl IntoIterator<Item = Arc<EventFacts>>, events_max: usize) -> Self {
        let mut history = Self { events: VecDeque::new(), events_max };
        for event in events {
            history.push(event);
        }
        history
    }

    /// An event more; the oldest is forgotten when there are too many.
    pub fn push(&mut self, event: Arc<EventFacts>) {
        self.events.push_back(event);
        if self.events.len() > self.events_max {
            self.events.pop_front();
        }
    }

    /// The last so many of them, where there are that many.
    pub fn last(&self, events: usize) -> Option<Self> {
        let first = self.events.len().checked_sub(events)?;
        Some(Self { events: self.events.range(first..).cloned().collect(), events_max: self.events_max })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Arc<EventFacts>> {
        self.events.iter().rev()
    }
}

/// What is at hand of a group's memory, before the event. A slot that is not here was not read yet.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    slots: HashMap<SlotKey, Option<Slot>>,
    /// The group's last events; none when they were not read yet.
    pub history: Option<History>,
}

impl Memory {
    /// What the slot holds; none when it is not at hand.
    pub fn slot(&self, key: &SlotKey) -> Option<Option<&Slot>> {
        self.slots.get(key).map(Option::as_ref)
    }

    /// Takes what a slot holds.
    pub fn insert(&mut self, key: SlotKey, slot: Option<Slot>) {
        self.slots.insert(key, slot);
    }

    /// How many slots are at hand.
    pub fn slots_len(&self) -> usize {
        self.slots.len()
    }

    /// Memory that it takes, in bytes, by a rule of thumb.
    pub fn weight_bytes(&self) -> u64 {
        // The sum is the same in whatever order.
        let slots: u64 = self
            .slots
            .iter()
            .map(|(key, slot)| 128 + slot.as_ref().map_or(0, |slot| slot.weight_bytes(&key.name)))
            .fold(0, u64::saturating_add);
        let events = self.history.iter().flat_map(History::newest_first);
        slots + events.map(|facts| facts.weight_bytes()).sum::<u64>()
    }
}

/// What a call read of a group's memory.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CallReads {
    /// Of the plugin's own.
    pub memory: MemoryReads,
    /// Of the host's marks on members.
    pub marks: BTreeMap<MemberId, Marks>,
    /// Whether it asked for earlier events.
    pub history: bool,
}
