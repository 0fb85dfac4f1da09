//! What a ranking comes to: what is recommended, and what became of everything else. Pure, and the same bytes whenever it
//! is made again.

use super::chance::Chance;
use super::compose::{Fate, Mix, Offer, Shown, Variety, compose};
use super::fit::Refused;
use super::quota::Account;
use crate::runs::{Columns, Exact, Line, Overflow, Part, PlannedRun, Remark, Said, combine};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use usher_model::{Content, Day, Digest, MemberId, Mode, Timestamp};
use usher_text::{Likeness, fold};
use utoipa::ToSchema;

/// What the host has to know of a content that is ranked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Words {
    pub(crate) topic: String,
    pub(crate) author: String,
    pub(crate) format: String,
    pub(crate) title: String,
}

impl Words {
    pub(crate) fn of(content: &Content) -> Self {
        Self {
            topic: content.topic.clone(),
            author: content.author.clone(),
            format: content.format.clone(),
            title: content.title.clone(),
        }
    }
}

/// A push of an account's quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct QuotaUse {
    /// Which account.
    pub(crate) account: Account,
    /// How many pushes a recipient may get from the first of these days to the last.
    pub(crate) limit: u32,
    /// The first day of those that count together.
    pub(crate) from: Day,
    /// The day after the last.
    pub(crate) until: Day,
    /// False when it was used up already: then nothing is recommended.
    pub(crate) reserved: bool,
}

/// What a ranking was asked and found, beside the columns: kept with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RankHead {
    /// Of the host's version: where it differs, a replay may.
    pub(crate) engine: Digest,
    pub(crate) at: Timestamp,
    pub(crate) slot: String,
    pub(crate) member: Option<MemberId>,
    pub(crate) segment: String,
    pub(crate) limit: u32,
    pub(crate) variety: Variety,
    pub(crate) explore_percent: f64,
    /// What is drawn is decided by these words.
    pub(crate) seed: Vec<String>,
    pub(crate) plugins: Vec<PlannedRun>,
    pub(crate) parameters: BTreeMap<Box<str>, Box<str>>,
    /// Of each row of the columns.
    pub(crate) words: Vec<Words>,
    /// What was seen within the window of the variety.
    pub(crate) shown: Vec<Words>,
    /// What is not ranked at all.
    pub(crate) refused: BTreeMap<String, Refused>,
    pub(crate) quota: Option<QuotaUse>,
}

/// What a ranking comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct RankSummary {
    /// What it is for.
    pub(crate) slot: String,
    /// For whom; for the group as a whole when none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) member: Option<MemberId>,
    /// The segment that the recipient belongs to.
    pub(crate) segment: String,
    /// How many were asked for.
    pub(crate) limit: u32,
    /// How much of the same there may be.
    pub(crate) variety: Variety,
    /// The share of places that is left to chance.
    pub(crate) explore_percent: f64,
    /// Who took part.
    pub(crate) plugins: Vec<Part>,
    /// What the points of each row are for.
    pub(crate) lines: Vec<Line>,
    /// The same for plugins in shadow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) shadow_lines: Vec<Line>,
    /// How many contents were ranked.
    pub(crate) ranked: u64,
    /// How many were not, because they are for others, at another time, or were seen.
    pub(crate) refused: u64,
    /// How many are recommended: they come first.
    pub(crate) recommended: u64,
    /// How many of these by chance.
    pub(crate) explored: u64,
    /// The push that is reserved for it, if it is for an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) quota: Option<QuotaUse>,
}

/// What a ranking says of one content, as it is kept: points by the summary's lines.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct RankRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) score: Option<Exact>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) points: Vec<Exact>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) shadow_points: Vec<Exact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fate: Option<Fate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<Refused>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) remarks: Vec<Remark>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) labels: Vec<Remark>,
}

impl RankRow {
    pub(crate) fn is_recommended(&self) -> bool {
        self.fate.is_some_and(Fate::is_taken)
    }
}

/// What a run comes to, and its rows, by id.
pub(crate) type Ranked = (RankSummary, Vec<(Box<str>, RankRow)>);

/// Everything in order, and what it comes to.
pub(crate) fn outcome(head: &RankHead, columns: &Columns, said: &[Said], fuel: &[u64]) -> Result<Ranked, Overflow> {
    let rows = columns.ids.len();
    let (sheet, shadow) = (combine(rows, said, Mode::Enforce)?, combine(rows, said, Mode::Shadow)?);
    let offers = columns.ids.iter().zip(&head.words).enumerate().map(|(row, (id, words))| Offer {
        id,
        score: sheet.scores[row],
        topic: &words.topic,
        author: &words.author,
        format: &words.format,
        title: likeness(&words.title),
        excluded: !sheet.excluded[row].is_empty(),
    });
    let offers: Vec<Offer<'_>> = offers.collect();
    let shown = head.shown.iter().map(|words| Shown {
        topic: &words.topic,
        author: &words.author,
        title: likeness(&words.title),
    });
    let shown: Vec<Shown<'_>> = shown.collect();
    let mix = Mix { limit: head.limit as usize, variety: head.variety, explore_percent: head.explore_percent };
    let seed: Vec<&str> = head.seed.iter().map(String::as_str).collect();
    let mut all: Vec<(Box<str>, RankRow)> = Vec::with_capacity(rows + head.refused.len());
    for (row, fate) in compose(&offers, &shown, &mix, &mut Chance::of(&seed)) {
        all.push((
            columns.ids[row].clone(),
            RankRow {
                score: Some(Exact(sheet.scores[row])),
                points: sheet.points_of(row),
                shadow_points: shadow.points_of(row),
                fate: Some(within(head, fate)),
                refused: None,
                remarks: sheet.excluded[row].clone(),
                labels: sheet.labels[row].clone(),
            },
        ));
    }
    let refused = |(id, refused): (&String, &Refused)| {
        (id.as_str().into(), RankRow { refused: Some(*refused), ..RankRow::default() })
    };
    all.extend(head.refused.iter().map(refused));
    let count = |wanted: fn(Fate) -> bool| all.iter().filter(|(_, row)| row.fate.is_some_and(wanted)).count() as u64;
    let summary = RankSummary {
        slot: head.slot.clone(),
        member: head.member.clone(),
        segment: head.segment.clone(),
        limit: head.limit,
        variety: head.variety,
        explore_percent: head.explore_percent,
        plugins: head.plugins.iter().zip(fuel).map(|(planned, fuel)| Part::of(planned, *fuel)).collect(),
        lines: sheet.lines,
        shadow_lines: shadow.lines,
        ranked: rows as u64,
        refused: head.refused.len() as u64,
        recommended: count(Fate::is_taken),
        explored: count(|fate| fate == Fate::Explored),
        quota: head.quota.clone(),
    };
    Ok((summary, all))
}

/// What is taken, is only where there is a push left to take it.
fn within(head: &RankHead, fate: Fate) -> Fate {
    let used_up = head.quota.as_ref().is_some_and(|quota| !quota.reserved);
    if fate.is_taken() && used_up { Fate::QuotaUsedUp } else { fate }
}

fn likeness(title: &str) -> Likeness {
    Likeness::new(&fold(title))
}
