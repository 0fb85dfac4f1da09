//! The plugin itself: the only file that talks to the host.

use usher_plugin::prelude::*;

use crate::rate::{Counts, Rate};
use crate::settings::Settings;
use crate::taste::{Items, Rates, taste};

const IMPRESSIONS: &str = "impressions@90d";
const READS: &str = "reads@90d";
const CONVERSIONS: &str = "conversions@90d";
const SEGMENT_IMPRESSIONS: &str = "impressions.segment@90d";
const SEGMENT_READS: &str = "reads.segment@90d";
const SEGMENT_CONVERSIONS: &str = "conversions.segment@90d";
const TOPIC_IMPRESSIONS: &str = "impressions.topic@90d";
const TOPIC_READS: &str = "reads.topic@90d";

/// Where what is usual is looked up: the mean of these quantiles is close to that of all.
const EVENLY: [f64; 10] = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];
/// What is usual where nobody has read anything yet.
const READ_OF_SHOWN: f64 = 0.1;
const CONVERTED_OF_READ: f64 = 0.05;

/// Ranks what a member may like.
#[derive(Debug)]
pub struct MemberTaste {
    settings: Settings,
}

impl Rank for MemberTaste {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("member-taste", env!("CARGO_PKG_VERSION"))
            .summary("What a member may like, from what others of their segment read and buy")
            .columns(["kind", "topic", "age_hours", IMPRESSIONS, READS, CONVERSIONS])
            .columns([SEGMENT_IMPRESSIONS, SEGMENT_READS, SEGMENT_CONVERSIONS, TOPIC_IMPRESSIONS, TOPIC_READS])
            .settings_schema(include_str!("settings.schema.json"))
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { settings })
    }

    fn rank(&self, items: &Table<'_>) -> Result<(), String> {
        let columns = Items {
            kind: items.texts("kind")?,
            topic: items.texts("topic")?,
            age_hours: items.numbers("age_hours")?,
            read: counts(*items, IMPRESSIONS, READS)?,
            segment_read: counts(*items, SEGMENT_IMPRESSIONS, SEGMENT_READS)?,
            converted: counts(*items, READS, CONVERSIONS)?,
            segment_converted: counts(*items, SEGMENT_READS, SEGMENT_CONVERSIONS)?,
            topic_read: counts(*items, TOPIC_IMPRESSIONS, TOPIC_READS)?,
        };
        let interests = items.parameter(&format!("attribute:{}", self.settings.interests_attribute));
        let interests: Vec<String> = interests.unwrap_or_default().split([',', '，']).map(trimmed).collect();
        let judged = taste(&self.settings, &self.rates(*items)?, &interests, &columns);
        for (reason, points) in &judged.contributions {
            items.contribute(reason, points)?;
        }
        for (row, label) in &judged.labels {
            items.label(*row, label);
        }
        Ok(())
    }
}

impl MemberTaste {
    fn rates(&self, items: Table<'_>) -> Result<Rates, String> {
        let tries = self.settings.tries;
        let usual = |tried: &str, came: &str, otherwise: f64| {
            let sum = |column| Ok::<f64, String>(items.quantiles(column, &EVENLY)?.iter().sum());
            Ok::<_, String>(Rate::usual(Counts { tried: sum(tried)?, came: sum(came)? }, otherwise, tries))
        };
        Ok(Rates {
            read: usual(IMPRESSIONS, READS, READ_OF_SHOWN)?,
            converted: usual(READS, CONVERSIONS, CONVERTED_OF_READ)?,
            topic: usual(TOPIC_IMPRESSIONS, TOPIC_READS, READ_OF_SHOWN)?,
        })
    }
}

fn trimmed(interest: &str) -> String {
    interest.trim().to_owned()
}

/// Two columns as counts, row by row.
fn counts(items: Table<'_>, tried: &str, came: &str) -> Result<Vec<Counts>, String> {
    let came = items.numbers(came)?;
    Ok(items.numbers(tried)?.into_iter().zip(came).map(|(tried, came)| Counts { tried, came }).collect())
}
