//! Things to commit, and ways to say so.

use std::sync::atomic::{AtomicU64, Ordering};
use usher_model::{BrandId, DecisionId, Digest, EventId, GroupId, GroupKey, MemberId, Timestamp, Verdict};
use usher_store::Store;
use usher_store::journal::{Commit, Committed, DecisionQuery, JournalEntry};
use uuid::Uuid;

pub(crate) fn at(ms: u64) -> Timestamp {
    Timestamp::from_ms(ms).unwrap()
}

pub(crate) fn brand(name: &str) -> BrandId {
    BrandId::new(name).unwrap()
}

pub(crate) fn event(name: &str) -> EventId {
    EventId::new(name).unwrap()
}

pub(crate) fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

/// A group of the brand `acme`.
pub(crate) fn group(name: &str) -> GroupKey {
    GroupKey { brand: brand("acme"), group: GroupId::new(name).unwrap() }
}

/// An id after all that were made before.
pub(crate) fn next_decision() -> DecisionId {
    static LAST: AtomicU64 = AtomicU64::new(0);
    DecisionId::new(Uuid::from_u128(LAST.fetch_add(1, Ordering::Relaxed).into()))
}

/// An allowed event without an actor, decided on that head.
pub(crate) fn commit(group_name: &str, expected_sequence: u64, event_id: &str) -> Commit {
    Commit {
        group: group(group_name),
        expected_sequence,
        expected_decision: None,
        event_id: event(event_id),
        event_digest: Digest::of(event_id.as_bytes()),
        event: format!(r#"{{"id":"{event_id}","text":"红包 \" '"}}"#).into(),
        decision_id: next_decision(),
        at: at(1000).plus_ms(expected_sequence),
        actor: None,
        verdict: Verdict::Allow,
        rules: Vec::new(),
        decision: format!(r#"{{"event":"{event_id}","verdict":"allow"}}"#).into(),
        slots: Vec::new(),
        timers: Vec::new(),
        tallies: Vec::new(),
        ledger: Vec::new(),
        contents: Vec::new(),
        tell: Vec::new(),
        turn: None,
        hold: None,
    }
}

/// The row that a commit should become.
pub(crate) fn entry(commit: &Commit, sequence: u64) -> JournalEntry {
    JournalEntry {
        group: commit.group.clone(),
        sequence,
        event_id: commit.event_id.clone(),
        event_digest: commit.event_digest,
        event: commit.event.clone(),
        decision_id: commit.decision_id,
        at: commit.at,
        decision: commit.decision.clone(),
    }
}

/// Queues all of them before it waits for any: they meet in one batch, as far as that holds them.
pub(crate) async fn commit_all(store: &dyn Store, commits: impl IntoIterator<Item = &Commit>) -> Vec<Committed> {
    let mut tickets = Vec::new();
    for commit in commits {
        tickets.push(store.commit(commit.clone()).await.unwrap());
    }
    let mut committed = Vec::new();
    for ticket in tickets {
        committed.push(ticket.durable().await.unwrap());
    }
    committed
}

pub(crate) async fn commit_one(store: &dyn Store, commit: &Commit) -> Committed {
    commit_all(store, [commit]).await.remove(0)
}

/// All decisions of the brand `acme`.
pub(crate) fn everything() -> DecisionQuery {
    DecisionQuery {
        brand: brand("acme"),
        group: None,
        verdict: None,
        plugin: None,
        rule: None,
        member: None,
        since: None,
        before: None,
        limit: 100,
    }
}

/// Follows the pages to the end.
pub(crate) async fn all_pages(store: &dyn Store, query: &DecisionQuery) -> Vec<JournalEntry> {
    let mut query = query.clone();
    let mut entries = Vec::new();
    loop {
        let page = store.decisions(&query).await.unwrap();
        assert!(page.entries.len() <= usize::try_from(query.limit).unwrap());
        entries.extend(page.entries);
        let Some(next) = page.next else { return entries };
        assert!(query.before.is_none_or(|before| next < before), "every page goes on");
        query.before = Some(next);
    }
}
