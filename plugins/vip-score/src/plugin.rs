//! The plugin itself: the only file that talks to the host.

use usher_plugin::prelude::*;

use crate::judge::{Members, Scales, judge};
use crate::scale::Scale;
use crate::settings::Settings;

const MEMBER_DAYS: &str = "member_days";
const STRIKES: &str = "strikes";
const PURCHASE_SINCE: &str = "purchases.since@365d";
const PURCHASES: &str = "purchases@90d";
const PURCHASE_FEN: &str = "purchase_fen@90d";
const ANSWERS: &str = "answers@90d";
const PEOPLE: &str = "helped.people@90d";
const ACTIVE_DAYS: &str = "messages.days@90d";

const FEN: f64 = 100.0;

/// Finds VIP candidates.
#[derive(Debug)]
pub struct VipScore {
    settings: Settings,
}

impl Score for VipScore {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("vip-score", env!("CARGO_PKG_VERSION"))
            .summary("VIP candidates: members who pay, and members who help others")
            .columns([MEMBER_DAYS, STRIKES, PURCHASE_SINCE, PURCHASES, PURCHASE_FEN, ANSWERS, PEOPLE, ACTIVE_DAYS])
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        if settings.quantiles.middle < settings.quantiles.top {
            Ok(Self { settings })
        } else {
            Err("quantiles: middle is below top".to_owned())
        }
    }

    fn score(&self, members: &Table<'_>) -> Result<(), String> {
        let columns = Members {
            member_days: members.numbers(MEMBER_DAYS)?,
            strikes: members.numbers(STRIKES)?,
            purchase_since: members.numbers(PURCHASE_SINCE)?,
            purchases: members.numbers(PURCHASES)?,
            purchase_fen: members.numbers(PURCHASE_FEN)?,
            answers: members.numbers(ANSWERS)?,
            people: members.numbers(PEOPLE)?,
            active_days: members.numbers(ACTIVE_DAYS)?,
        };
        let judged = judge(&self.settings, &self.scales(*members)?, &columns);
        for (reason, points) in &judged.contributions {
            members.contribute(reason, points)?;
        }
        for (row, reason) in &judged.exclusions {
            members.exclude(*row, reason);
        }
        for (row, label) in &judged.labels {
            members.label(*row, label);
        }
        Ok(())
    }
}

impl VipScore {
    fn scales(&self, members: Table<'_>) -> Result<Scales, String> {
        let Settings { quantiles, floors, .. } = &self.settings;
        let scale = |column: &str, floor: f64| {
            let at = members.quantiles(column, &[quantiles.middle, quantiles.top])?;
            match at[..] {
                [middle, top] => Ok::<_, String>(Scale::new(middle, top, floor)),
                _ => Err(format!("two quantiles of `{column}` were asked for")),
            }
        };
        let recent = members.quantiles(PURCHASE_SINCE, &[1.0 - quantiles.top, quantiles.top])?;
        let recent = match recent[..] {
            [newest, oldest] => Scale::of_days(newest, oldest, floors.recent_days),
            _ => return Err(format!("two quantiles of `{PURCHASE_SINCE}` were asked for")),
        };
        Ok(Scales {
            purchase_since: recent,
            purchases: scale(PURCHASES, floors.purchases)?,
            purchase_fen: scale(PURCHASE_FEN, floors.yuan * FEN)?,
            answers: scale(ANSWERS, floors.answers)?,
            people: scale(PEOPLE, floors.people)?,
            active_days: scale(ACTIVE_DAYS, floors.active_days)?,
        })
    }
}
