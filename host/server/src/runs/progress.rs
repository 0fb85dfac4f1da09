//! Runs that are under way, and those that failed lately: what is done is in the database.

use super::RunError;
use crate::host::Host;
use parking_lot::Mutex;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use usher_model::{BrandId, GroupId, RunId, RunKind};
use utoipa::ToSchema;

/// Runs that are remembered here; the oldest that failed makes room.
const KEPT_MAX: usize = 64;

/// Runs that may be under way or wait for their turn.
const WAITING_MAX: usize = 32;

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Others come first.
    Waiting,
    /// What is known of the rows is read.
    Gathering,
    /// Plugins are called, table by table.
    Calling,
    /// What they said is put together and kept.
    Keeping,
    /// It is kept.
    Done,
    /// It ended early, and nothing of it is kept.
    Failed {
        /// Why.
        reason: String,
    },
}

/// A run that was begun.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) id: RunId,
    pub(crate) kind: RunKind,
    pub(crate) brand: BrandId,
    pub(crate) group: Option<GroupId>,
    stage: Mutex<Stage>,
    rows_done: AtomicU64,
    rows: AtomicU64,
}

impl Running {
    pub(crate) fn new(id: RunId, kind: RunKind, brand: BrandId, group: Option<GroupId>) -> Self {
        let (rows_done, rows) = Default::default();
        Self { id, kind, brand, group, stage: Mutex::new(Stage::Waiting), rows_done, rows }
    }

    pub(crate) fn enter(&self, stage: Stage) {
        *self.stage.lock() = stage;
    }

    /// There are so many rows for all plugins together.
    pub(crate) fn expect(&self, rows: u64) {
        self.rows.store(rows, Ordering::Relaxed);
    }

    /// So many more rows have been through a plugin.
    pub(crate) fn advance(&self, rows: u64) {
        self.rows_done.fetch_add(rows, Ordering::Relaxed);
    }

    pub(crate) fn stage(&self) -> Stage {
        self.stage.lock().clone()
    }

    /// Rows that have been through a plugin, and how many there are, each plugin for itself.
    pub(crate) fn rows(&self) -> (u64, u64) {
        (self.rows_done.load(Ordering::Relaxed), self.rows.load(Ordering::Relaxed))
    }

    /// Does the work of a run in a task of its own; it goes on when this returns, and whoever asked for it hangs up.
    pub(crate) fn go_on(
        self: &Arc<Self>,
        host: &Arc<Host>,
        work: impl Future<Output = Result<(), RunError>> + Send + 'static,
    ) -> Begun {
        let (ending, closing) = (Ending(self.clone()), host.closing.clone());
        // Somebody may be waiting for a ranking, to show it; for a scoring nobody is.
        let threads = match self.kind {
            RunKind::Rank => &host.background,
            RunKind::Score => &host.leisure,
        };
        threads.spawn(async move {
            let ended = closing.run_until_cancelled(work).await.unwrap_or(Err(RunError::Closing));
            ending.0.enter(match &ended {
                Ok(()) => Stage::Done,
                Err(error) => Stage::Failed { reason: error.to_string() },
            });
            ended
        })
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(*self.stage.lock(), Stage::Done | Stage::Failed { .. })
    }
}

/// A run that was begun, and its end.
pub(crate) type Begun = JoinHandle<Result<(), RunError>>;

/// Whatever happens to the task of a run, nobody waits for it for ever.
struct Ending(Arc<Running>);

impl Drop for Ending {
    fn drop(&mut self) {
        if !self.0.has_ended() {
            self.0.enter(Stage::Failed { reason: RunError::Panicked.to_string() });
        }
    }
}

/// The runs of a host.
#[derive(Debug)]
pub(crate) struct Runs {
    kept: Mutex<VecDeque<Arc<Running>>>,
    /// One scoring at a time: the next one is compared with it, and decisions beside it keep their pace.
    place: Semaphore,
}

impl Default for Runs {
    fn default() -> Self {
        Self { kept: Mutex::default(), place: Semaphore::new(1) }
    }
}

impl Runs {
    pub(crate) fn get(&self, brand: &BrandId, id: RunId) -> Option<Arc<Running>> {
        self.kept.lock().iter().find(|one| one.id == id && one.brand == *brand).cloned()
    }

    /// Takes note of a run, if not too many wait already.
    pub(crate) fn add(&self, running: Arc<Running>) -> Result<(), RunError> {
        let mut kept = self.kept.lock();
        kept.retain(|one| *one.stage.lock() != Stage::Done);
        if kept.iter().filter(|one| !one.has_ended()).count() >= WAITING_MAX {
            return Err(RunError::TooMany(WAITING_MAX));
        }
        if kept.len() >= KEPT_MAX
            && let Some(ended) = kept.iter().position(|one| one.has_ended())
        {
            kept.remove(ended);
        }
        kept.push_back(running);
        Ok(())
    }

    /// Waits until a scoring may be under way, and keeps others waiting for as long as it is.
    pub(crate) async fn turn(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.place.acquire().await.ok()
    }
}
