//! Laws of the ledger: counted with the decision, summed over any window.

use crate::fixtures::{brand, commit, commit_all, commit_one, member};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use usher_model::{Day, GroupId, LedgerEntry};
use usher_store::Store;
use usher_store::activity::{Activity, ActivityQuery};
use usher_store::journal::{Commit, Committed};

crate::laws! {
    what_was_done_adds_up_by_member_and_measure,
    a_commit_that_did_not_take_place_adds_nothing,
    a_window_has_its_first_day_and_not_its_last,
    groups_are_summed_together_and_brands_share_nothing,
    a_page_never_splits_a_member,
    any_history_sums_as_it_was_told,
}

fn entry(member_name: &str, day: i32, measure: &str, other: &str, amount: i64) -> LedgerEntry {
    LedgerEntry {
        day: Day::from_number(day),
        member: member(member_name),
        measure: measure.parse().unwrap(),
        other: (!other.is_empty()).then(|| member(other)),
        amount,
    }
}

fn adding(ledger: Vec<LedgerEntry>, commit: Commit) -> Commit {
    Commit { ledger, ..commit }
}

fn window(from: i32, until: i32) -> ActivityQuery {
    ActivityQuery {
        brand: brand("acme"),
        groups: Vec::new(),
        member: None,
        from: Day::from_number(from),
        until: Day::from_number(until),
        after: None,
        limit_members: 1000,
    }
}

fn sum(member_name: &str, measure: &str, sum: i64, days: u32, people: u32, last: i32) -> Activity {
    Activity { member: member(member_name), measure: measure.into(), sum, days, people, last: Day::from_number(last) }
}

async fn what_was_done_adds_up_by_member_and_measure(store: Arc<dyn Store>) {
    let first = adding(
        vec![entry("群-1", 5, "messages", "", 1), entry("群-1", 5, "messages", "", 1), entry("a", 5, "helped", "b", 1)],
        commit("g", 0, "e1"),
    );
    let second = adding(
        vec![entry("群-1", 6, "messages", "", 3), entry("a", 5, "helped", "c", 1), entry("a", 5, "helped", "b", 1)],
        commit("g", 1, "e2"),
    );
    let third = adding(vec![entry("a", 9, "helped", "b", 1), entry("a", 9, "fact_x", "", -7)], commit("g", 2, "e3"));
    commit_all(&*store, [&first, &second]).await;
    commit_one(&*store, &third).await;
    let expected =
        [sum("a", "fact_x", -7, 1, 0, 9), sum("a", "helped", 4, 2, 2, 9), sum("群-1", "messages", 5, 2, 0, 6)];
    assert_eq!(store.activity(&window(0, 100)).await.unwrap(), expected);
    let one = ActivityQuery { member: Some(member("a")), ..window(0, 100) };
    assert_eq!(store.activity(&one).await.unwrap(), expected[..2]);
    let passed = ActivityQuery { after: Some(member("a")), ..one };
    assert_eq!(store.activity(&passed).await.unwrap(), []);
    let nobody = ActivityQuery { member: Some(member("b")), ..window(0, 100) };
    assert_eq!(store.activity(&nobody).await.unwrap(), []);
}

async fn a_commit_that_did_not_take_place_adds_nothing(store: Arc<dyn Store>) {
    let add = |commit| adding(vec![entry("m", 5, "messages", "", 1)], commit);
    let batch = [add(commit("g", 0, "e")), add(commit("g", 1, "e")), add(commit("g", 0, "f"))];
    assert!(matches!(
        commit_all(&*store, &batch).await[..],
        [Committed::Done, Committed::Duplicate(_), Committed::Raced]
    ));
    assert!(matches!(commit_one(&*store, &add(commit("g", 1, "e"))).await, Committed::Duplicate(_)));
    assert_eq!(store.activity(&window(0, 9)).await.unwrap(), [sum("m", "messages", 1, 1, 0, 5)]);
}

async fn a_window_has_its_first_day_and_not_its_last(store: Arc<dyn Store>) {
    let days = (1..=9).map(|day| entry("m", day, "messages", "", 1)).collect();
    commit_one(&*store, &adding(days, commit("g", 0, "e"))).await;
    for member_name in [None, Some(member("m"))] {
        let of = async |from, until| {
            let query = ActivityQuery { member: member_name.clone(), ..window(from, until) };
            store.activity(&query).await.unwrap().iter().map(|activity| activity.sum).sum::<i64>()
        };
        assert_eq!([of(3, 5).await, of(5, 5).await, of(6, 5).await, of(-1, 100).await], [2, 0, 0, 9]);
    }
}

