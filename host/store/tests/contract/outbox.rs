//! Laws of what webhooks have yet to be told: it is there exactly when the decision is, until it was told.

use crate::fixtures::{at, brand, commit, commit_all, commit_one};
use crate::places::{Place, PostgresPlace};
use std::sync::Arc;
use usher_model::{DecisionId, Timestamp};
use usher_store::Store;
use usher_store::journal::{Commit, Committed};
use usher_store::outbox::{Attempted, Claim, Claimed, Failed, WebhookKey};

crate::laws! {
    what_is_decided_is_told_oldest_first,
    a_commit_that_did_not_take_place_tells_nobody,
    what_was_told_is_gone,
    what_failed_comes_again_when_it_is_due,
    what_was_given_up_waits_for_a_person,
    the_oldest_are_forgotten_when_there_are_too_many,
    what_is_taken_on_and_never_noted_is_due_again,
    each_webhook_has_its_own,
}

fn webhook(name: &str) -> WebhookKey {
    WebhookKey { brand: brand("acme"), name: name.parse().unwrap() }
}

fn telling(webhooks: &[&str], commit: Commit) -> Commit {
    Commit { tell: webhooks.iter().map(|name| name.parse().unwrap()).collect(), ..commit }
}

/// Decisions `e1`, `e2`, … of one group, for the webhook `w`.
async fn decided(store: &dyn Store, count: u64) -> Vec<DecisionId> {
    let event = |number| telling(&["w"], commit("g", number, &format!("e{}", number + 1)));
    let commits: Vec<_> = (0..count).map(event).collect();
    commit_all(store, &commits).await;
    commits.iter().map(|commit| commit.decision_id).collect()
}

async fn claim_at(store: &dyn Store, name: &str, now: u64, limit: u32) -> Vec<Claimed> {
    let claim = Claim { webhook: webhook(name), now: at(now), until: at(now + 1_000), limit };
    store.claim_deliveries(&claim).await.unwrap()
}

fn ids(claimed: &[Claimed]) -> Vec<DecisionId> {
    claimed.iter().map(|one| one.decision_id).collect()
}

/// It said 500, and is tried again then.
fn failed(again: Option<Timestamp>) -> Failed {
    Failed { why: "it said 500".into(), again }
}

async fn note(store: &dyn Store, decision_id: DecisionId, failed: Option<Failed>) {
    store.note_attempts(&webhook("w"), &[Attempted { decision_id, failed }]).await.unwrap();
}

