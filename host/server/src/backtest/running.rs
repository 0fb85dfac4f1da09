//! The backtests that run on this host, and what is told of them.

use super::run::{Candidate, run};
use super::{Broken, Difference, Progress, RUNNING_MAX, State};
use crate::clock::Clock;
use crate::directory::BrandEntry;
use crate::host::Host;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use usher_model::{BacktestId, GroupKey};
use usher_store::StoreError;
use usher_store::backtest::{BacktestNote, GoOn};

/// How often the database is told how far a backtest is, and what it found meanwhile.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// How often it is tried to tell that one has ended.
const TELL_END_MAX: usize = 5;

/// Those that run here.
#[derive(Debug)]
pub(crate) struct Backtests {
    running: Mutex<BTreeMap<BacktestId, Arc<Running>>>,
    /// One for each group that is gone through at once, by all of them together.
    pub(super) places: Arc<Semaphore>,
}

impl Default for Backtests {
    fn default() -> Self {
        let places = std::thread::available_parallelism().map_or(1, usize::from);
        Self { running: Mutex::default(), places: Arc::new(Semaphore::new(places)) }
    }
}

impl Backtests {
    /// None when too many run already.
    pub(super) fn begin(&self, id: BacktestId) -> Option<Arc<Running>> {
        let mut all = self.running.lock();
        if all.len() >= RUNNING_MAX {
            return None;
        }
        let running = Arc::new(Running::new(id));
        all.insert(id, running.clone());
        Some(running)
    }

    pub(super) fn is_over(&self, id: BacktestId) {
        self.running.lock().remove(&id);
    }

    pub(super) fn runs(&self, id: BacktestId) -> bool {
        self.running.lock().contains_key(&id)
    }

    /// Ends it now, if it runs here.
    pub(super) fn cancel(&self, id: BacktestId) {
        if let Some(running) = self.running.lock().get(&id) {
            running.cancelled.cancel();
        }
    }
}

/// One that runs here.
#[derive(Debug)]
pub(super) struct Running {
    id: BacktestId,
    total: OnceLock<u64>,
    events: AtomicU64,
    warmed_up: AtomicU64,
    found: Mutex<Found>,
    cancelled: CancellationToken,
}

/// What it found.
#[derive(Debug, Default)]
struct Found {
    differing: u64,
    /// Those that are in the database.
    kept: u64,
    /// Those that are not yet, as JSON.
    pending: Vec<Box<str>>,
}

impl Running {
    fn new(id: BacktestId) -> Self {
        Self {
            id,
            total: OnceLock::new(),
            events: AtomicU64::new(0),
            warmed_up: AtomicU64::new(0),
            found: Mutex::default(),
            cancelled: CancellationToken::new(),
        }
    }

    pub(super) fn is_to_compare(&self, events: u64) {
        self.total.get_or_init(|| events);
    }

    pub(super) fn has_seen(&self, is_compared: bool) {
        let count = if is_compared { &self.events } else { &self.warmed_up };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// All are counted, and so many are kept.
    pub(super) fn tell(&self, difference: &Difference, kept_max: u64) -> Result<(), serde_json::Error> {
        let mut found = self.found.lock();
        if found.differing < kept_max {
            found.pending.push(serde_json::to_string(difference)?.into());
        }
        found.differing += 1;
        Ok(())
    }

    pub(super) fn progress(&self, state: State) -> Progress {
        Progress {
            state,
            events: self.events.load(Ordering::Relaxed),
            total: self.total.get().copied(),
            warmed_up: self.warmed_up.load(Ordering::Relaxed),
            differing: self.found.lock().differing,
        }
    }
}

/// Goes through it, tells of it meanwhile, and tells how it ended.
pub(super) async fn run_to_its_end(
    host: Arc<Host>,
    brand: Arc<BrandEntry>,
    running: Arc<Running>,
    candidate: Candidate,
    groups: Vec<GroupKey>,
) {
    let state = follow(&host, &running, run(&host, &brand, &running, &Arc::new(candidate), groups)).await;
    for _ in 0..TELL_END_MAX {
        match note(&host, &running, state.clone()).await {
            Ok(_) => break,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the end of a backtest can't be noted");
                tokio::time::sleep(TELL_EVERY).await;
            }
        }
    }
    host.backtests.is_over(running.id);
}

/// What went wrong in the host itself is for its log.
fn failed(broken: &Broken) -> State {
    let mut reason = broken.to_string();
    if let Broken::Store(_) | Broken::Plan(_) | Broken::Unreadable(_) = broken {
        tracing::error!(error = broken as &dyn std::error::Error, "a backtest ended early");
        reason.push_str("; the host's log says more");
    }
    State::Failed { reason }
}

/// Tells of it until it is over, or somebody wants it to end or has forgotten it.
async fn follow(host: &Host, running: &Running, going: impl Future<Output = Result<(), Broken>>) -> State {
    let mut going = pin!(going);
    loop {
        tokio::select! {
            ended = &mut going => return ended.map_or_else(|broken| failed(&broken), |()| State::Done),
            () = running.cancelled.cancelled() => return State::Cancelled,
            () = host.closing.cancelled() => return State::Failed { reason: "the host was shut down".into() },
            () = tokio::time::sleep(TELL_EVERY) => {}
        }
        // Outside of the choice: nobody would know of a note that is dropped half way whether it is kept.
        match note(host, running, State::Running).await {
            Ok(GoOn::Yes) => {}
            Ok(GoOn::Cancelled | GoOn::Gone) => return State::Cancelled,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a backtest can't be noted; trying again");
            }
        }
    }
}

/// What was found is pending until the database has it. One at a time does this.
async fn note(host: &Host, running: &Running, state: State) -> Result<GoOn, StoreError> {
    let (first, pending) = {
        let found = running.found.lock();
        (found.kept, found.pending.clone())
    };
    let has_ended = state != State::Running;
    let progress = serde_json::to_string(&running.progress(state));
    let progress = progress.map_err(|_| StoreError::Damaged { what: "the progress of a backtest" })?.into();
    let told = BacktestNote { progress, has_ended, at: Clock::wall() };
    let go_on = host.store.note_backtest(running.id, &told, first, &pending).await?;
    let mut found = running.found.lock();
    found.pending.drain(..pending.len());
    found.kept += pending.len() as u64;
    Ok(go_on)
}