async fn groups_are_summed_together_and_brands_share_nothing(store: Arc<dyn Store>) {
    let add = |day, commit| adding(vec![entry("m", day, "helped", "b", 1)], commit);
    let mut other = add(1, commit("g", 0, "e"));
    other.group.brand = brand("other");
    commit_all(
        &*store,
        [&add(1, commit("g", 0, "e")), &add(1, commit("h", 0, "e")), &add(2, commit("i", 0, "e")), &other],
    )
    .await;
    let of = async |groups: &[&str]| {
        let groups = groups.iter().map(|name| GroupId::new(*name).unwrap()).collect();
        store.activity(&ActivityQuery { groups, ..window(0, 9) }).await.unwrap()
    };
    assert_eq!(
        of(&[]).await,
        [sum("m", "helped", 3, 2, 1, 2)],
        "a day in two groups is one day, and a person one person"
    );
    assert_eq!(of(&["g", "h", "none"]).await, [sum("m", "helped", 2, 1, 1, 1)]);
    assert_eq!(of(&["none"]).await, []);
}

async fn a_page_never_splits_a_member(store: Arc<dyn Store>) {
    let all = ["a", "b", "c", "d"]
        .iter()
        .flat_map(|name| ["messages", "replies", "checkins"].map(|measure| entry(name, 1, measure, "", 1)));
    commit_one(&*store, &adding(all.collect(), commit("g", 0, "e"))).await;
    let page = async |after: Option<&str>, limit_members| {
        let query = ActivityQuery { after: after.map(member), limit_members, ..window(0, 9) };
        let page = store.activity(&query).await.unwrap();
        page.iter().map(|activity| activity.member.to_string()).collect::<Vec<_>>().concat()
    };
    assert_eq!(page(None, 0).await, "");
    assert_eq!(page(None, 3).await, "aaabbbccc");
    assert_eq!(page(Some("c"), 3).await, "ddd");
    assert_eq!(page(Some("d"), 3).await, "");
}

/// Commits as a busy and unlucky host would make them: some raced, some again, and each with something to count. What
/// took place is told to a model, which must come to the same sums.
async fn any_history_sums_as_it_was_told(store: Arc<dyn Store>) {
    type Told = BTreeMap<(String, String), Vec<(i32, String, i64)>>;
    let config = Config { failure_persistence: None, ..Config::default() };
    let algorithm = proptest::test_runner::RngAlgorithm::ChaCha;
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(algorithm));
    let one = (0..4_u8, 0..3_i32, 0..3_u8, 0..3_u8, -2..9_i64);
    let history = (0..2_u8, 0..12_u8, 0..4_u64, proptest::collection::vec(one, 0..4));
    let history = proptest::collection::vec(history, 200).new_tree(&mut runner).unwrap().current();
    let (mut heads, mut told) = (BTreeMap::<String, u64>::new(), Told::new());
    for (batch, steps) in history.chunks(7).enumerate() {
        let (mut commits, mut expected) = (Vec::new(), heads.clone());
        for (group, event, late, ledger) in steps {
            let (group, amount) = (format!("g{group}"), |n: &i64| *n);
            let ledger = ledger.iter().map(|(who, day, measure, other, n)| {
                let measure = ["messages", "helped", "fact_x"][usize::from(*measure)];
                let other = if measure == "helped" { format!("o{other}") } else { String::new() };
                entry(&format!("m{who}"), *day, measure, &other, amount(n))
            });
            let head = expected.entry(group.clone()).or_default();
            // One in four is made on a head that has moved; the events of a batch come more than once.
            let on = if *late == 0 { *head + 1 } else { *head };
            let event = format!("e{}-{event}", batch / 2);
            commits.push(adding(ledger.collect(), commit(&group, on, &event)));
            *head += u64::from(*late != 0);
        }
        let committed = commit_all(&*store, &commits).await;
        for (commit, committed) in commits.iter().zip(committed) {
            if committed == Committed::Done {
                *heads.entry(commit.group.group.to_string()).or_default() += 1;
                for LedgerEntry { day, member, measure, other, amount } in &commit.ledger {
                    let other = other.as_ref().map(ToString::to_string).unwrap_or_default();
                    let key = (member.to_string(), measure.to_string());
                    told.entry(key).or_default().push((day.number(), other, *amount));
                }
            }
        }
    }
    assert!(heads.values().sum::<u64>() > 50, "many of them took place: {heads:?}");
    for (from, until) in [(0, 3), (1, 2), (2, 3)] {
        let mut expected = Vec::new();
        for ((member, measure), entries) in &told {
            let within = || entries.iter().filter(|(day, ..)| (from..until).contains(day));
            let Some(last) = within().map(|(day, ..)| *day).max() else { continue };
            let days: BTreeSet<_> = within().map(|(day, ..)| day).collect();
            let people: BTreeSet<_> = within().map(|(_, other, _)| other).filter(|other| !other.is_empty()).collect();
            let total = within().map(|(.., amount)| amount).sum();
            let few = |n: usize| u32::try_from(n).unwrap();
            expected.push(sum(member, measure, total, few(days.len()), few(people.len()), last));
        }
        assert_eq!(store.activity(&window(from, until)).await.unwrap(), expected, "{from}..{until}");
        for one in ["m0", "m3"] {
            let query = ActivityQuery { member: Some(member(one)), ..window(from, until) };
            let own: Vec<_> = expected.iter().filter(|activity| activity.member == member(one)).cloned().collect();
            assert_eq!(store.activity(&query).await.unwrap(), own);
        }
    }
}