async fn what_is_decided_is_told_oldest_first(store: Arc<dyn Store>) {
    assert_eq!(store.webhooks_waiting().await.unwrap(), []);
    let decisions = decided(&*store, 3).await;
    let waiting = store.webhooks_waiting().await.unwrap();
    assert_eq!((waiting.len(), &waiting[0].webhook, waiting[0].due), (1, &webhook("w"), Some(at(0))));
    let claimed = claim_at(&*store, "w", 10, 2).await;
    assert_eq!(ids(&claimed), decisions[..2]);
    assert_eq!((claimed[0].attempts, &*claimed[0].decision), (0, r#"{"event":"e1","verdict":"allow"}"#));
    assert_eq!(ids(&claim_at(&*store, "w", 10, 2).await), decisions[2..], "nothing is taken on twice");
    assert_eq!(claim_at(&*store, "w", 10, 2).await, []);
}

async fn a_commit_that_did_not_take_place_tells_nobody(store: Arc<dyn Store>) {
    commit_one(&*store, &commit("g", 0, "e")).await;
    let again = telling(&["w"], commit("g", 1, "e"));
    let raced = telling(&["w"], commit("g", 0, "f"));
    let committed = commit_all(&*store, [&again, &raced]).await;
    assert!(matches!(committed[..], [Committed::Duplicate(_), Committed::Raced]));
    assert_eq!(claim_at(&*store, "w", 10, 9).await, []);
}

async fn what_was_told_is_gone(store: Arc<dyn Store>) {
    let decisions = decided(&*store, 2).await;
    claim_at(&*store, "w", 10, 9).await;
    note(&*store, decisions[0], None).await;
    let left = store.deliveries(&webhook("w"), None, 9).await.unwrap();
    assert_eq!(left.iter().map(|one| one.decision_id).collect::<Vec<_>>(), decisions[1..]);
    assert_eq!(store.deliveries(&webhook("w"), Some(decisions[1]), 9).await.unwrap(), []);
}

async fn what_failed_comes_again_when_it_is_due(store: Arc<dyn Store>) {
    let decisions = decided(&*store, 1).await;
    claim_at(&*store, "w", 10, 9).await;
    note(&*store, decisions[0], Some(failed(Some(at(5_000))))).await;
    assert_eq!(store.webhooks_waiting().await.unwrap()[0].due, Some(at(5_000)));
    assert_eq!(claim_at(&*store, "w", 4_999, 9).await, []);
    let claimed = claim_at(&*store, "w", 5_000, 9).await;
    assert_eq!((ids(&claimed), claimed[0].attempts), (decisions, 1));
}

async fn what_was_given_up_waits_for_a_person(store: Arc<dyn Store>) {
    let decisions = decided(&*store, 2).await;
    claim_at(&*store, "w", 10, 1).await;
    note(&*store, decisions[0], Some(failed(None))).await;
    assert_eq!(ids(&claim_at(&*store, "w", 999_999, 9).await), decisions[1..]);
    let given_up = &store.deliveries(&webhook("w"), None, 1).await.unwrap()[0];
    assert_eq!((given_up.due, given_up.attempts, given_up.failure.as_deref()), (None, 1, Some("it said 500")));
    assert_eq!(store.deliver_again(&webhook("w"), Some(decisions[1]), at(20)).await.unwrap(), 0, "it is under way");
    assert_eq!(store.deliver_again(&webhook("w"), Some(decisions[0]), at(20)).await.unwrap(), 1);
    let claimed = claim_at(&*store, "w", 20, 9).await;
    assert_eq!((ids(&claimed), claimed[0].attempts), (decisions[..1].to_vec(), 0));
}

async fn the_oldest_are_forgotten_when_there_are_too_many(store: Arc<dyn Store>) {
    let decisions = decided(&*store, 5).await;
    assert_eq!(store.forget_deliveries(&webhook("w"), 5).await.unwrap(), 0);
    assert_eq!(store.forget_deliveries(&webhook("w"), 2).await.unwrap(), 3);
    assert_eq!(ids(&claim_at(&*store, "w", 10, 9).await), decisions[3..]);
    assert_eq!(store.forget_deliveries(&webhook("w"), 0).await.unwrap(), 2);
    assert_eq!(store.webhooks_waiting().await.unwrap(), []);
}

async fn what_is_taken_on_and_never_noted_is_due_again(store: Arc<dyn Store>) {
    let decisions = decided(&*store, 1).await;
    assert_eq!(ids(&claim_at(&*store, "w", 10, 9).await), decisions);
    assert_eq!(claim_at(&*store, "w", 1_009, 9).await, []);
    assert_eq!(ids(&claim_at(&*store, "w", 1_010, 9).await), decisions);
}

async fn each_webhook_has_its_own(store: Arc<dyn Store>) {
    let both = telling(&["v", "w"], commit("g", 0, "e1"));
    let one = telling(&["w"], commit("h", 0, "e2"));
    commit_all(&*store, [&both, &one]).await;
    let names = store.webhooks_waiting().await.unwrap().into_iter().map(|one| one.webhook).collect::<Vec<_>>();
    assert_eq!(names, [webhook("v"), webhook("w")]);
    assert_eq!(ids(&claim_at(&*store, "v", 10, 9).await), [both.decision_id]);
    assert_eq!(ids(&claim_at(&*store, "w", 10, 9).await), [both.decision_id, one.decision_id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_on_one_database_share_the_work() {
    let place = PostgresPlace::new();
    let hosts = [place.open().await, place.open().await, place.open().await];
    let mut decisions = decided(&*hosts[0], 60).await;
    let mut tasks = Vec::new();
    for host in &hosts {
        let host = host.clone();
        tasks.push(tokio::spawn(async move {
            let mut told = Vec::new();
            loop {
                let claimed = claim_at(&*host, "w", 10, 4).await;
                if claimed.is_empty() {
                    return told;
                }
                for one in claimed {
                    note(&*host, one.decision_id, None).await;
                    told.push(one.decision_id);
                }
            }
        }));
    }
    let mut told = Vec::new();
    for task in tasks {
        told.extend(task.await.unwrap());
    }
    told.sort_unstable();
    decisions.sort_unstable();
    assert_eq!(told, decisions, "each once");
    for host in hosts {
        host.close().await;
    }
}
