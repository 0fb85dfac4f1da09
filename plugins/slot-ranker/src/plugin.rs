//! The plugin itself: the only file that talks to the host.

use usher_plugin::prelude::*;

use crate::rank::{Items, Occasion, Rates, rank};
use crate::rate::{Counts, Rate};
use crate::settings::Settings;

const IMPRESSIONS: &str = "impressions@30d";
const READS: &str = "reads@30d";
const SHARES: &str = "shares@30d";
const CONVERSIONS: &str = "conversions@30d";
const TOPIC_IMPRESSIONS: &str = "impressions.topic@90d";
const TOPIC_READS: &str = "reads.topic@90d";
const FORMAT_IMPRESSIONS: &str = "impressions.format@90d";
const FORMAT_READS: &str = "reads.format@90d";

/// Where what is usual is looked up: the mean of these quantiles is close to that of all.
const EVENLY: [f64; 10] = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];
/// What is usual where nobody has read anything yet.
const READ_OF_SHOWN: f64 = 0.1;
const SHARED_OF_READ: f64 = 0.05;
const CONVERTED_OF_READ: f64 = 0.05;

/// Ranks what could be posted in a slot.
#[derive(Debug)]
pub struct SlotRanker {
    settings: Settings,
}

impl Rank for SlotRanker {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("slot-ranker", env!("CARGO_PKG_VERSION"))
            .summary("What to post in a slot: fit to the group, freshness, and what came of showing it")
            .columns(["kind", "topic", "format", "age_hours", IMPRESSIONS, READS, SHARES, CONVERSIONS])
            .columns([TOPIC_IMPRESSIONS, TOPIC_READS, FORMAT_IMPRESSIONS, FORMAT_READS])
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { settings })
    }

    fn rank(&self, items: &Table<'_>) -> Result<(), String> {
        let read = counts(*items, IMPRESSIONS, READS)?;
        let columns = Items {
            kind: items.texts("kind")?,
            topic: items.texts("topic")?,
            format: items.texts("format")?,
            age_hours: items.numbers("age_hours")?,
            shared: counts(*items, READS, SHARES)?,
            converted: counts(*items, READS, CONVERSIONS)?,
            topic_read: counts(*items, TOPIC_IMPRESSIONS, TOPIC_READS)?,
            format_read: counts(*items, FORMAT_IMPRESSIONS, FORMAT_READS)?,
            read,
        };
        let parameter = |name: &str| items.parameter(name).unwrap_or_default();
        let occasion = Occasion { slot: parameter("slot"), group_kind: parameter("group_kind") };
        for (reason, points) in rank(&self.settings, &self.rates(*items)?, &occasion, &columns) {
            items.contribute(reason, &points)?;
        }
        Ok(())
    }
}

impl SlotRanker {
    fn rates(&self, items: Table<'_>) -> Result<Rates, String> {
        let tries = self.settings.tries;
        let usual = |tried: &str, came: &str, otherwise: f64| {
            let sum = |column| Ok::<f64, String>(items.quantiles(column, &EVENLY)?.iter().sum());
            Ok::<_, String>(Rate::usual(Counts { tried: sum(tried)?, came: sum(came)? }, otherwise, tries))
        };
        Ok(Rates {
            read: usual(IMPRESSIONS, READS, READ_OF_SHOWN)?,
            shared: usual(READS, SHARES, SHARED_OF_READ)?,
            converted: usual(READS, CONVERSIONS, CONVERTED_OF_READ)?,
            taste: usual(TOPIC_IMPRESSIONS, TOPIC_READS, READ_OF_SHOWN)?,
        })
    }
}

/// Two columns as counts, row by row.
fn counts(items: Table<'_>, tried: &str, came: &str) -> Result<Vec<Counts>, String> {
    let came = items.numbers(came)?;
    Ok(items.numbers(tried)?.into_iter().zip(came).map(|(tried, came)| Counts { tried, came }).collect())
}
