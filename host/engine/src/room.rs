//! Room for instances: there are so many at once, and a call that finds none waits for another one's end.

use parking_lot::{Condvar, Mutex};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a waiter sleeps at most before it looks by itself: what frees room need not be a call.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Where calls wait. Nothing is decided by how long: whoever gets room runs as if it had had it at once.
#[derive(Debug, Default)]
pub(crate) struct Room {
    waiting: AtomicUsize,
    gate: Mutex<()>,
    freed: Condvar,
}

impl Room {
    /// Tries until it is not crowded any more, or until the wait is over.
    pub(crate) fn enter<T, E>(
        &self,
        wait_max: Duration,
        mut attempt: impl FnMut() -> Result<T, E>,
        is_crowded: impl Fn(&E) -> bool,
    ) -> Result<T, E> {
        let mut answer = attempt();
        if matches!(&answer, Err(error) if is_crowded(error)) {
            self.waiting.fetch_add(1, Ordering::Relaxed);
            let until = Instant::now() + wait_max;
            while matches!(&answer, Err(error) if is_crowded(error)) && Instant::now() < until {
                self.freed.wait_for(&mut self.gate.lock(), LOOK_AGAIN);
                answer = attempt();
            }
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        answer
    }

    /// An instance is gone. While nobody waits this reads one word that nobody writes.
    pub(crate) fn left(&self) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.freed.notify_one();
        }
    }
}
