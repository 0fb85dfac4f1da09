//! The snapshots in memory: one for each component and settings, however many groups use it.
//!
//! Those used last are kept within a limit, so that a rollback or the first event after a change need not load. Those that
//! a plan holds live as long as the plan, and are found again while they do; when the last event on an old plan has ended,
//! nothing holds its snapshots but this limit.

use parking_lot::Mutex;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::sync::{Arc, Weak};
use usher_engine::Snapshot;
use usher_model::Digest;

/// A component and its settings.
pub(crate) type SnapshotKey = (Digest, Digest);

/// What there is in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) snapshots: usize,
    /// Of code and memory images, mapped; what of it is resident is a part.
    pub(crate) bytes: u64,
}

#[derive(Debug)]
pub(crate) struct Snapshots {
    recent: Cache<SnapshotKey, Arc<Snapshot>, Weigh>,
    alive: Mutex<Alive>,
}

/// Each counts as the bytes that it maps, and at least as its share, so that both limits hold.
#[derive(Debug, Clone)]
struct Weigh {
    share_bytes: u64,
}

impl Weighter<SnapshotKey, Arc<Snapshot>> for Weigh {
    fn weight(&self, _: &SnapshotKey, snapshot: &Arc<Snapshot>) -> u64 {
        snapshot.mapped_bytes().max(self.share_bytes)
    }
}

#[derive(Debug, Default)]
struct Alive {
    by_key: HashMap<SnapshotKey, Weak<Snapshot>>,
    /// Entries at which those of snapshots that are gone are removed.
    sweep_at: usize,
}

impl Snapshots {
    pub(crate) fn new(snapshots_max: usize, bytes_max: u64) -> Self {
        let weigh = Weigh { share_bytes: (bytes_max / (snapshots_max.max(1) as u64)).max(1) };
        Self { recent: Cache::with_weighter(snapshots_max, bytes_max, weigh), alive: Mutex::default() }
    }

    /// The one in memory, or else one that is made now; whoever else wants it meanwhile waits for the same.
    pub(crate) async fn get_or_make<E>(
        &self,
        key: SnapshotKey,
        make: impl Future<Output = Result<Snapshot, E>>,
    ) -> Result<Arc<Snapshot>, E> {
        let find_or_make = async {
            match self.alive(&key) {
                Some(snapshot) => Ok(snapshot),
                None => make.await.map(|snapshot| self.keep(key, snapshot)),
            }
        };
        self.recent.get_or_insert_async(&key, find_or_make).await
    }

    fn alive(&self, key: &SnapshotKey) -> Option<Arc<Snapshot>> {
        self.alive.lock().by_key.get(key).and_then(Weak::upgrade)
    }

    fn keep(&self, key: SnapshotKey, snapshot: Snapshot) -> Arc<Snapshot> {
        let snapshot = Arc::new(snapshot);
        let mut alive = self.alive.lock();
        alive.by_key.insert(key, Arc::downgrade(&snapshot));
        if alive.by_key.len() > alive.sweep_at {
            alive.by_key.retain(|_, snapshot| snapshot.strong_count() > 0);
            alive.sweep_at = 2 * alive.by_key.len() + 16;
        }
        snapshot
    }

    pub(crate) fn held(&self) -> Held {
        let mut held = Held { snapshots: 0, bytes: 0 };
        for snapshot in self.alive.lock().by_key.values().filter_map(Weak::upgrade) {
            held.snapshots += 1;
            held.bytes += snapshot.mapped_bytes();
        }
        held
    }
}
