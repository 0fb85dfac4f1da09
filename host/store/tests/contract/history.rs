//! Random histories, against a model that is too simple to be wrong.

use crate::fixtures::{all_pages, at, brand, commit, commit_all, entry, event, everything, group, member};
use crate::places::places;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use usher_model::{Blob, Change, GroupKey, PluginName, Slot, SlotKey, Timer, Timestamp, Usage, Verdict};
use usher_store::Store;
use usher_store::journal::{
    Commit, Committed, DecisionQuery, Head, JournalEntry, PastEvent, SlotWrite, Tally, TallyKey, TimerWrite,
};

/// What happens between two times of waiting.
#[derive(Debug, Clone)]
enum Step {
    Batch(Vec<Attempt>),
    Reopen,
    /// Slots that have expired are forgotten, so many first.
    Forget(u32),
}

/// A commit, before it is known on which head it will be decided.
#[derive(Debug, Clone)]
struct Attempt {
    /// Of few, so that brands and groups meet.
    brand: bool,
    group: u8,
    /// Of few, so that events repeat.
    event: u8,
    /// How far behind the head that it was decided on is.
    behind: u64,
    actor: Option<u8>,
    verdict: Verdict,
    rules: Vec<(bool, bool)>,
    at_ms: u64,
    /// Changes of few plugins' slots of few names.
    changes: Vec<(bool, Change)>,
    /// Timers of few names, with when they are due, or stopped.
    timers: Vec<(bool, u8, Option<u64>)>,
    /// Actions of few kinds.
    tallies: Vec<(bool, u8, u32)>,
}

fn changes() -> impl Strategy<Value = Change> {
    let name = (0..4_u8).prop_map(|n| format!("s{n}"));
    // Before and after the time of most events.
    (name, any::<u8>(), of(0..40_u64), 0..4_u8).prop_map(|(name, content, expires_in_ms, what)| match what {
        0 => Change::Delete { key: name },
        1 => Change::Add { counter: name, amount: content.into() },
        _ => Change::Put { key: name, value: Blob::from(vec![content; usize::from(content % 7)]), expires_in_ms },
    })
}

fn attempts() -> impl Strategy<Value = Attempt> {
    let head = (any::<bool>(), 0..3_u8, 0..12_u8, prop_oneof![4 => Just(0), 1 => 1..3_u64]);
    let content = (of(0..3_u8), prop::sample::select(&Verdict::ALL[..]), vec(any::<(bool, bool)>(), 0..3), 0..50_u64);
    let changes = vec((any::<bool>(), changes()), 0..3);
    let beside = (vec((any::<bool>(), 0..3_u8, of(0..60_u64)), 0..3), vec((any::<bool>(), 0..2_u8, 1..9_u32), 0..2));
    (head, content, changes, beside).prop_map(|(head, content, changes, (timers, tallies))| {
        let (brand, group, event, behind) = head;
        let (actor, verdict, mut rules, at_ms) = content;
        rules.sort_unstable();
        rules.dedup();
        Attempt { brand, group, event, behind, actor, verdict, rules, at_ms, changes, timers, tallies }
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(
        prop_oneof![6 => vec(attempts(), 1..40).prop_map(Step::Batch), 1 => Just(Step::Reopen),
        1 => (1..6_u32).prop_map(Step::Forget)],
        1..8,
    )
}

fn queries() -> impl Strategy<Value = DecisionQuery> {
    let filters = (of(0..3_u8), of(prop::sample::select(&Verdict::ALL[..])), of(0..3_u8), of(0..50_u64));
    let rules = (of(any::<bool>()), of(any::<bool>()));
    (any::<bool>(), filters, rules, 1..6_u32).prop_map(|(own, (in_group, verdict, actor, since), rules, limit)| {
        DecisionQuery {
            brand: brand(brand_name(own)),
            group: in_group.map(|n| group(&format!("g{n}")).group),
            verdict,
            plugin: rules.0.map(|n| plugin_name(n).parse().unwrap()),
            rule: rules.1.map(rule_name),
            member: actor.map(|n| member(&format!("m{n}"))),
            since: since.map(at),
            limit,
            ..everything()
        }
    })
}

fn brand_name(own: bool) -> &'static str {
    if own { "acme" } else { "other" }
}

fn plugin_name(first: bool) -> &'static str {
    if first { "ad-guard" } else { "spam" }
}

