//! Laws of the actions of a day: counted with the decision that they are part of, over all groups of a brand.

use crate::fixtures::{brand, commit, commit_all, commit_one};
use std::sync::{Arc, Mutex};
use usher_store::Store;
use usher_store::journal::{Commit, Committed, Tally, TallyKey};

crate::laws! {
    actions_of_a_day_add_up_over_groups,
    a_commit_that_did_not_take_place_counts_nothing,
    what_a_commit_holds_is_let_go_when_its_fate_is_known,
}

fn key(plugin: &str, kind: &str, day: &str) -> TallyKey {
    TallyKey { brand: brand("acme"), plugin: plugin.parse().unwrap(), kind: kind.into(), day: day.into() }
}

fn counting(tallies: &[(&TallyKey, u32)], commit: Commit) -> Commit {
    let tally = |(key, added): &(&TallyKey, u32)| Tally { key: (*key).clone(), added: *added };
    Commit { tallies: tallies.iter().map(tally).collect(), ..commit }
}

async fn actions_of_a_day_add_up_over_groups(store: Arc<dyn Store>) {
    let (kicks, bans) = (key("p", "kick", "2026-11-22"), key("p", "ban", "2026-11-22"));
    let (tomorrow, others) = (key("p", "kick", "2026-11-23"), key("q", "kick", "2026-11-22"));
    assert_eq!(store.tally(&kicks).await.unwrap(), 0);
    let first = counting(&[(&kicks, 2), (&bans, 1)], commit("g", 0, "e1"));
    let second = counting(&[(&kicks, 3)], commit("h", 0, "e2"));
    let third = counting(&[(&tomorrow, 1), (&others, 7)], commit("h", 1, "e3"));
    commit_all(&*store, [&first, &second, &third]).await;
    commit_one(&*store, &counting(&[(&kicks, 1)], commit("g", 1, "e4"))).await;
    for (key, expected) in [(&kicks, 6), (&bans, 1), (&tomorrow, 1), (&others, 7)] {
        assert_eq!(store.tally(key).await.unwrap(), expected, "{key:?}");
    }
    let elsewhere = TallyKey { brand: brand("other"), ..kicks };
    assert_eq!(store.tally(&elsewhere).await.unwrap(), 0, "brands share nothing");
}

async fn a_commit_that_did_not_take_place_counts_nothing(store: Arc<dyn Store>) {
    let kicks = key("p", "kick", "2026-11-22");
    commit_one(&*store, &counting(&[(&kicks, 1)], commit("g", 0, "e"))).await;
    let again = counting(&[(&kicks, 1)], commit("g", 1, "e"));
    let raced = counting(&[(&kicks, 1)], commit("g", 0, "f"));
    let committed = commit_all(&*store, [&again, &raced]).await;
    assert!(matches!(committed[..], [Committed::Duplicate(_), Committed::Raced]));
    assert_eq!(store.tally(&kicks).await.unwrap(), 1);
}

/// Says that it is gone.
struct Gone(Arc<Mutex<bool>>);

impl Drop for Gone {
    fn drop(&mut self) {
        *self.0.lock().unwrap() = true;
    }
}

async fn what_a_commit_holds_is_let_go_when_its_fate_is_known(store: Arc<dyn Store>) {
    let gone = Arc::new(Mutex::new(false));
    let held = Commit { hold: Some(Arc::new(Gone(gone.clone()))), ..commit("g", 0, "e") };
    assert_eq!(store.commit(held).await.unwrap().durable().await.unwrap(), Committed::Done);
    assert!(*gone.lock().unwrap());
}
