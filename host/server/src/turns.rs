//! Where calls run. Most run on the thread that serves their request: handing 10 µs of work to another thread costs as
//! much as the work. A plugin whose calls were expensive lately runs aside, so that two calls of 30 ms on a machine with
//! two cores do not keep every request waiting: the thread's other requests move to another thread, and heavy calls take
//! turns, so that some cores are always left to the light ones. What a call comes to does not depend on where it runs.

use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Semaphore;
use usher_engine::GROWN_BYTES_PER_FUEL;

/// Turns of heavy calls.
#[derive(Debug)]
pub(crate) struct Turns {
    heavy_fuel: u64,
    places: Semaphore,
}

impl Turns {
    /// `heavy_calls` at once; half of the cores when 0.
    pub(crate) fn new(heavy_fuel: u64, heavy_calls: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let places = if heavy_calls == 0 { (cores / 2).max(1) } else { heavy_calls.min(Semaphore::MAX_PERMITS) };
        Self { heavy_fuel, places: Semaphore::new(places) }
    }

    /// Runs a call, here or aside.
    pub(crate) async fn run<T>(&self, recent: &RecentCost, call: impl FnOnce() -> T) -> T {
        if recent.0.load(Ordering::Relaxed) < self.heavy_fuel {
            return call();
        }
        let _turn = self.places.acquire().await;
        tokio::task::block_in_place(call)
    }
}

/// What a plugin's calls in a brand cost lately, in units of fuel: up at once, and down by a sixteenth a call. What is not
/// known yet is expensive.
#[derive(Debug)]
pub(crate) struct RecentCost(AtomicU64);

impl Default for RecentCost {
    fn default() -> Self {
        Self(AtomicU64::new(UNKNOWN_FUEL))
    }
}

/// Twenty cheap calls are known to be cheap.
const UNKNOWN_FUEL: u64 = 6_000_000;

impl RecentCost {
    /// A call that has a large memory may write to all of it, which costs nothing like the instructions that it takes: so it
    /// counts as if it had grown all of it.
    pub(crate) fn record(&self, fuel: u64, memory_bytes: u64) {
        let fuel = fuel.max(memory_bytes / GROWN_BYTES_PER_FUEL);
        let before = self.0.load(Ordering::Relaxed);
        let after = if fuel >= before { fuel } else { before - (before - fuel).div_ceil(16) };
        if after != before {
            self.0.store(after, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_expensive_call_is_remembered_for_a_while() {
        let cost = RecentCost::default();
        let cheap_until_light = || {
            let mut calls = 0;
            while cost.0.load(Ordering::Relaxed) >= 2_000_000 {
                cost.record(20_000, 2 << 20);
                calls += 1;
            }
            calls
        };
        assert_eq!(cheap_until_light(), 21);
        cost.record(50_000_000, 0);
        assert_eq!(cheap_until_light(), 55);
        cost.record(20_000, 64 << 20);
        assert_eq!(cheap_until_light(), 38);
    }
}
