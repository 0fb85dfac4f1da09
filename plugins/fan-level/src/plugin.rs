//! The plugin itself: the only file that talks to the host.

use usher_plugin::prelude::*;

use crate::judge::{Members, Windows, judge};
use crate::settings::Settings;

const LABELS: &str = "labels";

/// A column for each window of `WINDOWS_DAYS`.
macro_rules! windows {
    ($measure:literal) => {
        [concat!($measure, "@30d"), concat!($measure, "@90d"), concat!($measure, "@180d"), concat!($measure, "@365d")]
    };
}

const MESSAGES: [&str; 4] = windows!("messages.days");
const CHECKINS: [&str; 4] = windows!("checkins.days");
const READS: [&str; 4] = windows!("reads.days");
const SHARES: [&str; 4] = windows!("shares.days");
const HELPED_DAYS: [&str; 4] = windows!("helped.days");
const HELPED_PEOPLE: [&str; 4] = windows!("helped.people");
const PURCHASES: [&str; 4] = windows!("purchases.days");
const INVITES: [&str; 4] = windows!("invites.days");
const RED_PACKETS: [&str; 4] = windows!("red_packets.days");
const ALL: [[&str; 4]; 9] =
    [MESSAGES, CHECKINS, READS, SHARES, HELPED_DAYS, HELPED_PEOPLE, PURCHASES, INVITES, RED_PACKETS];

/// Gives members levels.
#[derive(Debug)]
pub struct FanLevel {
    settings: Settings,
}

impl Score for FanLevel {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("fan-level", env!("CARGO_PKG_VERSION"))
            .summary("Levels of loyal fans: hard to reach, slow to decay, nothing to farm")
            .columns(ALL.into_iter().flatten())
            .columns([LABELS])
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        settings.check()?;
        Ok(Self { settings })
    }

    fn score(&self, members: &Table<'_>) -> Result<(), String> {
        let windows = |[a, b, c, d]: [&str; 4]| -> Result<Windows, String> {
            Ok([members.numbers(a)?, members.numbers(b)?, members.numbers(c)?, members.numbers(d)?])
        };
        let columns = Members {
            messages: windows(MESSAGES)?,
            checkins: windows(CHECKINS)?,
            reads: windows(READS)?,
            shares: windows(SHARES)?,
            helped_days: windows(HELPED_DAYS)?,
            helped_people: windows(HELPED_PEOPLE)?,
            purchases: windows(PURCHASES)?,
            invites: windows(INVITES)?,
            red_packets: windows(RED_PACKETS)?,
            labels: members.texts(LABELS)?,
        };
        let judged = judge(&self.settings, &columns);
        for (reason, points) in &judged.contributions {
            members.contribute(reason, points)?;
        }
        for (row, label) in &judged.labels {
            members.label(*row, label);
        }
        Ok(())
    }
}
