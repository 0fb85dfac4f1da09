//! What a decision leaves in the memory of its group. Pure: all slots that it touches are at hand.

use crate::run::Ran;
use std::collections::BTreeMap;
use usher_engine::Memory;
use usher_model::{
    Action, CallLimits, Change, Failure, FailureKind, Intent, Labels, MemberId, MemoryChange, PluginName, Slot,
    SlotKey, Space, Strikes, Timestamp, Usage,
};
use usher_store::journal::SlotWrite;

/// The kind of action that gives a member labels, which the host keeps: details `label` and `unlabel` name them.
const LABEL: &str = "label";

/// Every slot that the plugins' effects may change.
pub(crate) fn touched(ran: &[Ran]) -> impl Iterator<Item = SlotKey> + '_ {
    ran.iter().flat_map(|ran| {
        let own = ran.effects.memory.iter().map(|change| change.slot(&ran.report.plugin));
        let struck = ran.effects.strikes.iter().map(|strike| mark(Space::Strikes, &strike.member));
        let labelled = labelled(&ran.effects.actions).map(|(member, _)| mark(Space::Labels, member));
        own.chain(struck).chain(labelled)
    })
}

fn mark(space: Space, member: &MemberId) -> SlotKey {
    SlotKey { owner: None, space, name: member.as_str().into() }
}

fn labelled(actions: &[Action]) -> impl Iterator<Item = (&MemberId, &Action)> {
    actions.iter().filter(|action| action.kind == LABEL).filter_map(|action| Some((action.member.as_ref()?, action)))
}

/// What a plugin's slots come to after its changes.
pub(crate) fn usage_after(
    memory: &Memory,
    plugin: &PluginName,
    changes: &[Change],
    before: Usage,
    at: Timestamp,
) -> Usage {
    changes.iter().fold(before, |usage, change| {
        let key = change.slot(plugin);
        let held = memory.slot(&key).flatten();
        let (old, new) = (held.map(|slot| slot.weight_bytes(&key.name)), change.apply(held, at));
        let new = new.map(|slot| slot.weight_bytes(&key.name));
        Usage {
            entries: (usage.entries + u64::from(new.is_some())).saturating_sub(u64::from(old.is_some())),
            bytes: (usage.bytes + new.unwrap_or_default()).saturating_sub(old.unwrap_or_default()),
        }
    })
}

/// Whether that is more than a plugin may have in a group.
pub(crate) fn exceeds(limits: &CallLimits, usage: Usage) -> bool {
    usage.entries > limits.state_entries || usage.bytes > limits.state_bytes
}

/// A plugin that would have more than it may, by what is noted of it, has said nothing.
pub(crate) fn enforce_quotas(ran: &mut Ran) {
    let usage = ran.reads.memory.usage.unwrap_or_default();
    let timers = ran.reads.memory.timers.unwrap_or_default();
    let quotas = [
        (usage.entries, ran.limits.state_entries, "keys in its memory of the group (`state_entries`)"),
        (usage.bytes, ran.limits.state_bytes, "bytes in its memory of the group (`state_bytes`)"),
        (timers, ran.limits.timers_pending, "timers pending in the group (`timers_pending`)"),
    ];
    let Some((_, limit, what)) = quotas.into_iter().find(|(used, limit, _)| used > limit) else { return };
    let message = format!("the plugin would have more than {limit} {what}");
    ran.fail(Failure { kind: FailureKind::Quota, message });
}

/// Changes of memory, as the decision tells them: of every plugin that did not fail, in whatever mode, because a
/// plugin's memory is its own.
pub(crate) fn changes(ran: &[Ran]) -> Vec<MemoryChange> {
    let of = |ran: &Ran| {
        let plugin = ran.report.plugin.clone();
        let change = move |change: &Change| MemoryChange { plugin: plugin.clone(), change: change.clone() };
        ran.effects.memory.iter().map(change).collect::<Vec<_>>()
    };
    ran.iter().flat_map(of).collect()
}

/// What the slots hold after the decision. Strikes and labels count only where they are in force.
pub(crate) fn slots(memory: &Memory, changes: &[MemoryChange], intent: &Intent, at: Timestamp) -> Vec<SlotWrite> {
    let mut after: BTreeMap<SlotKey, Option<Slot>> = BTreeMap::new();
    for MemoryChange { plugin, change } in changes {
        let key = change.slot(plugin);
        let slot = change.apply(held(memory, &after, &key), at);
        after.insert(key, slot);
    }
    for strike in &intent.strikes {
        let key = mark(Space::Strikes, &strike.member);
        let mut strikes = match held(memory, &after, &key) {
            Some(Slot::Strikes(strikes)) => strikes.clone(),
            _ => Strikes::default(),
        };
        strikes.add(at, strike.weight, strike.expires_in_ms);
        after.insert(key, Some(Slot::Strikes(strikes)));
    }
    for (member, action) in labelled(&intent.actions) {
        let key = mark(Space::Labels, member);
        let mut labels = match held(memory, &after, &key) {
            Some(Slot::Labels(labels)) => labels.clone(),
            _ => Labels::default(),
        };
        relabel(&mut labels, action, at);
        after.insert(key, Some(Slot::Labels(labels)));
    }
    after.into_iter().map(|(key, slot)| SlotWrite { key, slot }).collect()
}

fn held<'m>(memory: &'m Memory, after: &'m BTreeMap<SlotKey, Option<Slot>>, key: &SlotKey) -> Option<&'m Slot> {
    match after.get(key) {
        Some(slot) => slot.as_ref(),
        None => memory.slot(key).flatten(),
    }
}

fn relabel(labels: &mut Labels, action: &Action, at: Timestamp) {
    if let Some(label) = action.details.get("unlabel") {
        labels.take(label);
    }
    if let Some(label) = action.details.get("label") {
        labels.give(at, label, action.lasts_ms);
    }
}
