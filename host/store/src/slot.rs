//! Slots and timers as every database keeps them.

use crate::StoreError;
use crate::journal::{Commit, SlotWrite, TimerWrite};
use std::collections::BTreeMap;
use usher_model::{PluginName, Slot, SlotKey, Space, Timer};

/// The number that stands for a space.
pub(crate) fn space(space: Space) -> i64 {
    match space {
        Space::Value => 0,
        Space::Counter => 1,
        Space::Strikes => 2,
        Space::Labels => 3,
    }
}

/// The name that stands for an owner: the host's is empty.
pub(crate) fn owner(key: &SlotKey) -> &str {
    key.owner.as_ref().map_or("", PluginName::as_str)
}

pub(crate) fn write(slot: &Slot) -> Result<Vec<u8>, StoreError> {
    postcard::to_allocvec(slot).map_err(|_| StoreError::Damaged { what: "a slot to be written" })
}

pub(crate) fn read(body: &[u8]) -> Result<Slot, StoreError> {
    postcard::from_bytes(body).map_err(|_| StoreError::Damaged { what: "slots.body" })
}

/// What a batch leaves, each slot and each timer once: the last write of it stands. `K` names the group.
#[derive(Debug)]
pub(crate) struct LastWrites<'b, K> {
    pub slots: BTreeMap<(K, &'b SlotKey), Option<&'b Slot>>,
    pub timers: BTreeMap<(K, &'b PluginName, &'b str), Option<&'b Timer>>,
}

impl<'b, K: Ord + Copy> LastWrites<'b, K> {
    /// Of the commits that are written, in their order.
    pub(crate) fn of(written: impl IntoIterator<Item = (K, &'b Commit)>) -> Self {
        let mut last = Self { slots: BTreeMap::new(), timers: BTreeMap::new() };
        for (group, commit) in written {
            for SlotWrite { key, slot } in &commit.slots {
                last.slots.insert((group, key), slot.as_ref());
            }
            for TimerWrite { plugin, name, timer } in &commit.timers {
                last.timers.insert((group, plugin, name), timer.as_ref());
            }
        }
        last
    }
}
