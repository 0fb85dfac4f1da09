//! What speaks for an item in a slot. Pure.

use crate::rate::{Counts, Rate};
use crate::settings::Settings;

/// Items, column by column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items {
    /// What they are.
    pub kind: Vec<String>,
    /// What they are about.
    pub topic: Vec<String>,
    /// `text`, `image`, `article`, ...
    pub format: Vec<String>,
    /// Hours since they may be posted; NaN when it is not known.
    pub age_hours: Vec<f64>,
    /// How often the item was shown in the brand, and read.
    pub read: Vec<Counts>,
    /// How often it was read in the brand, and shared.
    pub shared: Vec<Counts>,
    /// How often it was read in the brand, and led to what it was for.
    pub converted: Vec<Counts>,
    /// How often anything of its topic was shown in this group, and read.
    pub topic_read: Vec<Counts>,
    /// How often anything of its format was shown in this group, and read.
    pub format_read: Vec<Counts>,
}

/// What is usual among all items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Read of shown.
    pub read: Rate,
    /// Shared of read.
    pub shared: Rate,
    /// Converted of read.
    pub converted: Rate,
    /// Read of shown, by topic and by format, in the group.
    pub taste: Rate,
}

/// Why items are ranked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occasion {
    /// The slot; empty when it is none.
    pub slot: String,
    /// The kind of the group; empty when it has none.
    pub group_kind: String,
}

/// What people read, in the order of [`crate::Weights`].
const REASONS: [&str; 8] = [
    "契合群类型的设置",
    "本群对该话题的阅读（多看多推）",
    "新鲜度",
    "适合该时段的形式",
    "本群对该形式的阅读",
    "阅读率（全品牌）",
    "转发率（全品牌）",
    "转化率（全品牌）",
];

/// Reasons in order, each with its points for every row.
pub fn rank(settings: &Settings, rates: &Rates, occasion: &Occasion, items: &Items) -> Vec<(&'static str, Vec<f64>)> {
    let rows: Vec<[f64; 8]> = (0..items.age_hours.len()).map(|row| of(settings, rates, occasion, items, row)).collect();
    let columns = REASONS.into_iter().enumerate();
    columns.map(|(column, reason)| (reason, rows.iter().map(|row| row[column]).collect())).collect()
}

fn of(settings: &Settings, rates: &Rates, occasion: &Occasion, items: &Items, row: usize) -> [f64; 8] {
    let weights = &settings.weights;
    let words = [items.topic[row].as_str(), items.kind[row].as_str(), items.format[row].as_str()];
    [
        weights.fit * settings.fits(&settings.kinds, &occasion.group_kind, &words),
        weights.topic * rates.taste.standing(items.topic_read[row]),
        weights.fresh * fresh(items.age_hours[row], settings.half_life_days(&items.kind[row])),
        weights.slot * settings.fits(&settings.slots, &occasion.slot, &words),
        weights.format * rates.taste.standing(items.format_read[row]),
        weights.reads * rates.read.standing(items.read[row]),
        weights.shares * rates.shared.standing(items.shared[row]),
        weights.conversions * rates.converted.standing(items.converted[row]),
    ]
    .map(|points| (points * 100.0).round() / 100.0)
}

/// 1 when it is new, one half after its half-life. What has no date is as old as its half-life.
fn fresh(age_hours: f64, half_life_days: f64) -> f64 {
    let age_days = if age_hours.is_nan() { half_life_days } else { age_hours.max(0.0) / 24.0 };
    half_life_days / (half_life_days + age_days)
}
