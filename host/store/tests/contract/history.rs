//! Random histories, against a model that is too simple to be wrong.

use crate::fixtures::{all_pages, at, brand, commit, commit_all, entry, event, everything, group, member};
use crate::places::places;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use std::collections::BTreeMap;
use usher_model::{GroupKey, Kept, Slot, SlotKey, Space, Verdict};
use usher_store::Store;
use usher_store::journal::{Commit, Committed, DecisionQuery, Head, JournalEntry, SlotWrite};

/// What happens between two times of waiting.
#[derive(Debug, Clone)]
enum Step {
    Batch(Vec<Attempt>),
    Reopen,
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
    /// Slots of few names, written or forgotten.
    slots: Vec<(u8, Option<u8>)>,
}

fn attempts() -> impl Strategy<Value = Attempt> {
    let head = (any::<bool>(), 0..3_u8, 0..12_u8, prop_oneof![4 => Just(0), 1 => 1..3_u64]);
    let content = (of(0..3_u8), prop::sample::select(&Verdict::ALL[..]), vec(any::<(bool, bool)>(), 0..3), 0..50_u64);
    let slots = vec((0..4_u8, of(any::<u8>())), 0..3);
    (head, content, slots).prop_map(|((brand, group, event, behind), (actor, verdict, mut rules, at_ms), slots)| {
        rules.sort_unstable();
        rules.dedup();
        Attempt { brand, group, event, behind, actor, verdict, rules, at_ms, slots }
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(prop_oneof![6 => vec(attempts(), 1..40).prop_map(Step::Batch), 1 => Just(Step::Reopen)], 1..8)
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
}

fn slot_key(n: u8) -> SlotKey {
    SlotKey { owner: Some(plugin_name(true).parse().unwrap()), space: Space::Value, name: format!("s{n}").into() }
}

fn slot(content: u8) -> Slot {
    Slot::Value(Kept { bytes: vec![content].into(), expires_at_ms: None })
}

impl Model {
    fn commit(&mut self, attempt: &Attempt) -> (Commit, Committed) {
        let name = format!("g{}", attempt.group);
        let key = GroupKey { brand: brand(brand_name(attempt.brand)), ..group(&name) };
        let head = self.heads.entry(key.clone()).or_default();
        let commit = Commit {
            group: key,
            at: at(attempt.at_ms),
            actor: attempt.actor.map(|n| member(&format!("m{n}"))),
            verdict: attempt.verdict,
            rules: attempt.rules.iter().map(|(p, r)| (plugin_name(*p).parse().unwrap(), rule_name(*r))).collect(),
            slots: attempt
                .slots
                .iter()
                .map(|(n, content)| SlotWrite { key: slot_key(*n), slot: content.map(slot) })
                .collect(),
            ..commit(&name, head.sequence.saturating_sub(attempt.behind), &format!("e{}", attempt.event))
        };
        let stands = |(one, _): &&(Commit, u64)| one.group == commit.group && one.event_id == commit.event_id;
        let committed = if let Some((first, sequence)) = self.journal.iter().find(stands) {
            Committed::Duplicate(Box::new(entry(first, *sequence)))
        } else if commit.expected_sequence == head.sequence {
            *head = Head { sequence: head.sequence + 1, at: commit.at, decision: Some(commit.decision_id) };
            self.journal.push((commit.clone(), head.sequence));
            for write in &commit.slots {
                self.slots.insert((commit.group.clone(), write.key.clone()), write.slot.clone());
            }
            Committed::Done
        } else {
            Committed::Raced
        };
        (commit, committed)
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
        for ((group, key), slot) in &self.slots {
            let kept = store.slots(group, std::slice::from_ref(key)).await.unwrap();
            assert_eq!(kept.first(), Some(slot), "{group} {key:?}");
        }
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
