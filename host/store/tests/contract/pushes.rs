//! Laws of reservations: a quota holds, whoever reserves at the same time.

use crate::fixtures::{at, brand};
use crate::places::{Place, PostgresPlace};
use std::sync::Arc;
use usher_store::Store;
use usher_store::push::{PushReservation, PushReserved};

crate::laws! {
    a_quota_counts_what_lies_in_its_window,
    the_same_key_reserves_once,
    recipients_accounts_and_brands_have_quotas_of_their_own,
    reservations_of_one_call_see_each_other,
    a_quota_holds_under_haste,
    what_was_sent_long_ago_is_forgotten,
}

use PushReserved::{AlreadyReserved, Full, Reserved};

fn push(recipient: &str, key: &str, at_ms: u64, window: std::ops::Range<u64>, limit: u32) -> PushReservation {
    PushReservation {
        recipient: recipient.into(),
        account: "service".into(),
        key: key.into(),
        at: at(at_ms),
        from: at(window.start),
        until: at(window.end),
        limit,
    }
}

async fn reserve(store: &dyn Store, push: PushReservation) -> PushReserved {
    store.reserve_pushes(&brand("acme"), &[push]).await.unwrap().remove(0)
}

async fn a_quota_counts_what_lies_in_its_window(store: Arc<dyn Store>) {
    let (november, december) = (100..200, 200..300);
    assert_eq!(reserve(&*store, push("u", "a", 100, november.clone(), 2)).await, Reserved);
    assert_eq!(reserve(&*store, push("u", "b", 199, november.clone(), 2)).await, Reserved);
    assert_eq!(reserve(&*store, push("u", "c", 150, november.clone(), 2)).await, Full);
    assert_eq!(reserve(&*store, push("u", "d", 200, december, 1)).await, Reserved);
    assert_eq!(reserve(&*store, push("u", "e", 210, 110..211, 2)).await, Full, "a window that slides");
    assert_eq!(reserve(&*store, push("u", "f", 150, november, 3)).await, Reserved, "the limit is the caller's");
    assert_eq!(reserve(&*store, push("v", "g", 150, 0..0, 0)).await, Full);
}

async fn the_same_key_reserves_once(store: Arc<dyn Store>) {
    assert_eq!(reserve(&*store, push("u", "a", 100, 0..200, 1)).await, Reserved);
    assert_eq!(reserve(&*store, push("u", "a", 100, 0..200, 1)).await, AlreadyReserved);
    assert_eq!(reserve(&*store, push("u", "a", 250, 200..300, 1)).await, AlreadyReserved);
    assert_eq!(reserve(&*store, push("u", "b", 250, 200..300, 1)).await, Reserved, "it did not count again");
}

async fn recipients_accounts_and_brands_have_quotas_of_their_own(store: Arc<dyn Store>) {
    let first = push("u", "a", 100, 0..200, 1);
    let account = PushReservation { account: "subscription".into(), ..first.clone() };
    let recipient = PushReservation { recipient: "v".into(), ..first.clone() };
    let batch = [first.clone(), account, recipient];
    assert_eq!(store.reserve_pushes(&brand("acme"), &batch).await.unwrap(), [Reserved; 3]);
    assert_eq!(store.reserve_pushes(&brand("other"), &[first]).await.unwrap(), [Reserved]);
}

async fn reservations_of_one_call_see_each_other(store: Arc<dyn Store>) {
    let batch = ["a", "b", "a", "c"].map(|key| push("u", key, 100, 0..200, 2));
    let reserved = store.reserve_pushes(&brand("acme"), &batch).await.unwrap();
    assert_eq!(reserved, [Reserved, Reserved, AlreadyReserved, Full]);
    assert_eq!(store.reserve_pushes(&brand("acme"), &[]).await.unwrap(), []);
}

async fn a_quota_holds_under_haste(store: Arc<dyn Store>) {
    assert_eq!(rush(&[store]).await, 7);
}

async fn what_was_sent_long_ago_is_forgotten(store: Arc<dyn Store>) {
    for (key, at_ms) in [("a", 100), ("b", 200), ("c", 300)] {
        reserve(&*store, push("u", key, at_ms, 0..1_000, 9)).await;
    }
    assert_eq!(store.forget_pushes(at(300), 1).await.unwrap(), 1);
    assert_eq!(store.forget_pushes(at(300), 10).await.unwrap(), 1);
    assert_eq!(reserve(&*store, push("u", "c", 300, 0..1_000, 9)).await, AlreadyReserved);
    assert_eq!(reserve(&*store, push("u", "a", 100, 0..1_000, 9)).await, Reserved);
}

/// Forty at once, through these hosts: how many of them are reserved.
async fn rush(hosts: &[Arc<dyn Store>]) -> usize {
    let mut tasks = Vec::new();
    for number in 0..40 {
        let host = Arc::clone(&hosts[number % hosts.len()]);
        let push = push("u", &format!("k{number}"), 100, 0..200, 7);
        tasks.push(tokio::spawn(async move { reserve(&*host, push).await }));
    }
    let mut reserved = 0;
    for task in tasks {
        reserved += usize::from(task.await.unwrap() == Reserved);
    }
    reserved
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_holds_over_several_hosts() {
    let place = PostgresPlace::new();
    let hosts = [place.open().await, place.open().await];
    assert_eq!(rush(&hosts).await, 7);
    for host in hosts {
        host.close().await;
    }
}
