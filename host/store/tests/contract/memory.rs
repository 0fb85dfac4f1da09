//! Laws of what is remembered of a group: slots and timers, kept with the decision that wrote them.

use crate::fixtures::{at, commit, commit_all, commit_one, entry, group, next_decision};
use std::sync::Arc;
use usher_model::{Blob, Change, GroupKey, PluginName, Slot, SlotKey, Space, Strikes, Timer, Usage};
use usher_store::Store;
use usher_store::journal::{Commit, Committed, SlotWrite, TimerWrite};

crate::laws! {
    a_slot_holds_what_the_last_commit_wrote,
    a_commit_that_did_not_take_place_wrote_nothing,
    a_commit_made_on_another_decision_of_the_same_number_is_raced,
    values_counters_and_marks_of_one_name_are_apart,
    usage_counts_what_has_not_expired,
    what_has_expired_is_forgotten_by_the_time_of_its_group,
    timers_fire_in_order_and_only_one_of_a_name_is_pending,
    what_plugins_choose_may_have_any_character,
    groups_are_due_when_their_first_timer_is,
    past_events_come_newest_first,
    entries_come_oldest_first,
    what_was_queued_before_is_settled,
}

fn plugin(name: &str) -> PluginName {
    name.parse().unwrap()
}

fn key(owner: &str, space: Space, name: &str) -> SlotKey {
    SlotKey { owner: (!owner.is_empty()).then(|| plugin(owner)), space, name: name.into() }
}

fn value(bytes: &str, expires_in_ms: Option<u64>) -> Slot {
    let put = Change::Put { key: String::new(), value: Blob::from(bytes.as_bytes()), expires_in_ms };
    put.apply(None, at(1000)).unwrap()
}

fn put(name: &str, slot: Slot) -> SlotWrite {
    SlotWrite { key: key("p", Space::Value, name), slot: Some(slot) }
}

fn with(slots: Vec<SlotWrite>, commit: Commit) -> Commit {
    Commit { slots, ..commit }
}

async fn read(store: &dyn Store, group: &GroupKey, name: &str) -> Option<Slot> {
    store.slots(group, &[key("p", Space::Value, name)]).await.unwrap().remove(0)
}

async fn a_slot_holds_what_the_last_commit_wrote(store: Arc<dyn Store>) {
    assert_eq!(read(&*store, &group("g"), "k").await, None);
    let first = with(vec![put("k", value("一", None)), put("l", value("l", None))], commit("g", 0, "e1"));
    let second = with(vec![put("k", value("\0二\"", Some(5)))], commit("g", 1, "e2"));
    commit_all(&*store, [&first, &second]).await;
    let keys = ["l", "none", "k"].map(|name| key("p", Space::Value, name));
    let expected = [Some(value("l", None)), None, Some(value("\0二\"", Some(5)))];
    assert_eq!(store.slots(&group("g"), &keys).await.unwrap(), expected);
    assert_eq!(read(&*store, &group("h"), "k").await, None, "groups share nothing");
    let forget = SlotWrite { key: keys[2].clone(), slot: None };
    commit_one(&*store, &with(vec![forget], commit("g", 2, "e3"))).await;
    assert_eq!(read(&*store, &group("g"), "k").await, None);
}

async fn a_commit_that_did_not_take_place_wrote_nothing(store: Arc<dyn Store>) {
    commit_one(&*store, &with(vec![put("k", value("first", None))], commit("g", 0, "e"))).await;
    let again = with(vec![put("k", value("again", None))], commit("g", 1, "e"));
    let raced = with(vec![put("k", value("raced", None))], commit("g", 0, "f"));
    let committed = commit_all(&*store, [&again, &raced]).await;
    assert!(matches!(committed[..], [Committed::Duplicate(_), Committed::Raced]));
    assert_eq!(read(&*store, &group("g"), "k").await, Some(value("first", None)));
}

