//! Points by source, and the level that they make. Pure.

use crate::settings::{Level, Settings};

/// Days of one source in the last 30, 90, 180 and 365 days, for each row.
pub type Windows = [Vec<f64>; 4];

/// Members, column by column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Members {
    /// Days with a message.
    pub messages: Windows,
    /// Days with a check-in.
    pub checkins: Windows,
    /// Days on which something was read.
    pub reads: Windows,
    /// Days on which something was shared.
    pub shares: Windows,
    /// Days on which somebody was helped.
    pub helped_days: Windows,
    /// Distinct members helped.
    pub helped_people: Windows,
    /// Days with a purchase.
    pub purchases: Windows,
    /// Days on which an invitation was accepted.
    pub invites: Windows,
    /// Days with a red packet.
    pub red_packets: Windows,
    /// The labels that they have, one a line; the level of the last run among them.
    pub labels: Vec<String>,
}

/// What is said of the members.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// Reasons in order, each with its points for every row.
    pub contributions: Vec<(&'static str, Vec<f64>)>,
    /// The names of the rows' levels.
    pub labels: Vec<(usize, String)>,
}

/// What people read: light sources, earned ones, and the cap.
const REASONS: [&str; 9] = [
    "发言的天数（每天只计一次）",
    "打卡的天数（每天只计一次）",
    "阅读的天数（每天只计一次）",
    "分享的天数（每天只计一次）",
    "帮助过的不同成员（每天只计一次）",
    "购买的天数（每天只计一次）",
    "邀请到新成员的天数（每天只计一次）",
    "发红包的天数（每天只计一次）",
    "封顶：轻松得来的分，不超过助人、购买等换来的分",
];

/// Judges all members.
pub fn judge(settings: &Settings, members: &Members) -> Judged {
    let mut columns: Vec<Vec<f64>> = REASONS.iter().map(|_| Vec::with_capacity(members.labels.len())).collect();
    let mut labels = Vec::new();
    for row in 0..members.labels.len() {
        let points = of(settings, members, row);
        let score = points.iter().sum::<f64>();
        if let Some(level) = level(&settings.levels, settings.keep_share, score, &members.labels[row]) {
            labels.push((row, level.name.clone()));
        }
        for (column, points) in columns.iter_mut().zip(points) {
            column.push(points);
        }
    }
    Judged { contributions: REASONS.into_iter().zip(columns).collect(), labels }
}

/// Points of one member, in the order of [`REASONS`].
fn of(settings: &Settings, members: &Members, row: usize) -> Vec<f64> {
    let Settings { light, earned, .. } = settings;
    let days = |windows: &Windows| settings.decay.weigh(at(windows, row));
    // A day counts once, and so does somebody helped, whichever is less.
    let helped = settings.decay.weigh(less(at(&members.helped_days, row), at(&members.helped_people, row)));
    let light = [
        light.messages * days(&members.messages),
        light.checkins * days(&members.checkins),
        light.reads * days(&members.reads),
        light.shares * days(&members.shares),
    ]
    .map(hundredths);
    let earned = [
        earned.helped * helped,
        earned.purchases * days(&members.purchases),
        earned.invites * days(&members.invites),
        earned.red_packets * days(&members.red_packets),
    ]
    .map(hundredths);
    let most = settings.light_free + earned.iter().sum::<f64>();
    let beyond = hundredths((light.iter().sum::<f64>() - most).max(0.0));
    // Never minus nothing: people read it.
    let cap = if beyond > 0.0 { -beyond } else { 0.0 };
    light.into_iter().chain(earned).chain([cap]).collect()
}

/// The highest level that is reached; one that was had is kept a while longer, and then lost step by step.
fn level<'l>(levels: &'l [Level], keep_share: f64, score: f64, labels: &str) -> Option<&'l Level> {
    let reached = levels.iter().take_while(|level| score >= level.points).count();
    let had = levels.iter().rposition(|level| labels.lines().any(|label| label == level.name)).map(|index| index + 1);
    let number = match had {
        Some(had) if had > reached => {
            let kept = levels.get(had - 1).is_some_and(|level| score >= level.points * keep_share);
            // One step down, however far the points fell.
            if kept { had } else { had - 1 }
        }
        _ => reached,
    };
    levels.get(number.checked_sub(1)?)
}

fn at(windows: &Windows, row: usize) -> [f64; 4] {
    [0, 1, 2, 3].map(|window: usize| windows[window].get(row).copied().unwrap_or(f64::NAN))
}

fn less(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [0, 1, 2, 3].map(|window: usize| a[window].min(b[window]))
}

fn hundredths(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
