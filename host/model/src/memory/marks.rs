//! What plugins said about members and the host keeps: strikes, and labels.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Strikes of one member that are kept apart: when there are more, the one that ends first goes into the next.
pub const STRIKES_MAX: usize = 64;

/// Labels that plugins may give to one member.
pub const LABELS_MAX: usize = 64;

/// Strikes against a member: when each ends, in milliseconds since the Unix epoch, and its weight.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Strikes(Vec<(u64, u32)>);

impl Strikes {
    /// One strike more. What has ended is forgotten.
    pub fn add(&mut self, at: Timestamp, weight: u32, expires_in_ms: u64) {
        self.0.retain(|(ends, _)| *ends > at.ms());
        self.0.push((at.ms().saturating_add(expires_in_ms), weight));
        self.0.sort_unstable();
        if self.0.len() > STRIKES_MAX {
            let (_, weight) = self.0.remove(0);
            if let Some(next) = self.0.first_mut() {
                next.1 = next.1.saturating_add(weight);
            }
        }
    }

    /// The weight of those that have not ended.
    pub fn weight(&self, at: Timestamp) -> u32 {
        let standing = self.0.iter().filter(|(ends, _)| *ends > at.ms());
        standing.fold(0, |sum, (_, weight)| sum.saturating_add(*weight))
    }

    pub(super) fn expires_at_ms(&self) -> u64 {
        self.0.last().map_or(0, |(ends, _)| *ends)
    }
}

/// Labels that plugins gave to a member, and when each ends, in milliseconds since the Unix epoch; never when none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Labels(BTreeMap<String, Option<u64>>);

impl Labels {
    /// Gives a label; the same one again moves its end. What has ended is forgotten; beyond a bound, nothing is given.
    pub fn give(&mut self, at: Timestamp, label: &str, lasts_ms: Option<u64>) {
        self.0.retain(|_, ends| ends.is_none_or(|ends| ends > at.ms()));
        if self.0.len() < LABELS_MAX || self.0.contains_key(label) {
            self.0.insert(label.to_owned(), lasts_ms.map(|ms| at.ms().saturating_add(ms)));
        }
    }

    /// Takes a label.
    pub fn take(&mut self, label: &str) {
        self.0.remove(label);
    }

    /// Those that have not ended.
    pub fn standing(&self, at: Timestamp) -> BTreeSet<String> {
        let standing = self.0.iter().filter(|(_, ends)| ends.is_none_or(|ends| ends > at.ms()));
        standing.map(|(label, _)| label.clone()).collect()
    }

    pub(super) fn expires_at_ms(&self) -> Option<u64> {
        self.0.values().copied().try_fold(0, |latest, ends| Some(latest.max(ends?)))
    }
}

/// What a plugin read of the marks on a member, at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Marks {
    /// The weight of the strikes that stood; none when they were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strikes: Option<u32>,
    /// Labels given by plugins that stood; none when they were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeSet<String>>,
}

impl Marks {
    /// Strikes that weigh as much at that moment.
    pub fn strikes_at(&self, at: Timestamp) -> Option<Strikes> {
        self.strikes.map(|weight| Strikes(vec![(at.ms().saturating_add(1), weight)]))
    }

    /// Labels that are the same at any moment.
    pub fn labels_at(&self) -> Option<Labels> {
        self.labels.as_ref().map(|labels| Labels(labels.iter().map(|label| (label.clone(), None)).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp::from_ms(ms).unwrap()
    }

    #[test]
    fn strikes_weigh_until_they_end() {
        let mut strikes = Strikes::default();
        strikes.add(at(0), 1, 100);
        strikes.add(at(10), 2, 50);
        assert_eq!((strikes.weight(at(10)), strikes.weight(at(60)), strikes.weight(at(100))), (3, 1, 0));
        assert_eq!(strikes.expires_at_ms(), 100);
    }

    #[test]
    fn many_strikes_stay_few_and_weigh_as_much() {
        let mut strikes = Strikes::default();
        for n in 0..1_000 {
            strikes.add(at(n), 1, 1_000_000);
        }
        assert_eq!(strikes.weight(at(1_000)), 1_000);
        assert!(strikes.0.len() <= STRIKES_MAX);
    }

    #[test]
    fn labels_are_given_taken_and_end() {
        let mut labels = Labels::default();
        labels.give(at(0), "vip", None);
        labels.give(at(0), "new", Some(100));
        assert_eq!(labels.expires_at_ms(), None);
        assert_eq!(labels.standing(at(99)), ["new", "vip"].map(str::to_owned).into());
        assert_eq!(labels.standing(at(100)), ["vip".to_owned()].into());
        labels.take("vip");
        assert_eq!(labels.standing(at(100)), BTreeSet::new());
        assert_eq!(labels.expires_at_ms(), Some(100));
    }
}
