//! Days of a calendar.

use super::Timestamp;
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

const EPOCH: Date = date(1970, 1, 1);

/// The last day that the wire format can write.
const LAST: i32 = 2_932_896;

/// A day, counted from 1970-01-01. Which moments it has depends on a time zone: that of the group where something
/// happened. On the wire it is written as `2026-11-22`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date)]
pub struct Day(i32);

/// A text that is no [`Day`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a day is written as 2026-11-22, between 1970 and the year 9999")]
pub struct InvalidDay;

impl Day {
    /// That many days after 1970-01-01. The day before it is the first there is: the epoch's, west of Greenwich.
    pub fn from_number(number: i32) -> Self {
        Self(number.clamp(-1, LAST))
    }

    /// The day of a time zone's calendar at that moment; in UTC when the zone is not known.
    pub fn of(at: Timestamp, zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let hours = at.jiff().to_zoned(zone).date().duration_since(EPOCH).as_hours();
        Self::from_number(i32::try_from(hours / 24).unwrap_or(LAST))
    }

    /// How many days after 1970-01-01 it is.
    pub fn number(self) -> i32 {
        self.0
    }

    /// So many days later, or earlier; at most the first or the last there is.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_number(self.0.saturating_add(days))
    }

    /// When it begins in a time zone; in UTC when the zone is not known. Where midnight is left out, as clocks go
    /// forward, it begins with the first moment that there is.
    pub fn starts_at(self, zone: &str) -> Timestamp {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let start = self.date().to_zoned(zone).and_then(|day| day.start_of_day());
        let ms = start.map_or(i64::MAX, |start| start.timestamp().as_millisecond());
        u64::try_from(ms).map_or(Timestamp::EPOCH, |ms| Timestamp::EPOCH.plus_ms(ms))
    }

    /// The moment of a time on this day in a time zone; in UTC when the zone is not known.
    pub(super) fn at(self, time: Time, zone: &str) -> Timestamp {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let moment = self.date().to_datetime(time).to_zoned(zone);
        let ms = moment.map_or(i64::MAX, |moment| moment.timestamp().as_millisecond());
        u64::try_from(ms).map_or(Timestamp::EPOCH, |ms| Timestamp::EPOCH.plus_ms(ms))
    }

    fn date(self) -> Date {
        EPOCH.checked_add(SignedDuration::from_hours(i64::from(self.0) * 24)).unwrap_or(Date::MAX)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.date(), f)
    }
}

impl FromStr for Day {
    type Err = InvalidDay;
    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let date: Date = text.parse().map_err(|_| InvalidDay)?;
        if date < EPOCH.saturating_sub(1.day()) || date.to_string() != text {
            return Err(InvalidDay);
        }
        i32::try_from(date.duration_since(EPOCH).as_hours() / 24).map(Self).map_err(|_| InvalidDay)
    }
}

impl TryFrom<String> for Day {
    type Error = InvalidDay;
    fn try_from(text: String) -> Result<Self, InvalidDay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_that_of_the_time_zone() {
        let (before, after) = (at("2026-11-22T15:59:59.999Z"), at("2026-11-22T16:00:00Z"));
        assert_eq!(Day::of(before, "Asia/Shanghai").to_string(), "2026-11-22");
        assert_eq!(Day::of(after, "Asia/Shanghai").to_string(), "2026-11-23");
        assert_eq!(Day::of(after, "Nowhere/Land").to_string(), "2026-11-22");
        assert_eq!(Day::of(Timestamp::EPOCH, "America/New_York"), Day::from_number(-1));
        assert_eq!("2026-11-23".parse::<Day>().unwrap().starts_at("Asia/Shanghai"), after);
    }

    #[test]
    fn days_read_back_as_they_are_written() {
        for number in [-1, 0, 1, 20_000, LAST] {
            let day = Day::from_number(number);
            assert_eq!((day.to_string().parse(), day.number()), (Ok(day), number));
        }
        for bad in ["2026-11-31", "2026-11-22T00:00:00", "1969-12-30", "yesterday", ""] {
            assert_eq!(bad.parse::<Day>(), Err(InvalidDay), "{bad}");
        }
        assert_eq!(Day::from_number(LAST).plus_days(i32::MAX), Day::from_number(LAST));
    }

    proptest! {
        #[test]
        fn a_moment_is_of_the_day_that_began_last(ms in 0_u64..4_102_444_800_000, zone in 0_usize..5) {
            let zones = ["Asia/Shanghai", "America/New_York", "Pacific/Apia", "Africa/Cairo", "UTC"];
            let (zone, at) = (zones[zone], Timestamp::from_ms(ms).unwrap());
            let day = Day::of(at, zone);
            prop_assert!(day.starts_at(zone) <= at && at < day.plus_days(1).starts_at(zone));
        }
    }
}