async fn a_commit_made_on_another_decision_of_the_same_number_is_raced(store: Arc<dyn Store>) {
    let (first, lost) = (commit("g", 0, "e1"), next_decision());
    commit_one(&*store, &first).await;
    let on = |decision, event| Commit { expected_decision: Some(decision), ..commit("g", 1, event) };
    assert_eq!(commit_one(&*store, &on(lost, "e2")).await, Committed::Raced);
    let (second, third) = (on(first.decision_id, "e2"), commit("g", 2, "e3"));
    let third = Commit { expected_decision: Some(second.decision_id), ..third };
    assert_eq!(commit_all(&*store, [&second, &third]).await, [Committed::Done, Committed::Done]);
}

async fn values_counters_and_marks_of_one_name_are_apart(store: Arc<dyn Store>) {
    let counter = Change::Add { counter: "x".into(), amount: 3 }.apply(None, at(1)).unwrap();
    let mut strikes = Strikes::default();
    strikes.add(at(1), 2, 100);
    let writes = [
        (key("p", Space::Value, "x"), value("v", None)),
        (key("p", Space::Counter, "x"), counter),
        (key("q", Space::Value, "x"), value("w", None)),
        (key("", Space::Strikes, "x"), Slot::Strikes(strikes)),
    ];
    let slots = writes.iter().map(|(key, slot)| SlotWrite { key: key.clone(), slot: Some(slot.clone()) }).collect();
    commit_one(&*store, &with(slots, commit("g", 0, "e"))).await;
    let (keys, slots): (Vec<_>, Vec<_>) = writes.into_iter().map(|(key, slot)| (key, Some(slot))).unzip();
    assert_eq!(store.slots(&group("g"), &keys).await.unwrap(), slots);
}

async fn usage_counts_what_has_not_expired(store: Arc<dyn Store>) {
    let slots = vec![put("ab", value("123", None)), put("c", value("4", Some(10)))];
    commit_one(&*store, &with(slots, commit("g", 0, "e"))).await;
    let usage = async |plugin_name: &str, ms| store.usage(&group("g"), &plugin(plugin_name), at(ms)).await.unwrap();
    assert_eq!(usage("p", 1009).await, Usage { entries: 2, bytes: 7 });
    assert_eq!(usage("p", 1010).await, Usage { entries: 1, bytes: 5 });
    assert_eq!(usage("q", 0).await, Usage::default());
}

async fn what_has_expired_is_forgotten_by_the_time_of_its_group(store: Arc<dyn Store>) {
    let slots = || vec![put("k", value("k", Some(10))), put("l", value("l", None))];
    let moved = Commit { at: at(1010), ..commit("g", 1, "e2") };
    commit_all(&*store, [&with(slots(), commit("g", 0, "e1")), &moved, &with(slots(), commit("h", 0, "e1"))]).await;
    assert_eq!(store.forget_expired(100).await.unwrap(), 1, "the other group is not there yet");
    assert_eq!(read(&*store, &group("g"), "k").await, None);
    assert_eq!(read(&*store, &group("h"), "k").await, Some(value("k", Some(10))));
    assert_eq!(store.forget_expired(100).await.unwrap(), 0);
}

fn timer(name: &str, due_ms: u64) -> Timer {
    Timer { due: at(due_ms), started: 1, plugin: plugin("p"), name: name.into(), note: "记得".into(), member: None }
}

fn start(timer: &Timer) -> TimerWrite {
    TimerWrite { plugin: timer.plugin.clone(), name: timer.name.clone(), timer: Some(timer.clone()) }
}

fn stop(name: &str) -> TimerWrite {
    TimerWrite { plugin: plugin("p"), name: name.into(), timer: None }
}

async fn timers_fire_in_order_and_only_one_of_a_name_is_pending(store: Arc<dyn Store>) {
    let timers = |writes: Vec<TimerWrite>, commit| Commit { timers: writes, ..commit };
    let (late, soon, moved) = (timer("late", 9_000), timer("soon", 5_000), timer("late", 7_000));
    let moved = Timer { member: Some("u-7".parse().unwrap()), ..moved };
    commit_one(&*store, &timers(vec![start(&late), start(&soon)], commit("g", 0, "e1"))).await;
    assert_eq!(store.timers(&group("g")).await.unwrap(), [soon.clone(), late]);
    commit_one(&*store, &timers(vec![start(&moved)], commit("g", 1, "e2"))).await;
    assert_eq!(store.timers(&group("g")).await.unwrap(), [soon, moved.clone()]);
    commit_one(&*store, &timers(vec![stop("soon"), stop("unknown")], commit("g", 2, "e3"))).await;
    assert_eq!(store.timers(&group("g")).await.unwrap(), [moved]);
    assert_eq!(store.timers(&group("h")).await.unwrap(), []);
}

