//! When a schedule is due. Pure.

use crate::documents::Kept;
use crate::recommend::RecommendAsked;
use crate::score::ScoreAsked;
use serde::{Deserialize, Serialize};
use usher_model::{Day, RunKind, TimeOfDay, Timestamp, Weekday};
use utoipa::ToSchema;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Every {
    /// Once a day.
    Day,
    /// Once a week.
    Week,
}

/// A run that begins by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schedule {
    /// `score` or `rank`.
    pub(crate) hook: RunKind,
    /// `day` or `week`.
    pub(crate) every: Every,
    /// At which time of day, in the group's time zone, or the brand's for runs over a whole brand.
    pub(crate) at: TimeOfDay,
    /// On which day, where it is every week; on Mondays if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) on: Option<Weekday>,
    /// From when on; from when the schedule was made if not said. What was due in between and was missed is not made up
    /// for, save the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Timestamp>,
    /// What is asked, where the hook is `score`. Without `at`: that is when it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scores: Option<ScoreAsked>,
    /// What is asked, where the hook is `rank`. Without `at` and `idempotency_key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recommendations: Option<RecommendAsked>,
}

impl Kept for Schedule {}

/// A schedule that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidSchedule {
    /// What is asked is for the other hook.
    #[error("with the hook `score` say `scores`, with the hook `rank` say `recommendations`, and not the other")]
    Hook,
    /// A day of the week that is not asked for.
    #[error("`on` names the day of a week: say `\"every\": \"week\"` too")]
    On,
    /// The time is the schedule's.
    #[error("a schedule says itself when its runs are: leave out `at` and `idempotency_key` of what is asked")]
    At,
}

impl Schedule {
    /// Checks what the types do not.
    pub(crate) fn check(&self) -> Result<(), InvalidSchedule> {
        let matches = match self.hook {
            RunKind::Score => self.recommendations.is_none(),
            RunKind::Rank => self.scores.is_none() && self.recommendations.is_some(),
        };
        if !matches {
            return Err(InvalidSchedule::Hook);
        }
        if self.on.is_some() && self.every == Every::Day {
            return Err(InvalidSchedule::On);
        }
        let timed = self.scores.as_ref().is_some_and(|asked| asked.at.is_some())
            || self.recommendations.as_ref().is_some_and(|asked| asked.at.is_some() || asked.idempotency_key.is_some());
        if timed { Err(InvalidSchedule::At) } else { Ok(()) }
    }

    /// When it was due last, at `now` at the latest; none when it was not due since it is in force.
    pub(crate) fn due(&self, now: Timestamp, zone: &str, written_at: Timestamp) -> Option<Timestamp> {
        let today = Day::of(now, zone);
        let is_day = |day: &Day| self.every == Every::Day || Weekday::of(*day) == self.on.unwrap_or_default();
        // A week and a day, as today's time may be still to come.
        let days = (0..=7).map(|back| today.plus_days(-back)).filter(is_day);
        let due = days.map(|day| self.at.on(day, zone)).find(|due| *due <= now)?;
        (due >= self.from.unwrap_or(written_at)).then_some(due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn schedule(json: &str) -> Schedule {
        serde_json::from_str(json).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn it_is_due_at_its_time_in_its_zone() {
        let daily = schedule(r#"{"hook":"score","every":"day","at":"09:00"}"#);
        let due = |now: &str| daily.due(at(now), "Asia/Shanghai", Timestamp::EPOCH).map(|due| due.to_string());
        assert_eq!(due("2026-11-22T00:59:59Z").as_deref(), Some("2026-11-21T01:00:00Z"));
        assert_eq!(due("2026-11-22T01:00:00Z").as_deref(), Some("2026-11-22T01:00:00Z"));
        let weekly = schedule(r#"{"hook":"score","every":"week","at":"09:00","on":"sunday"}"#);
        let due = weekly.due(at("2026-11-28T12:00:00Z"), "UTC", Timestamp::EPOCH);
        assert_eq!(due, Some(at("2026-11-22T09:00:00Z")));
        assert_eq!(weekly.due(at("2026-11-22T08:00:00Z"), "UTC", at("2026-11-16T00:00:00Z")), None);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let check = |json: &str| schedule(json).check();
        assert_eq!(check(r#"{"hook":"rank","every":"day","at":"09:00"}"#), Err(InvalidSchedule::Hook));
        assert_eq!(check(r#"{"hook":"score","every":"day","at":"09:00","on":"monday"}"#), Err(InvalidSchedule::On));
        let timed = r#"{"hook":"score","every":"day","at":"09:00","scores":{"at":"2026-11-22T12:00:00Z"}}"#;
        assert_eq!(check(timed), Err(InvalidSchedule::At));
        assert_eq!(check(r#"{"hook":"score","every":"day","at":"09:00","scores":{"top":3}}"#), Ok(()));
    }

    proptest! {
        #[test]
        fn every_day_has_one_due_time_however_often_one_looks(
            start in 1_700_000_000_000u64..1_900_000_000_000, steps in prop::collection::vec(1u64..7_200_000, 200), zone in 0usize..3,
        ) {
            let zone = ["Asia/Shanghai", "America/New_York", "Africa/Cairo"][zone];
            let daily = schedule(r#"{"hook":"score","every":"day","at":"02:30"}"#);
            let (mut now, mut seen, mut days) = (start, BTreeSet::new(), BTreeSet::new());
            for step in steps {
                now += step;
                let moment = Timestamp::from_ms(now).unwrap();
                if let Some(due) = daily.due(moment, zone, Timestamp::from_ms(start).unwrap()) {
                    prop_assert!(due <= moment);
                    if seen.insert(due) {
                        prop_assert!(days.insert(Day::of(due, zone)));
                    }
                }
            }
            // Looked at every two hours at least: no day is left out.
            let (first, last) = (days.first().map(|day| day.number()), days.last().map(|day| day.number()));
            let span = last.zip(first).map_or(0, |(last, first)| last - first + 1);
            prop_assert_eq!(i32::try_from(days.len()).unwrap(), span);
        }
    }
}
