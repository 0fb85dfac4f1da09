//! Laws of committing.

use crate::fixtures::{at, brand, commit, commit_all, commit_one, entry, event, group, member};
use std::sync::Arc;
use usher_model::{GroupKey, Verdict};
use usher_store::Store;
use usher_store::journal::{Commit, CommitError, Committed, Head};

crate::laws! {
    a_group_without_events_is_at_its_beginning,
    a_commit_moves_the_head_and_reads_back_as_it_was,
    an_event_sent_twice_keeps_its_first_decision,
    an_event_sent_twice_in_one_batch_keeps_its_first_decision,
    a_duplicate_is_known_even_when_its_head_has_moved,
    a_lost_race_writes_nothing,
    a_lost_race_fails_only_itself,
    two_commits_of_one_group_in_one_batch_follow_each_other,
    a_burst_of_one_group_keeps_the_order_of_the_calls,
    groups_of_two_brands_share_nothing,
    a_dropped_ticket_undoes_nothing,
    a_closed_store_commits_what_it_had_accepted_and_accepts_nothing,
}

async fn a_group_without_events_is_at_its_beginning(store: Arc<dyn Store>) {
    assert_eq!(store.head(&group("g")).await.unwrap(), Head::default());
    assert_eq!(store.entry_of_event(&group("g"), &event("e")).await.unwrap(), None);
}

async fn a_commit_moves_the_head_and_reads_back_as_it_was(store: Arc<dyn Store>) {
    let rules = vec![("ad-guard".parse().unwrap(), "link".to_owned())];
    let first = Commit { actor: Some(member("群-01")), verdict: Verdict::Block, rules, ..commit("g", 0, "e1") };
    assert_eq!(commit_one(&*store, &first).await, Committed::Done);

    assert_eq!(
        store.head(&group("g")).await.unwrap(),
        Head { sequence: 1, at: first.at, decision: Some(first.decision_id) }
    );
    let expected = Some(entry(&first, 1));
    assert_eq!(store.entry_of_event(&group("g"), &event("e1")).await.unwrap(), expected);
    assert_eq!(store.entry_of_decision(&brand("acme"), first.decision_id).await.unwrap(), expected);
    assert_eq!(store.entry_of_decision(&brand("other"), first.decision_id).await.unwrap(), None);
}

async fn an_event_sent_twice_keeps_its_first_decision(store: Arc<dyn Store>) {
    let (first, second) = (commit("g", 0, "e"), commit("g", 1, "e"));
    assert_eq!(commit_one(&*store, &first).await, Committed::Done);
    assert_eq!(commit_one(&*store, &second).await, Committed::Duplicate(Box::new(entry(&first, 1))));
    assert_eq!(store.head(&group("g")).await.unwrap().sequence, 1);
    assert_eq!(store.entry_of_decision(&brand("acme"), second.decision_id).await.unwrap(), None);
}

async fn an_event_sent_twice_in_one_batch_keeps_its_first_decision(store: Arc<dyn Store>) {
    let (first, second, third) = (commit("g", 0, "e"), commit("g", 1, "e"), commit("g", 1, "f"));
    let duplicate = Committed::Duplicate(Box::new(entry(&first, 1)));
    assert_eq!(commit_all(&*store, [&first, &second, &third]).await, [Committed::Done, duplicate, Committed::Done]);
}

async fn a_duplicate_is_known_even_when_its_head_has_moved(store: Arc<dyn Store>) {
    let (first, other, again) = (commit("g", 0, "e"), commit("g", 1, "f"), commit("g", 0, "e"));
    commit_all(&*store, [&first, &other]).await;
    assert_eq!(commit_one(&*store, &again).await, Committed::Duplicate(Box::new(entry(&first, 1))));
}

