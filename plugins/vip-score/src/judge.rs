//! What speaks for a member, and what stands in the way. Pure.

use crate::scale::{Scale, points};
use crate::settings::Settings;

/// Members, column by column, of the last 90 days where there is a window.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Members {
    /// Days since they joined; NaN when it is not known.
    pub member_days: Vec<f64>,
    /// Weight of strikes that have not expired.
    pub strikes: Vec<f64>,
    /// Days since the last purchase; NaN when there was none in a year.
    pub purchase_since: Vec<f64>,
    /// Purchases.
    pub purchases: Vec<f64>,
    /// What was paid, in fen.
    pub purchase_fen: Vec<f64>,
    /// Answers that were accepted.
    pub answers: Vec<f64>,
    /// Distinct members who were helped by them.
    pub people: Vec<f64>,
    /// Distinct days with a message.
    pub active_days: Vec<f64>,
}

/// The whole population, measure by measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Scales {
    /// Of [`Members::purchase_since`]: low is recent.
    pub purchase_since: Scale,
    /// Of [`Members::purchases`].
    pub purchases: Scale,
    /// Of [`Members::purchase_fen`].
    pub purchase_fen: Scale,
    /// Of [`Members::answers`].
    pub answers: Scale,
    /// Of [`Members::people`].
    pub people: Scale,
    /// Of [`Members::active_days`].
    pub active_days: Scale,
}

/// What is said of the members.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// Reasons in order, each with its points for every row.
    pub contributions: Vec<(&'static str, Vec<f64>)>,
    /// Rows that can't be candidates, and why.
    pub exclusions: Vec<(usize, String)>,
    /// The road on which a row comes far enough to be named after it.
    pub labels: Vec<(usize, String)>,
}

/// What people read, in the order of the points in [`Row`].
const REASONS: [&str; 6] = [
    "付费：最近一次购买的时间（越近越高）",
    "付费：近90天购买次数（与全体相比）",
    "付费：近90天消费金额（与全体相比）",
    "助人：近90天被采纳的回答（与全体相比，同一人最多计几次）",
    "助人：近90天帮助过的不同成员（与全体相比）",
    "助人：近90天发言的天数（不高于助人的程度）",
];

/// Points of one member, reason by reason.
type Row = [f64; 6];

/// Judges all members.
pub fn judge(settings: &Settings, scales: &Scales, members: &Members) -> Judged {
    let mut judged = Judged::default();
    let mut rows: Vec<Row> = Vec::with_capacity(members.member_days.len());
    for row in 0..members.member_days.len() {
        let (points, road) = of_roads(settings, scales, members, row);
        rows.push(points);
        if let Some(reason) = gate(settings, members.member_days[row], members.strikes[row]) {
            judged.exclusions.push((row, reason));
        } else if points.iter().sum::<f64>() >= settings.labels.from && !road.is_empty() {
            judged.labels.push((row, road.to_owned()));
        }
    }
    let columns = REASONS.iter().enumerate();
    judged.contributions =
        columns.map(|(column, reason)| (*reason, rows.iter().map(|row| row[column]).collect())).collect();
    judged
}

/// Points on both roads: all of the better one, a part of the other. And what the better one is called.
fn of_roads<'s>(settings: &'s Settings, scales: &Scales, members: &Members, row: usize) -> (Row, &'s str) {
    let Settings { paying, helping, .. } = settings;
    let paid = [
        paying.recency * scales.purchase_since.share_of_recent(members.purchase_since[row]),
        paying.frequency * scales.purchases.share(members.purchases[row]),
        paying.amount * scales.purchase_fen.share(members.purchase_fen[row]),
    ];
    let people = members.people[row];
    // Answers to the same few people, again and again, are a farm or a friendship.
    let answers = members.answers[row].min(people * helping.answers_per_person);
    let reach = scales.people.share(people);
    let helped = [
        helping.answers * scales.answers.share(answers),
        helping.people * reach,
        // Being there counts for those who help while they are there.
        helping.active_days * scales.active_days.share(members.active_days[row]).min(reach),
    ];
    let pays_more = paid.iter().sum::<f64>() >= helped.iter().sum::<f64>();
    let (of_paid, of_helped) = if pays_more { (1.0, settings.other_road) } else { (settings.other_road, 1.0) };
    let row = [
        points(paid[0], of_paid),
        points(paid[1], of_paid),
        points(paid[2], of_paid),
        points(helped[0], of_helped),
        points(helped[1], of_helped),
        points(helped[2], of_helped),
    ];
    (row, if pays_more { &settings.labels.paying } else { &settings.labels.helping })
}

/// Why somebody can't be a candidate yet.
fn gate(settings: &Settings, member_days: f64, strikes: f64) -> Option<String> {
    let least = settings.gate.least_days;
    if strikes > settings.gate.most_strikes {
        return Some(format!("有未过期的违规记录（{strikes}分，最多{}分）", settings.gate.most_strikes));
    }
    if member_days.is_nan() {
        return (least > 0.0).then(|| format!("入群时间未知，需满{least}天"));
    }
    (member_days < least).then(|| format!("入群{}天，未满{least}天", member_days.floor()))
}
