//! A window of days, as a query names it.

use crate::api::problem::Problem;
use crate::api::problems::MALFORMED;
use crate::directory::{BrandEntry, GroupEntry};
use crate::host::Host;
use serde::Deserialize;
use usher_model::{Day, Timestamp};
use utoipa::IntoParams;

/// Days of a window, at most: ten years.
const DAYS_MAX: i32 = 3_660;

/// Days of a window whose beginning is not named.
const DAYS_DEFAULT: i32 = 30;

/// Which days, in the group's time zone.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WindowQuery {
    /// The first day, as `2026-11-22`; 30 days before `until` when there is none.
    pub(crate) from: Option<Day>,
    /// The day after the last; tomorrow when there is none.
    pub(crate) until: Option<Day>,
}

/// Days, at least one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) from: Day,
    pub(crate) until: Day,
}

/// A window in a group. With the clock of events, its today is that of its last event.
pub(crate) async fn of_group(
    host: &Host,
    brand: &BrandEntry,
    group: &GroupEntry,
    from: Option<Day>,
    until: Option<Day>,
) -> Result<Window, Problem> {
    let head = host.store.head(&group.key).await?;
    let zone = group.record.load().time_zone.clone().unwrap_or_else(|| brand.record.load().time_zone.clone());
    window(Day::of(host.config.clock.now(head.at), &zone), from, until)
}

/// A window over all groups of a brand, in the brand's time zone.
pub(crate) fn of_brand(
    host: &Host,
    brand: &BrandEntry,
    latest: Timestamp,
    from: Option<Day>,
    until: Option<Day>,
) -> Result<Window, Problem> {
    window(Day::of(host.config.clock.now(latest), &brand.record.load().time_zone), from, until)
}

/// When the last event of a brand was decided; the beginning of time when there was none.
pub(crate) async fn clock_of_brand(host: &Host, brand: &BrandEntry) -> Result<Timestamp, Problem> {
    let query = usher_store::journal::DecisionQuery {
        brand: brand.id.clone(),
        group: None,
        verdict: None,
        plugin: None,
        rule: None,
        member: None,
        since: None,
        before: None,
        limit: 1,
    };
    let page = host.store.decisions(&query).await?;
    Ok(page.entries.first().map(|entry| entry.at).unwrap_or_default())
}

fn window(today: Day, from: Option<Day>, until: Option<Day>) -> Result<Window, Problem> {
    let until = until.unwrap_or_else(|| today.plus_days(1));
    let from = from.unwrap_or_else(|| until.plus_days(-DAYS_DEFAULT));
    if from >= until {
        return Err(Problem::new(MALFORMED, format!("`from` is a day before `until`, which is {until}, not {from}")));
    }
    if until.number() - from.number() > DAYS_MAX {
        return Err(Problem::new(MALFORMED, format!("a window has at most {DAYS_MAX} days")));
    }
    Ok(Window { from, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_the_last_thirty_days_unless_it_says_otherwise() {
        let day = |text: &str| text.parse::<Day>().ok();
        let today = day("2026-11-22").unwrap();
        let of = |from, until| window(today, from, until).map(|window| format!("{} {}", window.from, window.until));
        assert_eq!(of(None, None).unwrap(), "2026-10-24 2026-11-23");
        assert_eq!(of(day("2026-11-22"), None).unwrap(), "2026-11-22 2026-11-23");
        assert_eq!(of(None, day("2026-02-01")).unwrap(), "2026-01-02 2026-02-01");
        assert!(of(day("2026-11-23"), None).is_err(), "it has no days");
        assert!(of(day("2000-01-01"), None).is_err(), "it has too many");
    }
}