fn rule_name(first: bool) -> String {
    if first { "link".to_owned() } else { "phone".to_owned() }
}

/// What should be in the store: commits with their positions, in the order in which they were written.
#[derive(Default)]
struct Model {
    journal: Vec<(Commit, u64)>,
    heads: BTreeMap<GroupKey, Head>,
    slots: BTreeMap<(GroupKey, SlotKey), Option<Slot>>,
    timers: BTreeMap<(GroupKey, PluginName, Box<str>), Timer>,
    tallies: BTreeMap<TallyKey, u64>,
}

fn plugin(first: bool) -> PluginName {
    plugin_name(first).parse().unwrap()
}

impl Model {
    fn commit(&mut self, attempt: &Attempt) -> (Commit, Committed) {
        let name = format!("g{}", attempt.group);
        let key = GroupKey { brand: brand(brand_name(attempt.brand)), ..group(&name) };
        let head = self.heads.entry(key.clone()).or_default();
        let mut commit = Commit {
            group: key,
            at: at(attempt.at_ms),
            actor: attempt.actor.map(|n| member(&format!("m{n}"))),
            verdict: attempt.verdict,
            rules: attempt.rules.iter().map(|(p, r)| (plugin_name(*p).parse().unwrap(), rule_name(*r))).collect(),
            ..commit(&name, head.sequence.saturating_sub(attempt.behind), &format!("e{}", attempt.event))
        };
        let head = *head;
        self.leave(attempt, &mut commit, head);
        let head = self.heads.entry(commit.group.clone()).or_default();
        let stands = |(one, _): &&(Commit, u64)| one.group == commit.group && one.event_id == commit.event_id;
        let committed = if let Some((first, sequence)) = self.journal.iter().find(stands) {
            Committed::Duplicate(Box::new(entry(first, *sequence)))
        } else if commit.expected_sequence == head.sequence {
            *head = Head { sequence: head.sequence + 1, at: commit.at, decision: Some(commit.decision_id) };
            self.journal.push((commit.clone(), head.sequence));
            self.take(&commit);
            Committed::Done
        } else {
            Committed::Raced
        };
        (commit, committed)
    }

    /// What the attempt leaves behind beside its row.
    fn leave(&self, attempt: &Attempt, commit: &mut Commit, head: Head) {
        let mut slots: BTreeMap<SlotKey, Option<Slot>> = BTreeMap::new();
        for (owner, change) in &attempt.changes {
            let key = change.slot(&plugin(*owner));
            let held = slots.get(&key).or_else(|| self.slots.get(&(commit.group.clone(), key.clone())));
            let slot = change.apply(held.and_then(Option::as_ref), commit.at);
            slots.insert(key, slot);
        }
        commit.slots = slots.into_iter().map(|(key, slot)| SlotWrite { key, slot }).collect();
        let timer = |(owner, n, due): &(bool, u8, Option<u64>)| {
            let (plugin, name): (_, Box<str>) = (plugin(*owner), format!("t{n}").into());
            let member = commit.actor.clone();
            let timer = due.map(|due| Timer {
                due: at(due),
                started: head.sequence + 1,
                plugin: plugin.clone(),
                name: name.clone(),
                note: format!("{n} 记得").into(),
                member,
            });
            TimerWrite { plugin, name, timer }
        };
        commit.timers = attempt.timers.iter().map(timer).collect();
        let tally = |(owner, kind, added): &(bool, u8, u32)| Tally {
            key: TallyKey {
                brand: commit.group.brand.clone(),
                plugin: plugin(*owner),
                kind: format!("kick{kind}").into(),
                day: "2026-11-22".into(),
            },
            added: *added,
        };
        commit.tallies = attempt.tallies.iter().map(tally).collect();
    }

