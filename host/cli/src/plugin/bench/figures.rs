//! What calls cost, measure by measure.

use serde_json::Value;
use usher_model::CallLimits;

/// Something that a call has a cost in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// For people.
    pub(super) name: &'static str,
    /// For programs, and where a limit has one, its setting.
    pub(super) key: &'static str,
    /// The most that a call may have of it, where there is such a limit.
    pub(super) limit: fn(&CallLimits) -> Option<u64>,
    read: fn(&Value) -> &Value,
}

/// All of them, in the order in which they are told.
pub(super) const MEASURES: [Measure; 7] = [
    Measure { name: "time, µs", key: "duration_us", limit: |_| None, read: |replay| &replay["cost"]["duration_us"] },
    Measure { name: "fuel", key: "fuel", limit: |calls| Some(calls.fuel), read: |replay| &replay["cost"]["fuel"] },
    Measure {
        name: "memory, bytes",
        key: "memory_bytes",
        limit: |calls| Some(calls.memory_bytes),
        read: |replay| &replay["usage"][0]["memory_bytes"],
    },
    Measure {
        name: "calls into the host",
        key: "host_calls",
        limit: |calls| Some(calls.host_calls),
        read: |replay| &replay["usage"][0]["host_calls"],
    },
    Measure {
        name: "bytes from the host",
        key: "answer_bytes",
        limit: |calls| Some(calls.answer_bytes),
        read: |replay| &replay["usage"][0]["answer_bytes"],
    },
    Measure {
        name: "bytes said",
        key: "effect_bytes",
        limit: |calls| Some(calls.effect_bytes),
        read: |replay| &replay["usage"][0]["effect_bytes"],
    },
    Measure {
        name: "lines of log",
        key: "log_lines",
        limit: |calls| Some(calls.log_lines),
        read: |replay| &replay["usage"][0]["log_lines"],
    },
];

/// What was measured, one series for each of [`MEASURES`].
#[derive(Debug, Clone, Default)]
pub(in crate::plugin) struct Figures([Vec<u64>; MEASURES.len()]);

impl Figures {
    /// One call, as a replay tells of it: its `cost` and its `usage`.
    pub(in crate::plugin) fn add(&mut self, replay: &Value) {
        for (series, measure) in self.0.iter_mut().zip(&MEASURES) {
            series.push((measure.read)(replay).as_u64().unwrap_or_default());
        }
    }

    /// With the calls of others.
    pub(super) fn extend(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(series, other)| series.extend(other));
    }

    /// What each measure comes to.
    pub(super) fn summaries(&self) -> impl Iterator<Item = (Measure, Summary)> {
        MEASURES.into_iter().zip(self.0.iter().map(|series| Summary::of(series)))
    }

    /// The dearest call in fuel.
    pub(super) fn most_fuel(&self) -> u64 {
        let [_, fuel, ..] = &self.0;
        fuel.iter().copied().max().unwrap_or_default()
    }
}

/// A series in three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) median: u64,
    /// 99 of 100 are no more than this.
    pub(super) p99: u64,
    pub(super) most: u64,
}

impl Summary {
    fn of(series: &[u64]) -> Self {
        let mut sorted = series.to_vec();
        sorted.sort_unstable();
        let at = |percent: usize| sorted.get((sorted.len().saturating_sub(1) * percent).div_ceil(100)).copied();
        let [median, p99, most] = [50, 99, 100].map(|percent| at(percent).unwrap_or_default());
        Self { median, p99, most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_told_by_its_middle_and_its_end() {
        let series: Vec<u64> = (1..=201).rev().collect();
        assert_eq!(Summary::of(&series), Summary { median: 101, p99: 199, most: 201 });
        assert_eq!(Summary::of(&[7]), Summary { median: 7, p99: 7, most: 7 });
        assert_eq!(Summary::of(&[]), Summary { median: 0, p99: 0, most: 0 });
    }
}
