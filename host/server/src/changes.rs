//! Changes that take long, because something is compiled for them: who asked need not wait, and can see later what became
//! of it. They are known to this host alone, and not kept over a restart: what they changed is.

use crate::clock::Clock;
use axum::http::StatusCode;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;
use usher_model::{CompilationId, Timestamp};

/// Changes that are remembered; the oldest that has ended makes room.
pub const COMPILATIONS_MAX: usize = 256;

tokio::task_local! {
    /// The change that this task is there for.
    static CURRENT: Arc<Change>;
}

/// What a change came to: what would have been answered.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: StatusCode,
    /// Where what it made is.
    pub(crate) location: Option<String>,
    /// JSON: what it made, or the problem.
    pub(crate) body: Box<str>,
}

/// A change, from its beginning.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) id: CompilationId,
    /// Whose it is: the id of a key.
    pub(crate) by: String,
    pub(crate) since: Timestamp,
    compiles: Notify,
    outcome: OnceLock<Outcome>,
}

impl Change {
    pub(crate) fn new(by: String) -> Arc<Self> {
        let id = CompilationId::new(uuid::Uuid::now_v7());
        Arc::new(Self { id, by, since: Clock::wall(), compiles: Notify::new(), outcome: OnceLock::new() })
    }

    /// Does its work; what is compiled meanwhile is compiled for it.
    pub(crate) async fn run<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self, work).await
    }

    /// Waits until something is to be compiled for it.
    pub(crate) async fn compiles(&self) {
        self.compiles.notified().await;
    }

    pub(crate) fn end(&self, outcome: Outcome) {
        self.outcome.set(outcome).ok();
    }

    /// What it came to; none while it is under way.
    pub(crate) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.get()
    }
}

/// The change that something is compiled for now, if it is for one: whoever waits for it is told that it takes long.
pub(crate) fn compiling() -> Option<CompilationId> {
    CURRENT
        .try_with(|change| {
            change.compiles.notify_one();
            change.id
        })
        .ok()
}

/// The changes that nobody waits for any more, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Changes(Mutex<VecDeque<Arc<Change>>>);

impl Changes {
    pub(crate) fn get(&self, id: CompilationId) -> Option<Arc<Change>> {
        self.0.lock().iter().find(|change| change.id == id).cloned()
    }

    /// Remembers it. Those under way are few, as the host takes so many at once.
    pub(crate) fn keep(&self, change: Arc<Change>) {
        let mut kept = self.0.lock();
        if kept.len() >= COMPILATIONS_MAX {
            let ended = kept.iter().position(|change| change.outcome().is_some());
            kept.remove(ended.unwrap_or_default());
        }
        kept.push_back(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_under_way_are_not_forgotten_for_those_that_have_ended() {
        let (changes, first) = (Changes::default(), Change::new("key".into()));
        changes.keep(first.clone());
        let ended: Vec<_> = (0..2 * COMPILATIONS_MAX).map(|_| Change::new("key".into())).collect();
        for change in &ended {
            change.end(Outcome { status: StatusCode::OK, location: None, body: "{}".into() });
            changes.keep(change.clone());
        }
        assert!(changes.get(first.id).is_some() && changes.get(ended[0].id).is_none());
        assert!(changes.get(ended[2 * COMPILATIONS_MAX - 1].id).is_some());
        assert_eq!(changes.0.lock().len(), COMPILATIONS_MAX);
    }
}
