//! Event time: milliseconds since the Unix epoch, UTC; RFC 3339 on the wire.

mod day;
mod time_of_day;

pub use day::{Day, InvalidDay};
pub use time_of_day::{InvalidTimeOfDay, TimeOfDay, Weekday};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Latest moment that the wire format can write: 9998-12-31T23:59:59.999Z.
const LATEST_MS: u64 = 253_370_764_799_999;

/// A moment, to the millisecond. Between 1970 and the year 9998, so that arithmetic and formatting never fail.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Timestamp(u64);

/// Why a text or number is no [`Timestamp`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidTimestamp {
    /// Not a moment in RFC 3339.
    #[error("a time is written as in RFC 3339, for example 2026-11-22T12:00:00Z")]
    Format,
    /// Before 1970 or after the year 9998.
    #[error("a time lies between 1970 and the year 9998")]
    Range,
}

impl Timestamp {
    /// The Unix epoch.
    pub const EPOCH: Timestamp = Timestamp(0);

    /// From milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// [`InvalidTimestamp::Range`] after the year 9998.
    pub fn from_ms(ms: u64) -> Result<Self, InvalidTimestamp> {
        if ms <= LATEST_MS { Ok(Self(ms)) } else { Err(InvalidTimestamp::Range) }
    }

    /// Milliseconds since the Unix epoch.
    pub fn ms(self) -> u64 {
        self.0
    }

    /// This moment and `ms` milliseconds, at most the year 9998.
    #[must_use]
    pub fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms).min(LATEST_MS))
    }

    fn jiff(self) -> jiff::Timestamp {
        i64::try_from(self.0)
            .ok()
            .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
            .unwrap_or(jiff::Timestamp::MAX)
    }

    /// The calendar of a time zone at this moment, as `2026-11-22T20:05:00+08:00[Asia/Shanghai]`.
    /// UTC when the zone is not known.
    pub fn in_zone(self, zone: &str) -> String {
        self.jiff().in_tz(zone).unwrap_or_else(|_| self.jiff().to_zoned(jiff::tz::TimeZone::UTC)).to_string()
    }

    /// The day of a time zone at this moment, as `2026-11-22`. In UTC when the zone is not known.
    pub fn day_in_zone(self, zone: &str) -> String {
        let moment = self.in_zone(zone);
        moment.split_once('T').map_or(moment.clone(), |(day, _)| day.to_owned())
    }

    /// Whether the IANA time zone database has a zone of this name.
    pub fn zone_exists(zone: &str) -> bool {
        jiff::tz::TimeZone::get(zone).is_ok()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.jiff(), f)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;
    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let moment: jiff::Timestamp = text.parse().map_err(|_| InvalidTimestamp::Format)?;
        let ms = u64::try_from(moment.as_millisecond()).map_err(|_| InvalidTimestamp::Range)?;
        Self::from_ms(ms)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = InvalidTimestamp;
    fn try_from(text: String) -> Result<Self, InvalidTimestamp> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(t: Timestamp) -> String {
        t.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_to_the_millisecond() {
        let t: Timestamp = "2026-11-22T20:05:00.1239+08:00".parse().unwrap();
        assert_eq!(t.to_string(), "2026-11-22T12:05:00.123Z");
        assert_eq!(t.to_string().parse(), Ok(t));
        assert_eq!("yesterday".parse::<Timestamp>(), Err(InvalidTimestamp::Format));
        assert_eq!("1969-12-31T23:00:00Z".parse::<Timestamp>(), Err(InvalidTimestamp::Range));
    }

    #[test]
    fn a_zone_gives_the_local_calendar() {
        let t: Timestamp = "2026-11-22T12:05:00Z".parse().unwrap();
        assert_eq!(t.in_zone("Asia/Shanghai"), "2026-11-22T20:05:00+08:00[Asia/Shanghai]");
        assert_eq!("2026-11-22T16:00:00Z".parse::<Timestamp>().unwrap().day_in_zone("Asia/Shanghai"), "2026-11-23");
        assert_eq!(t.in_zone("Nowhere/Land"), "2026-11-22T12:05:00+00:00[UTC]");
    }

    #[test]
    fn the_end_of_time_is_no_overflow() {
        let t = Timestamp::from_ms(LATEST_MS).unwrap();
        assert_eq!(t.plus_ms(u64::MAX), t);
        assert_eq!(t.to_string(), "9998-12-31T23:59:59.999Z");
        assert!(Timestamp::from_ms(LATEST_MS + 1).is_err());
    }
}
