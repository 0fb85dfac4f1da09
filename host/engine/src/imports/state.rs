//! `usher:plugin/state`: the plugin's own memory of the group. A call sees its own writes; nobody else sees them before
//! the decision commits.

use crate::contract::bindings::usher::plugin::state::Host;
use crate::failure::Stop;
use crate::sandbox::Sandbox;
use std::collections::BTreeMap;
use usher_model::{Blob, Capability, Change, Slot, SlotKey, Space};
use wasmtime::Result;

/// What a call has written so far, by key.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// What was put, and how long it is kept; none where it was deleted.
    values: BTreeMap<String, Option<(Blob, Option<u64>)>>,
    added: BTreeMap<String, u64>,
}

impl Written {
    fn len(&self) -> usize {
        self.values.len() + self.added.len()
    }

    /// As effects, in the order of the keys.
    pub(crate) fn into_changes(self) -> Vec<Change> {
        let values = self.values.into_iter().map(|(key, value)| match value {
            Some((value, expires_in_ms)) => Change::Put { key, value, expires_in_ms },
            None => Change::Delete { key },
        });
        let added = self.added.into_iter().map(|(counter, amount)| Change::Add { counter, amount });
        values.chain(added).collect()
    }
}

impl Sandbox {
    /// Every function begins so: counted, granted, in an event, and the key within its bounds.
    fn state(&mut self, what: &'static str, key: &str) -> Result<()> {
        self.enter()?;
        if !self.grants.state {
            return Err(Stop::Capability(Capability::State).into());
        }
        self.input(what)?;
        check_key("a key of state", key, self.limits.state_key_bytes)
    }

    fn slot_key(&self, space: Space, name: &str) -> SlotKey {
        SlotKey { owner: Some(self.plugin.clone()), space, name: name.into() }
    }

    fn room_for(&self, is_new: bool) -> Result<()> {
        let limit = self.limits.state_changes;
        if is_new && self.written.len() as u64 >= limit {
            return Err(Stop::Output { what: "changes of state", setting: "state_changes", limit }.into());
        }
        Ok(())
    }

    fn write(&mut self, key: String, value: Option<(Blob, Option<u64>)>) -> Result<()> {
        self.room_for(!self.written.values.contains_key(&key))?;
        self.written.values.insert(key, value);
        Ok(())
    }

    fn keep(&mut self, key: String, value: Vec<u8>, expires_in_ms: Option<u64>) -> Result<()> {
        let limit = self.limits.state_value_bytes;
        if value.len() as u64 > limit {
            return Err(
                Stop::Output { what: "bytes of one value of state", setting: "state_value_bytes", limit }.into()
            );
        }
        self.say(key.len() + value.len())?;
        self.write(key, Some((value.into(), expires_in_ms)))
    }

    /// As it was before the call; noted as read.
    fn value_before(&mut self, key: &str) -> Result<Option<Blob>> {
        if !self.reads.memory.values.contains_key(key) {
            self.read_anew()?;
        }
        let slot_key = self.slot_key(Space::Value, key);
        let value = match self.input("state.get")?.slot(slot_key).map_err(Stop::Missing)? {
            Some(Slot::Value(kept)) => Some(kept.bytes.clone()),
            _ => None,
        };
        self.reads.memory.values.insert(key.to_owned(), value.clone());
        Ok(value)
    }

    /// The sum before the call; noted as read.
    fn sum_before(&mut self, counter: &str, window_ms: u64) -> Result<u64> {
        if !self.reads.memory.sums.contains_key(counter) {
            self.read_anew()?;
        }
        let slot_key = self.slot_key(Space::Counter, counter);
        let input = self.input("state.sum")?;
        let sum = match input.slot(slot_key).map_err(Stop::Missing)? {
            Some(Slot::Counter(counter)) => counter.sum(input.event().at, window_ms),
            _ => 0,
        };
        self.reads.memory.sums.entry(counter.to_owned()).or_default().insert(window_ms, sum);
        Ok(sum)
    }
}

impl Host for Sandbox {
    fn get(&mut self, key: String) -> Result<Option<Vec<u8>>> {
        self.state("state.get", &key)?;
        let value = match self.written.values.get(&key) {
            Some(written) => written.as_ref().map(|(value, _)| value.clone()),
            None => self.value_before(&key)?,
        };
        self.answer(value.as_ref().map_or(0, |value| value.as_bytes().len()))?;
        Ok(value.map(|value| value.as_bytes().to_vec()))
    }

    fn put(&mut self, key: String, value: Vec<u8>) -> Result<()> {
        self.state("state.put", &key)?;
        self.keep(key, value, None)
    }

    fn put_for(&mut self, key: String, value: Vec<u8>, milliseconds: u64) -> Result<()> {
        self.state("state.put-for", &key)?;
        self.keep(key, value, Some(milliseconds))
    }

    fn delete(&mut self, key: String) -> Result<()> {
        self.state("state.delete", &key)?;
        self.say(key.len())?;
        self.write(key, None)
    }

    fn add(&mut self, counter: String, amount: u32) -> Result<()> {
        self.state("state.add", &counter)?;
        self.room_for(!self.written.added.contains_key(&counter))?;
        self.say(counter.len())?;
        let sum = self.written.added.entry(counter).or_default();
        *sum = sum.saturating_add(u64::from(amount));
        Ok(())
    }

    fn sum(&mut self, counter: String, milliseconds: u64) -> Result<u64> {
        self.state("state.sum", &counter)?;
        let before = self.sum_before(&counter, milliseconds)?;
        // What it adds itself is at the event, and so in every window but the empty one.
        let own = self.written.added.get(&counter).filter(|_| milliseconds > 0).copied().unwrap_or_default();
        self.answer(size_of::<u64>())?;
        Ok(before.saturating_add(own))
    }
}

/// Keys are the plugin's own words, ids of members among them; but no database takes a NUL in a text.
pub(super) fn check_key(what: &str, key: &str, limit: u64) -> Result<()> {
    if key.is_empty() || key.len() as u64 > limit || key.contains('\0') {
        return Err(Stop::BadArgument(format!("{what} has 1 to {limit} bytes (`state_key_bytes`) and no NUL")).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_be_a_members_id_and_may_not_be_endless() {
        for good in ["u-7", "member/张三 #1", &"k".repeat(256)] {
            assert!(check_key("a key", good, 256).is_ok(), "{good}");
        }
        for bad in ["", "a\0b", &"k".repeat(257)] {
            assert!(check_key("a key", bad, 256).unwrap_err().to_string().contains("`state_key_bytes`"), "{bad:?}");
        }
    }

    #[test]
    fn changes_come_in_the_order_of_their_keys_and_the_last_write_stands() {
        let mut written = Written::default();
        written.added.insert("c".into(), 3);
        written.values.insert("b".into(), Some((Blob::from(b"1".as_slice()), None)));
        written.values.insert("a".into(), Some((Blob::default(), None)));
        written.values.insert("a".into(), None);
        let changes = written.into_changes();
        assert!(matches!(&changes[..], [Change::Delete { key }, Change::Put { .. }, Change::Add { amount: 3, .. }]
            if key == "a"));
    }
}
