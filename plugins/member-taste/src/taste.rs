//! What speaks for an item, and how to say it to the member. Pure.

use crate::rate::{Counts, Rate};
use crate::settings::Settings;

/// Items, column by column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items {
    /// What they are.
    pub kind: Vec<String>,
    /// What they are about.
    pub topic: Vec<String>,
    /// Hours since they are there; NaN when it is not known.
    pub age_hours: Vec<f64>,
    /// How often the item was shown in the brand, and read.
    pub read: Vec<Counts>,
    /// The same in the member's segment.
    pub segment_read: Vec<Counts>,
    /// How often it was read in the brand, and led to what it was for.
    pub converted: Vec<Counts>,
    /// The same in the member's segment.
    pub segment_converted: Vec<Counts>,
    /// How often anything of its topic was shown in the segment, and read.
    pub topic_read: Vec<Counts>,
}

/// What is usual among all items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Read of shown.
    pub read: Rate,
    /// Converted of read.
    pub converted: Rate,
    /// Read of shown, by topic.
    pub topic: Rate,
}

/// What is said of the items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// Reasons in order, each with its points for every row.
    pub contributions: Vec<(&'static str, Vec<f64>)>,
    /// Why this one, in a sentence for the member.
    pub labels: Vec<(usize, String)>,
}

/// What people read, in the order of [`crate::Weights`].
const REASONS: [&str; 5] =
    ["与本人兴趣一致", "同类成员对该话题的阅读", "同类成员的阅读率", "同类成员的转化率", "新鲜度"];

/// Judges all items for a member with these interests.
pub fn taste(settings: &Settings, rates: &Rates, interests: &[String], items: &Items) -> Judged {
    let rows: Vec<[f64; 5]> =
        (0..items.age_hours.len()).map(|row| of(settings, rates, interests, items, row)).collect();
    let labels = rows.iter().enumerate().map(|(row, points)| (row, sentence(settings, items, row, points)));
    let labels = labels.collect();
    let columns = REASONS.into_iter().enumerate();
    let contributions =
        columns.map(|(column, reason)| (reason, rows.iter().map(|row| row[column]).collect())).collect();
    Judged { contributions, labels }
}

fn of(settings: &Settings, rates: &Rates, interests: &[String], items: &Items, row: usize) -> [f64; 5] {
    let weights = &settings.weights;
    let matches = |interest: &String| *interest == items.topic[row] || *interest == items.kind[row];
    let own = interests.iter().any(|interest| !interest.is_empty() && matches(interest));
    let age_days = items.age_hours[row].max(0.0) / 24.0;
    let fresh = if items.age_hours[row].is_nan() { 0.5 } else { 1.0 / (1.0 + age_days / settings.half_life_days) };
    [
        if own { weights.interest } else { 0.0 },
        weights.topic * rates.topic.standing(items.topic_read[row]),
        weights.reads * rates.read.standing_within(items.read[row], items.segment_read[row]),
        weights.conversions * rates.converted.standing_within(items.converted[row], items.segment_converted[row]),
        weights.fresh * fresh,
    ]
    .map(|points| (points * 100.0).round() / 100.0)
}

/// What speaks for it most, beside what would be said of anything.
fn sentence(settings: &Settings, items: &Items, row: usize, points: &[f64; 5]) -> String {
    let weights = &settings.weights;
    let (shown, read) = (items.segment_read[row].tried, items.segment_read[row].came);
    let converted = items.segment_converted[row].came;
    let above = [
        points[0],
        points[1] - weights.topic / 2.0,
        if read > 0.0 { points[2] - weights.reads / 2.0 } else { 0.0 },
        if converted > 0.0 { points[3] - weights.conversions / 2.0 } else { 0.0 },
    ];
    let best = (0..above.len()).max_by(|a, b| above[*a].total_cmp(&above[*b]).then(b.cmp(a)));
    let topic = if items.topic[row].is_empty() { &items.kind[row] } else { &items.topic[row] };
    match best.filter(|best| above[*best] > 0.0) {
        Some(0) => format!("你关注“{topic}”"),
        Some(1) => format!("和你相近的成员爱看“{topic}”"),
        Some(2) => format!("和你相近的成员看到{shown}次，读了{read}次"),
        Some(_) => format!("和你相近的成员中，读过后有{converted}次下单或参与"),
        None => "新内容，先给你看看".to_owned(),
    }
}
