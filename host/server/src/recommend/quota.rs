//! How often somebody may be pushed at, by the calendar of the recipient's time zone. Pure.

use serde::{Deserialize, Serialize};
use usher_model::Day;
use utoipa::ToSchema;

/// Where a push comes from, which says how often it may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Account {
    /// A subscription account: so many mass messages a day.
    Subscription,
    /// A service account: so many in a calendar month.
    Service,
    /// An introduction that mentions everybody: one in any so many days.
    MentionAll,
}

impl Account {
    /// Its name, as it is kept.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Account::Subscription => "subscription",
            Account::Service => "service",
            Account::MentionAll => "mention_all",
        }
    }

    /// How many pushes of it a recipient may get, and in which time.
    pub(crate) fn quota(self, quotas: &PushQuotas) -> Quota {
        match self {
            Account::Subscription => Quota { limit: quotas.subscription_per_day, per: Per::Days(1) },
            Account::Service => Quota { limit: quotas.service_per_month, per: Per::Month },
            Account::MentionAll => Quota { limit: 1, per: Per::Days(quotas.mention_all_days.max(1)) },
        }
    }
}

/// How many pushes a recipient may get of each account. The defaults are what the platforms allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PushQuotas {
    /// Of a subscription account, in a day.
    pub subscription_per_day: u32,
    /// Of a service account, in a month of the calendar.
    pub service_per_month: u32,
    /// Days in a row of which one may have an introduction that mentions everybody.
    pub mention_all_days: u8,
}

impl Default for PushQuotas {
    fn default() -> Self {
        Self { subscription_per_day: 1, service_per_month: 4, mention_all_days: 2 }
    }
}

/// The time that a quota is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Per {
    /// Any so many days in a row.
    Days(u8),
    /// A month of the calendar.
    Month,
}

/// So many pushes in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) limit: u32,
    pub(crate) per: Per,
}

/// Days in a row, without the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: Day,
    pub(crate) until: Day,
}

impl Quota {
    /// The days whose pushes count for one on this day. Where any days in a row are meant, those that follow count too: a
    /// push may be planned for them already.
    pub(crate) fn window(self, day: Day) -> Window {
        match self.per {
            Per::Days(days) => {
                let days = i32::from(days);
                Window { from: day.plus_days(1 - days), until: day.plus_days(days) }
            }
            Per::Month => {
                let from = first_of_month(day);
                Window { from, until: first_of_month(from.plus_days(31)) }
            }
        }
    }
}

fn first_of_month(day: Day) -> Day {
    let written = day.to_string();
    let day_of_month = written.rsplit('-').next().and_then(|days| days.parse().ok()).unwrap_or(1);
    day.plus_days(1 - day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use usher_model::Timestamp;

    const ZONES: [&str; 6] =
        ["Asia/Shanghai", "America/New_York", "Pacific/Apia", "Africa/Cairo", "Asia/Kathmandu", "UTC"];

    /// The days on which pushes were let through, in whatever order they were asked for.
    fn let_through(account: Account, moments: &[u64], zone: &str) -> Vec<Day> {
        let (quota, mut kept) = (account.quota(&PushQuotas::default()), Vec::<Day>::new());
        for ms in moments {
            let day = Day::of(Timestamp::from_ms(*ms).unwrap(), zone);
            let window = quota.window(day);
            let counted = kept.iter().filter(|kept| **kept >= window.from && **kept < window.until).count();
            if counted < quota.limit as usize {
                kept.push(day);
            }
        }
        kept
    }

    fn moments() -> impl Strategy<Value = Vec<u64>> {
        // A few months, anywhere in thirty years; some hours apart, and not in order.
        (0u64..900_000_000_000, prop::collection::vec(0u64..150 * 86_400_000, 0..120))
            .prop_map(|(start, offsets)| offsets.into_iter().map(|offset| 700_000_000_000 + start + offset).collect())
    }

    proptest! {
        #[test]
        fn no_calendar_has_too_many(moments in moments(), zone in 0usize..6) {
            let zone = ZONES[zone];
            let mut days = BTreeMap::<Day, u32>::new();
            for day in let_through(Account::Subscription, &moments, zone) {
                *days.entry(day).or_default() += 1;
            }
            prop_assert!(days.values().all(|count| *count <= 1));
            let mut months = BTreeMap::<String, u32>::new();
            for day in let_through(Account::Service, &moments, zone) {
                *months.entry(day.to_string()[..7].to_owned()).or_default() += 1;
            }
            prop_assert!(months.values().all(|count| *count <= 4));
            let mut mentions = let_through(Account::MentionAll, &moments, zone);
            mentions.sort_unstable();
            prop_assert!(mentions.windows(2).all(|pair| pair[1].number() - pair[0].number() >= 2));
        }

        #[test]
        fn nothing_is_held_back_for_nothing(moments in moments(), zone in 0usize..6) {
            let days = moments.iter().map(|ms| Day::of(Timestamp::from_ms(*ms).unwrap(), ZONES[zone]));
            let days: std::collections::BTreeSet<Day> = days.collect();
            prop_assert_eq!(let_through(Account::Subscription, &moments, ZONES[zone]).len(), days.len());
        }

        #[test]
        fn a_day_lies_within_its_own_window(number in 0i32..40_000) {
            let day = Day::from_number(number);
            for account in [Account::Subscription, Account::Service, Account::MentionAll] {
                let window = account.quota(&PushQuotas::default()).window(day);
                prop_assert!(window.from <= day && day < window.until);
            }
        }
    }

    #[test]
    fn a_month_is_the_calendars() {
        let window = |day: &str| {
            let window = Account::Service.quota(&PushQuotas::default()).window(day.parse().unwrap());
            (window.from.to_string(), window.until.to_string())
        };
        assert_eq!(window("2024-02-29"), ("2024-02-01".to_owned(), "2024-03-01".to_owned()));
        assert_eq!(window("2026-12-31"), ("2026-12-01".to_owned(), "2027-01-01".to_owned()));
    }
}
