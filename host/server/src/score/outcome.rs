//! What a scoring comes to: everybody's place, score and reasons, beside how it was in the run before. Pure, and the same
//! bytes whenever it is made again.

use super::choose::{Candidate, Rules, Why, choose};
use crate::runs::{Columns, Exact, Line, Overflow, Part, PlannedRun, Remark, Said, combine};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use usher_model::{Digest, Mode, RunId, Timestamp};
use utoipa::ToSchema;

/// Who speaks when it is no plugin.
pub(crate) const PEOPLE: &str = "people";

/// What people say of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stand {
    /// In, whatever the score and the plugins say.
    Pin,
    /// Out, whatever the score.
    Exclude,
}

/// What people said of a candidate, as it is kept with a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Word {
    pub(crate) stand: Stand,
    pub(crate) reason: String,
}

/// What a scoring was asked and found, beside the columns: kept with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ScoreHead {
    /// Of the host's version: where it differs, a replay may.
    pub(crate) engine: Digest,
    pub(crate) at: Timestamp,
    pub(crate) series: String,
    pub(crate) rules: Rules,
    pub(crate) plugins: Vec<PlannedRun>,
    pub(crate) parameters: BTreeMap<Box<str>, Box<str>>,
    /// The run of the same series that this one is compared with.
    pub(crate) before: Option<RunId>,
    /// Who was chosen then, and with which score.
    pub(crate) chosen_before: BTreeMap<String, Exact>,
    /// Which labels there were.
    pub(crate) labels_before: BTreeMap<String, Vec<Remark>>,
    /// What people said of candidates of this series.
    pub(crate) people: BTreeMap<String, Word>,
}

/// What a scoring comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ScoreSummary {
    /// Runs of the same series are compared with each other.
    pub(crate) series: String,
    /// What it took to be chosen.
    pub(crate) rules: Rules,
    /// Who took part.
    pub(crate) plugins: Vec<Part>,
    /// What the points of each row are for.
    pub(crate) lines: Vec<Line>,
    /// The same for plugins in shadow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) shadow_lines: Vec<Line>,
    /// How many members were scored.
    pub(crate) members: u64,
    /// How many of them are chosen: they come first.
    pub(crate) chosen: u64,
    /// How many of these were not chosen in the run before.
    pub(crate) entered: u64,
    /// How many were chosen in the run before and are not now.
    pub(crate) left: u64,
    /// The run before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<RunId>,
    /// Whether any member has a label.
    pub(crate) labels: bool,
}

/// What a scoring says of one member, as it is kept: points by the summary's lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ScoreRow {
    /// None for who is not there any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) score: Option<Exact>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) points: Vec<Exact>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) shadow_points: Vec<Exact>,
    pub(crate) why: Why,
    /// The score in the run before, of who was chosen there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chosen_before: Option<Exact>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) remarks: Vec<Remark>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) labels: Vec<Remark>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) labels_given: Vec<Remark>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) labels_taken: Vec<Remark>,
}

impl ScoreRow {
    /// Whether it is another than in the run before: in or out, or with other labels.
    pub(crate) fn has_changed(&self) -> bool {
        self.why.is_chosen() != self.chosen_before.is_some()
            || !self.labels_given.is_empty()
            || !self.labels_taken.is_empty()
    }
}

/// What a run comes to, and its rows, by id.
pub(crate) type Scored = (ScoreSummary, Vec<(Box<str>, ScoreRow)>);

/// Everybody in order, and what it comes to.
pub(crate) fn outcome(head: &ScoreHead, columns: &Columns, said: &[Said], fuel: &[u64]) -> Result<Scored, Overflow> {
    let rows = columns.ids.len();
    let (sheet, shadow) = (combine(rows, said, Mode::Enforce)?, combine(rows, said, Mode::Shadow)?);
    let people = |id: &str| head.people.get(id);
    let candidates = columns.ids.iter().enumerate().map(|(row, id)| Candidate {
        id,
        score: sheet.scores[row],
        pinned: people(id).is_some_and(|word| word.stand == Stand::Pin),
        excluded: !sheet.excluded[row].is_empty() || people(id).is_some_and(|word| word.stand == Stand::Exclude),
    });
    let candidates: Vec<Candidate<'_>> = candidates.collect();
    let before: BTreeSet<&str> = head.chosen_before.keys().map(String::as_str).collect();
    let mut all: Vec<(Box<str>, ScoreRow)> = Vec::with_capacity(rows);
    for place in choose(&candidates, &head.rules, &before) {
        let id = &columns.ids[place.row];
        let said_by_people = people(id).map(|word| Remark { by: PEOPLE.into(), text: word.reason.clone() });
        let remarks = said_by_people.into_iter().chain(sheet.excluded[place.row].iter().cloned()).collect();
        all.push((
            id.clone(),
            ScoreRow {
                score: Some(Exact(sheet.scores[place.row])),
                points: sheet.points_of(place.row),
                shadow_points: shadow.points_of(place.row),
                why: place.why,
                remarks,
                ..compared(head, id, &sheet.labels[place.row])
            },
        ));
    }
    let here: BTreeSet<&str> = columns.ids.iter().map(|id| &**id).collect();
    let gone = before.iter().filter(|id| !here.contains(**id));
    all.extend(gone.map(|id| ((*id).into(), compared(head, id, &[]))));
    let count = |wanted: fn(&ScoreRow) -> bool| all.iter().filter(|(_, row)| wanted(row)).count() as u64;
    let summary = ScoreSummary {
        series: head.series.clone(),
        rules: head.rules,
        plugins: head.plugins.iter().zip(fuel).map(|(planned, fuel)| Part::of(planned, *fuel)).collect(),
        lines: sheet.lines,
        shadow_lines: shadow.lines,
        members: rows as u64,
        chosen: count(|row| row.why.is_chosen()),
        entered: count(|row| row.why.is_chosen() && row.chosen_before.is_none()),
        left: count(|row| !row.why.is_chosen() && row.chosen_before.is_some()),
        before: head.before,
        labels: sheet.labels.iter().any(|labels| !labels.is_empty()),
    };
    Ok((summary, all))
}

/// How a row stands to the run before; of who is gone, if nothing else is said.
fn compared(head: &ScoreHead, id: &str, labels: &[Remark]) -> ScoreRow {
    let before = head.labels_before.get(id).map(Vec::as_slice).unwrap_or_default();
    let only_in = |one: &[Remark], other: &[Remark]| -> Vec<Remark> {
        one.iter().filter(|remark| !other.contains(remark)).cloned().collect()
    };
    // Without a run before there is nothing that labels could have changed from.
    let (given, taken) =
        if head.before.is_some() { (only_in(labels, before), only_in(before, labels)) } else { Default::default() };
    ScoreRow {
        score: None,
        points: Vec::new(),
        shadow_points: Vec::new(),
        why: Why::Gone,
        chosen_before: head.chosen_before.get(id).copied(),
        remarks: Vec::new(),
        labels: labels.to_vec(),
        labels_given: given,
        labels_taken: taken,
    }
}
