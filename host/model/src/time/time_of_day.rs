//! Times of a day, and days of a week.

use super::{Day, Timestamp};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use utoipa::ToSchema;

/// A time of day, to the minute: minutes after midnight, written as `09:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct TimeOfDay(i16);

/// A text that is no [`TimeOfDay`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a time of day is written as 09:00, between 00:00 and 23:59")]
pub struct InvalidTimeOfDay;

impl TimeOfDay {
    /// The moment of that time on a day of a time zone; in UTC when the zone is not known. A time that is left out, as
    /// clocks go forward, comes as much later; of one that comes twice, the first is meant.
    pub fn on(self, day: Day, zone: &str) -> Timestamp {
        day.at(self.time(), zone)
    }
}

impl TimeOfDay {
    fn time(self) -> Time {
        let part = |number: i16| i8::try_from(number).unwrap_or_default();
        Time::new(part(self.0 / 60), part(self.0 % 60), 0, 0).unwrap_or_default()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.time();
        write!(f, "{:02}:{:02}", time.hour(), time.minute())
    }
}

impl FromStr for TimeOfDay {
    type Err = InvalidTimeOfDay;
    fn from_str(text: &str) -> Result<Self, InvalidTimeOfDay> {
        let (hour, minute) = text.split_once(':').ok_or(InvalidTimeOfDay)?;
        let two = |digits: &str, most: i16| {
            let is_two = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
            let number = digits.parse::<i16>().map_err(|_| InvalidTimeOfDay)?;
            if is_two && number <= most { Ok(number) } else { Err(InvalidTimeOfDay) }
        };
        Ok(Self(two(hour, 23)? * 60 + two(minute, 59)?))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = InvalidTimeOfDay;
    fn try_from(text: String) -> Result<Self, InvalidTimeOfDay> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "everybody knows them")]
pub enum Weekday {
    #[default]
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Of a day.
    pub fn of(day: Day) -> Self {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        // The first of January 1970 was a Thursday.
        match (day.number() + 3).rem_euclid(7) {
            0 => Monday,
            1 => Tuesday,
            2 => Wednesday,
            3 => Thursday,
            4 => Friday,
            5 => Saturday,
            _ => Sunday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_that_of_the_zone() {
        let on = |time: &str, day: &str, zone: &str| {
            let (time, day): (TimeOfDay, Day) = (time.parse().unwrap(), day.parse().unwrap());
            time.on(day, zone).to_string()
        };
        assert_eq!(on("09:00", "2026-11-22", "Asia/Shanghai"), "2026-11-22T01:00:00Z");
        assert_eq!(on("02:30", "2026-03-08", "America/New_York"), "2026-03-08T07:30:00Z"); // there is no 02:30
        assert_eq!(on("01:30", "2026-11-01", "America/New_York"), "2026-11-01T05:30:00Z"); // the first of two
        for bad in ["9:00", "24:00", "09:60", "0900", "09:00:00", "+9:00", ""] {
            assert_eq!(bad.parse::<TimeOfDay>(), Err(InvalidTimeOfDay), "{bad}");
        }
    }

    #[test]
    fn weeks_begin_on_monday() {
        let weekday = |day: &str| Weekday::of(day.parse().unwrap());
        assert_eq!(weekday("1970-01-01"), Weekday::Thursday);
        assert_eq!((weekday("2026-11-22"), weekday("2026-11-23")), (Weekday::Sunday, Weekday::Monday));
    }
}