    /// A commit that took place.
    fn take(&mut self, commit: &Commit) {
        for write in &commit.slots {
            self.slots.insert((commit.group.clone(), write.key.clone()), write.slot.clone());
        }
        for TimerWrite { plugin, name, timer } in &commit.timers {
            let place = (commit.group.clone(), plugin.clone(), name.clone());
            match timer {
                Some(timer) => drop(self.timers.insert(place, timer.clone())),
                None => drop(self.timers.remove(&place)),
            }
        }
        for Tally { key, added } in &commit.tallies {
            *self.tallies.entry(key.clone()).or_default() += u64::from(*added);
        }
    }

    /// Forgets what has expired by the time of its group, and says how much that was.
    fn forget_expired(&mut self) -> u64 {
        let mut forgotten = 0;
        for ((group, _), slot) in &mut self.slots {
            let now = self.heads.get(group).map_or_else(Timestamp::default, |head| head.at);
            if slot.as_ref().and_then(Slot::expires_at).is_some_and(|end| end <= now) {
                *slot = None;
                forgotten += 1;
            }
        }
        forgotten
    }

    fn usage(&self, group: &GroupKey, owner: &PluginName, now: Timestamp) -> Usage {
        let counts = |slot: &&Slot| slot.expires_at().is_none_or(|end| end > now);
        let own = self.slots.iter().filter(|((of, key), _)| of == group && key.owner.as_ref() == Some(owner));
        own.filter_map(|((_, key), slot)| Some((key, slot.as_ref().filter(counts)?))).fold(
            Usage::default(),
            |usage, (key, slot)| Usage {
                entries: usage.entries + 1,
                bytes: usage.bytes + slot.weight_bytes(&key.name),
            },
        )
    }

    async fn check_memory(&self, store: &dyn Store) {
        for ((group, key), slot) in &self.slots {
            let kept = store.slots(group, std::slice::from_ref(key)).await.unwrap();
            assert_eq!(kept.first(), Some(slot), "{group} {key:?}");
        }
        for group in self.heads.keys() {
            for (owner, now) in [(true, 0), (true, 45), (false, 20), (false, 10_000_000_000)] {
                let (owner, now) = (plugin(owner), at(now));
                let usage = store.usage(group, &owner, now).await.unwrap();
                assert_eq!(usage, self.usage(group, &owner, now), "{group} {owner} {now}");
            }
        }
        for (key, tally) in &self.tallies {
            assert_eq!(store.tally(key).await.unwrap(), *tally, "{key:?}");
        }
    }

    async fn check_timers(&self, store: &dyn Store) {
        for group in self.heads.keys() {
            let own = self.timers.iter().filter(|((of, ..), _)| of == group);
            let mut pending: Vec<Timer> = own.map(|(_, timer)| timer.clone()).collect();
            pending.sort();
            assert_eq!(store.timers(group).await.unwrap(), pending, "{group}");
        }
        for until in [0, 10, 30, 59].map(at) {
            let first_of = |group: &GroupKey| {
                let own = self.timers.iter().filter(|((of, ..), _)| of == group);
                own.map(|(_, timer)| timer.due).min().filter(|due| *due <= until)
            };
            let due = store.groups_due(until, 1000).await.unwrap();
            let expected: BTreeSet<&GroupKey> = self.heads.keys().filter(|group| first_of(group).is_some()).collect();
            assert_eq!(due.groups.len(), expected.len(), "each once: {:?}", due.groups);
            assert_eq!(due.groups.iter().collect::<BTreeSet<_>>(), expected);
            assert!(due.groups.iter().map(first_of).is_sorted(), "the most overdue first: {:?}", due.groups);
            assert_eq!(due.next, self.timers.values().map(|timer| timer.due).filter(|due| *due > until).min());
            let some = store.groups_due(until, 1).await.unwrap().groups;
            assert_eq!(some.first().map(first_of), due.groups.first().map(first_of));
            assert_eq!(some.len(), due.groups.len().min(1));
        }
    }

