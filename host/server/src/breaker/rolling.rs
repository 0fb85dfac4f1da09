//! What a breaker remembers of the calls that it let through, without a lock.

use std::sync::atomic::{AtomicU64, Ordering};
use usher_model::Timestamp;

/// Most calls that can be looked back on.
const CALLS_MAX: u32 = 63;

/// How the last calls ended: a bit each, 1 for a failure, and above them a 1 that says how many there are.
#[derive(Debug)]
pub(crate) struct LastCalls(AtomicU64);

impl Default for LastCalls {
    fn default() -> Self {
        Self(AtomicU64::new(1))
    }
}

impl LastCalls {
    /// One more; how many are remembered now, and how many of them failed.
    pub(crate) fn push(&self, calls_max: u32, failed: bool) -> (u32, u32) {
        let full = 1_u64 << calls_max.clamp(1, CALLS_MAX);
        let push = |calls: u64| {
            let (forgotten, calls) = (calls >= full, calls << 1 | u64::from(failed));
            if forgotten { calls & (full - 1) | full } else { calls }
        };
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |calls| Some(push(calls)));
        counted(before.map_or(1, push))
    }

    pub(crate) fn read(&self) -> (u32, u32) {
        counted(self.0.load(Ordering::Relaxed))
    }

    pub(crate) fn clear(&self) {
        self.0.store(1, Ordering::Relaxed);
    }
}

fn counted(calls: u64) -> (u32, u32) {
    (CALLS_MAX.saturating_sub(calls.leading_zeros()), calls.count_ones().saturating_sub(1))
}

/// What the calls of the last minute cost: those of this minute of the clock, and of the last one the share that is not
/// over yet. Calls that meet at the turn of a minute may be counted into either.
#[derive(Debug, Default)]
pub(crate) struct LastMinute {
    minute: AtomicU64,
    current: AtomicU64,
    previous: AtomicU64,
    sum: AtomicU64,
}

const MINUTE_MS: u64 = 60_000;

impl LastMinute {
    /// One more; what the last minute came to.
    pub(crate) fn add(&self, now: Timestamp, fuel: u64) -> u64 {
        let (minute, seen) = (now.ms() / MINUTE_MS, self.minute.load(Ordering::Relaxed));
        let turned =
            minute > seen && self.minute.compare_exchange(seen, minute, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if turned {
            let last = self.current.swap(0, Ordering::Relaxed);
            self.previous.store(if minute == seen + 1 { last } else { 0 }, Ordering::Relaxed);
        }
        let current = self.current.fetch_add(fuel, Ordering::Relaxed).saturating_add(fuel);
        let previous = u128::from(self.previous.load(Ordering::Relaxed));
        let left = previous * u128::from(MINUTE_MS - now.ms() % MINUTE_MS) / u128::from(MINUTE_MS);
        let sum = current.saturating_add(u64::try_from(left).unwrap_or(u64::MAX));
        self.sum.store(sum, Ordering::Relaxed);
        sum
    }

    /// As it was at the last call.
    pub(crate) fn read(&self) -> u64 {
        self.sum.load(Ordering::Relaxed)
    }

    pub(crate) fn clear(&self) {
        self.current.store(0, Ordering::Relaxed);
        self.previous.store(0, Ordering::Relaxed);
        self.sum.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_last_calls_are_those_of_a_plain_list(
            calls_max in 1..64_u32,
            ends in prop::collection::vec(any::<bool>(), 0..200),
        ) {
            let calls = LastCalls::default();
            for (index, failed) in ends.iter().enumerate() {
                let from = (index + 1).saturating_sub(calls_max as usize);
                let last = &ends[from..=index];
                let failures = last.iter().filter(|failed| **failed).count();
                let (seen, seen_failures) = calls.push(calls_max, *failed);
                prop_assert_eq!((seen as usize, seen_failures as usize), (last.len(), failures));
            }
        }
    }
}
