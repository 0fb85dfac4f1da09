//! A counter that remembers when.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Additions that a counter keeps apart. When there are more, the older half is rounded.
pub const ADDITIONS_MAX: usize = 512;

/// How long after its last addition a counter is forgotten: a year and a day, in milliseconds.
const FORGOTTEN_AFTER_MS: u64 = 366 * 24 * 60 * 60 * 1000;

/// Amounts and when they were added, oldest first.
///
/// The sum of everything is exact as long as the counter lives, and so is every window over the newest 256 additions. Older
/// additions are merged in pairs and count as of the later one, so that a counter stays small however long it lives.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counter(Vec<(u64, u64)>);

impl Counter {
    /// Adds an amount. Time never runs backwards in a group; an earlier moment counts as the last one.
    pub fn add(&mut self, at: Timestamp, amount: u64) {
        match self.0.last_mut() {
            Some((last, sum)) if *last >= at.ms() => *sum = sum.saturating_add(amount),
            _ => self.0.push((at.ms(), amount)),
        }
        if self.0.len() > ADDITIONS_MAX {
            self.round();
        }
    }

    fn round(&mut self) {
        let newer = self.0.split_off(ADDITIONS_MAX / 2);
        self.0 = self.0.chunks(2).map(merge).collect();
        self.0.extend(newer);
    }

    /// What was added after `at - window_ms` and up to `at`.
    pub fn sum(&self, at: Timestamp, window_ms: u64) -> u64 {
        let counts = |(added, _): &&(u64, u64)| added.saturating_add(window_ms) > at.ms();
        self.0.iter().rev().take_while(counts).fold(0, |sum, (_, amount)| sum.saturating_add(*amount))
    }

    /// A counter that has these sums at that moment, by window in milliseconds: what a past run read of it.
    pub fn of_sums(at: Timestamp, sums: &BTreeMap<u64, u64>) -> Self {
        let (mut additions, mut inner) = (Vec::with_capacity(sums.len()), (0, 0));
        for (&window, &sum) in sums {
            // Within this window and outside the next smaller one.
            additions.push((at.ms().saturating_sub(inner.0), sum.saturating_sub(inner.1)));
            inner = (window, sum);
        }
        additions.reverse();
        Self(additions)
    }

    pub(super) fn expires_at_ms(&self) -> u64 {
        self.0.last().map_or(0, |(at, _)| at.saturating_add(FORGOTTEN_AFTER_MS))
    }

    pub(super) fn weight_bytes(&self) -> usize {
        self.0.len() * size_of::<(u64, u64)>()
    }
}

fn merge(pair: &[(u64, u64)]) -> (u64, u64) {
    pair.iter().fold((0, 0), |(_, sum), (at, amount)| (*at, sum.saturating_add(*amount)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms).unwrap()
    }

    #[test]
    fn a_window_ends_with_its_last_millisecond() {
        let mut counter = Counter::default();
        counter.add(at(1_000), 2);
        counter.add(at(2_000), 3);
        assert_eq!(counter.sum(at(2_000), 1), 3);
        assert_eq!(counter.sum(at(2_000), 1_000), 3);
        assert_eq!(counter.sum(at(2_000), 1_001), 5);
        assert_eq!(counter.sum(at(2_000), u64::MAX), 5);
        assert_eq!(counter.sum(at(2_000), 0), 0);
    }

    proptest! {
        #[test]
        fn the_total_is_exact_and_so_are_the_newest_windows(
            steps in prop::collection::vec((0..50_u64, 1..9_u64), 0..2_000),
            window in 1..5_000_u64,
        ) {
            let (mut counter, mut now, mut model) = (Counter::default(), 1_000_000, Vec::new());
            for (step, amount) in steps {
                now += step;
                counter.add(at(now), amount);
                model.push((now, amount));
            }
            prop_assert_eq!(counter.sum(at(now), u64::MAX), model.iter().map(|(_, amount)| amount).sum::<u64>());
            let inside: Vec<_> = model.iter().filter(|(added, _)| added + window > now).collect();
            if inside.len() <= 200 {
                prop_assert_eq!(counter.sum(at(now), window), inside.iter().map(|(_, amount)| amount).sum::<u64>());
            }
            prop_assert!(counter.0.len() <= ADDITIONS_MAX);
        }

        #[test]
        fn what_was_read_reads_the_same_again(
            additions in prop::collection::vec((0..100_u64, 1..9_u64), 0..50),
            windows in prop::collection::btree_set(1..6_000_u64, 1..5),
        ) {
            let (mut counter, mut now) = (Counter::default(), 5_000);
            for (step, amount) in additions {
                now += step;
                counter.add(at(now), amount);
            }
            let sums: BTreeMap<u64, u64> = windows.iter().map(|&window| (window, counter.sum(at(now), window))).collect();
            let again = Counter::of_sums(at(now), &sums);
            for (window, sum) in &sums {
                prop_assert_eq!(again.sum(at(now), *window), *sum);
            }
        }
    }
}