async fn a_lost_race_writes_nothing(store: Arc<dyn Store>) {
    let first = commit("g", 0, "e1");
    commit_one(&*store, &first).await;
    for expected_sequence in [0, 2, u64::MAX] {
        let loser = commit("g", expected_sequence, "e2");
        assert_eq!(commit_one(&*store, &loser).await, Committed::Raced);
        assert_eq!(store.entry_of_decision(&brand("acme"), loser.decision_id).await.unwrap(), None);
    }
    assert_eq!(
        store.head(&group("g")).await.unwrap(),
        Head { sequence: 1, at: first.at, decision: Some(first.decision_id) }
    );
    assert_eq!(store.entry_of_event(&group("g"), &event("e2")).await.unwrap(), None);
    assert_eq!(commit_one(&*store, &commit("g", 1, "e2")).await, Committed::Done, "the event can be decided again");
}

async fn a_lost_race_fails_only_itself(store: Arc<dyn Store>) {
    let batch =
        [commit("g", 0, "a"), commit("g", 0, "b"), commit("new", 7, "c"), commit("h", 0, "d"), commit("g", 1, "b")];
    let committed = commit_all(&*store, &batch).await;
    assert_eq!(committed, [Committed::Done, Committed::Raced, Committed::Raced, Committed::Done, Committed::Done]);
    assert_eq!(store.head(&group("new")).await.unwrap(), Head::default());
    assert_eq!(store.entry_of_event(&group("g"), &event("b")).await.unwrap(), Some(entry(&batch[4], 2)));
}

async fn two_commits_of_one_group_in_one_batch_follow_each_other(store: Arc<dyn Store>) {
    let (first, second) = (commit("g", 0, "e1"), commit("g", 1, "e2"));
    assert_eq!(commit_all(&*store, [&first, &second]).await, [Committed::Done, Committed::Done]);
    assert_eq!(
        store.head(&group("g")).await.unwrap(),
        Head { sequence: 2, at: second.at, decision: Some(second.decision_id) }
    );
    assert_eq!(store.entry_of_event(&group("g"), &event("e2")).await.unwrap(), Some(entry(&second, 2)));
}

async fn a_burst_of_one_group_keeps_the_order_of_the_calls(store: Arc<dyn Store>) {
    let burst: Vec<Commit> = (0..777).map(|n| commit("g", n, &format!("e{n}"))).collect();
    assert!(commit_all(&*store, &burst).await.iter().all(|committed| *committed == Committed::Done));
    assert_eq!(store.head(&group("g")).await.unwrap().sequence, 777);
}

async fn groups_of_two_brands_share_nothing(store: Arc<dyn Store>) {
    let ours = commit("g", 0, "e");
    let theirs = GroupKey { brand: brand("other"), ..group("g") };
    let other = Commit { group: theirs.clone(), at: at(5), ..commit("g", 0, "e") };
    assert_eq!(commit_all(&*store, [&ours, &other]).await, [Committed::Done, Committed::Done]);
    assert_eq!(store.head(&theirs).await.unwrap(), Head { sequence: 1, at: at(5), decision: Some(other.decision_id) });
    assert_eq!(store.entry_of_event(&theirs, &event("e")).await.unwrap(), Some(entry(&other, 1)));
    assert_eq!(store.entry_of_event(&group("g"), &event("e")).await.unwrap(), Some(entry(&ours, 1)));
}

async fn a_dropped_ticket_undoes_nothing(store: Arc<dyn Store>) {
    drop(store.commit(commit("g", 0, "e1")).await.unwrap());
    assert_eq!(commit_one(&*store, &commit("g", 1, "e2")).await, Committed::Done);
}

async fn a_closed_store_commits_what_it_had_accepted_and_accepts_nothing(store: Arc<dyn Store>) {
    let ticket = store.commit(commit("g", 0, "e")).await.unwrap();
    store.close().await;
    assert_eq!(ticket.durable().await.unwrap(), Committed::Done);
    assert!(matches!(store.commit(commit("g", 1, "f")).await, Err(CommitError::Closed)));
    assert!(matches!(store.head(&group("g")).await, Err(usher_store::StoreError::Closed)));
    assert!(matches!(store.ping().await, Err(usher_store::StoreError::Closed)));
}