async fn what_plugins_choose_may_have_any_character(store: Arc<dyn Store>) {
    let odd = "\0a\u{1}\"'\\\u{10ffff}";
    let noted = Timer { note: odd.into(), ..timer("t", 9_000) };
    let slots = vec![put(odd, value(odd, None))];
    let one = Commit { slots, timers: vec![start(&noted)], ..commit("g", 0, "e") };
    assert_eq!(commit_one(&*store, &one).await, Committed::Done);
    assert_eq!(read(&*store, &group("g"), odd).await, Some(value(odd, None)));
    assert_eq!(read(&*store, &group("g"), "").await, None);
    assert_eq!(store.timers(&group("g")).await.unwrap(), [noted]);
    let forget = SlotWrite { key: key("p", Space::Value, odd), slot: None };
    commit_one(&*store, &with(vec![forget], commit("g", 1, "f"))).await;
    assert_eq!(read(&*store, &group("g"), odd).await, None);
}

async fn groups_are_due_when_their_first_timer_is(store: Arc<dyn Store>) {
    let with = |name: &str, dues: &[u64]| Commit {
        timers: dues.iter().map(|due| start(&timer(&format!("t{due}"), *due))).collect(),
        ..commit(name, 0, "e")
    };
    commit_all(&*store, [&with("g", &[5_000, 6_000]), &with("h", &[4_000]), &with("i", &[9_000])]).await;
    let due = |ms, limit| store.groups_due(at(ms), limit);
    let early = due(3_999, 10).await.unwrap();
    assert_eq!((early.groups, early.next), (vec![], Some(at(4_000))));
    let some = due(6_000, 10).await.unwrap();
    assert_eq!((some.groups, some.next), (vec![group("h"), group("g")], Some(at(9_000))));
    assert_eq!(due(6_000, 1).await.unwrap().groups, [group("h")]);
    assert_eq!(due(9_000, 10).await.unwrap().next, None);
}

async fn past_events_come_newest_first(store: Arc<dyn Store>) {
    let all: Vec<Commit> = (0..5).map(|n| commit("g", n, &format!("e{n}"))).collect();
    commit_all(&*store, all.iter().chain([&commit("h", 0, "x")])).await;
    let past = store.past_events(&group("g"), 5, 3).await.unwrap();
    assert_eq!(past.iter().map(|event| event.sequence).collect::<Vec<_>>(), [4, 3, 2]);
    assert_eq!((past[0].at, &past[0].event), (all[3].at, &all[3].event));
    assert_eq!(store.past_events(&group("none"), 9, 3).await.unwrap(), []);
}

async fn entries_come_oldest_first(store: Arc<dyn Store>) {
    let all: Vec<Commit> = (0..5).map(|n| commit("g", n, &format!("e{n}"))).collect();
    commit_all(&*store, all.iter().chain([&commit("h", 0, "x")])).await;
    let entries = store.entries(&group("g"), 1, 3).await.unwrap();
    assert_eq!(entries, [entry(&all[1], 2), entry(&all[2], 3), entry(&all[3], 4)]);
    assert_eq!(store.entries(&group("g"), 5, 3).await.unwrap(), []);
}

async fn what_was_queued_before_is_settled(store: Arc<dyn Store>) {
    let ticket = store.commit(commit("g", 0, "e")).await.unwrap();
    store.settled().await.unwrap();
    assert_eq!(store.head(&group("g")).await.unwrap().sequence, 1);
    assert_eq!(ticket.durable().await.unwrap(), Committed::Done);
}