    async fn check_pasts(&self, store: &dyn Store) {
        for group in self.heads.keys() {
            let own = || self.journal.iter().filter(|(commit, _)| commit.group == *group);
            for (position, limit) in [(0, 3), (2, 2), (3, 100), (1000, 4)] {
                let past = |(commit, sequence): &(Commit, u64)| PastEvent {
                    sequence: *sequence,
                    at: commit.at,
                    event: commit.event.clone(),
                };
                let mut before: Vec<_> = own().filter(|(_, n)| *n < position).map(past).collect();
                before.reverse();
                before.truncate(limit);
                let limit_asked = u32::try_from(limit).unwrap();
                assert_eq!(
                    store.past_events(group, position, limit_asked).await.unwrap(),
                    before,
                    "{group} {position}"
                );
                let after = own().filter(|(_, n)| *n > position).map(|(commit, n)| entry(commit, *n));
                let after: Vec<_> = after.take(limit).collect();
                assert_eq!(store.entries(group, position, limit_asked).await.unwrap(), after, "{group} {position}");
            }
        }
    }

    fn decisions(&self, query: &DecisionQuery) -> Vec<JournalEntry> {
        let spoke = |commit: &Commit| {
            (query.plugin.is_none() && query.rule.is_none())
                || commit.rules.iter().any(|(plugin, rule)| {
                    query.plugin.as_ref().is_none_or(|p| p == plugin) && query.rule.as_ref().is_none_or(|r| r == rule)
                })
        };
        let matches = |(commit, _): &&(Commit, u64)| {
            commit.group.brand == query.brand
                && query.group.as_ref().is_none_or(|group| *group == commit.group.group)
                && query.verdict.is_none_or(|verdict| verdict == commit.verdict)
                && query.member.as_ref().is_none_or(|member| Some(member) == commit.actor.as_ref())
                && query.since.is_none_or(|since| commit.at >= since)
                && spoke(commit)
        };
        let mut found: Vec<_> = self.journal.iter().filter(matches).map(|(commit, n)| entry(commit, *n)).collect();
        found.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.decision_id));
        found
    }

    async fn check(&self, store: &dyn Store, queries: &[DecisionQuery]) {
        for (group, head) in &self.heads {
            assert_eq!(store.head(group).await.unwrap(), *head, "{group}");
            for n in 0..12 {
                let id = event(&format!("e{n}"));
                let stands = self.journal.iter().find(|(one, _)| one.group == *group && one.event_id == id);
                let expected = stands.map(|(commit, sequence)| entry(commit, *sequence));
                assert_eq!(store.entry_of_event(group, &id).await.unwrap(), expected, "{group} {id}");
            }
        }
        self.check_memory(store).await;
        self.check_timers(store).await;
        self.check_pasts(store).await;
        for query in queries {
            assert_eq!(all_pages(store, query).await, self.decisions(query), "{query:?}");
        }
    }
}

async fn play(steps: &[Step], queries: &[DecisionQuery]) {
    for place in places() {
        let mut store = place.open().await;
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Reopen => {
                    store.close().await;
                    store = place.open().await;
                }
                Step::Forget(first) => {
                    let expired = model.forget_expired();
                    let some = store.forget_expired(*first).await.unwrap();
                    assert_eq!(some, expired.min(u64::from(*first)));
                    assert_eq!(store.forget_expired(1000).await.unwrap(), expired - some);
                }
                Step::Batch(attempts) => {
                    let (commits, expected): (Vec<_>, Vec<_>) =
                        attempts.iter().map(|attempt| model.commit(attempt)).unzip();
                    assert_eq!(commit_all(&*store, &commits).await, expected);
                }
            }
        }
        model.check(&*store, queries).await;
        store.close().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_history_is_remembered_as_it_happened(steps in steps(), queries in vec(queries(), 24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(&steps, &queries));
    }
}
