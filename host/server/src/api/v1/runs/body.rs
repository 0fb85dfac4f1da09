//! A run, and its rows, as they are told.

use crate::api::page::Page;
use crate::api::problem::Problem;
use crate::host::Host;
use crate::recommend::{Fate, RankRow, RankSummary, Refused};
use crate::runs::{Exact, Line, Remark, RunError, Running, Stage};
use crate::score::{ScoreRow, ScoreSummary, Why};
use serde::Serialize;
use usher_model::{GroupId, RunId, RunKind, Timestamp};
use usher_store::run::{Run, RunRow};
use utoipa::ToSchema;

/// A run that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunBody {
    /// Its id.
    pub(crate) id: RunId,
    /// Always `done`: what is kept has ended.
    pub(crate) state: &'static str,
    /// Over which group; over the whole brand when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<GroupId>,
    /// As of when.
    pub(crate) at: Timestamp,
    /// The key that asked for it; `schedule:NAME` when a schedule did.
    pub(crate) written_by: String,
    /// When it was kept, by the wall clock.
    pub(crate) written_at: Timestamp,
    /// What it comes to.
    #[serde(flatten)]
    pub(crate) summary: Summary,
}

/// What a run comes to, by its kind.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Summary {
    /// Members were scored.
    Score(ScoreSummary),
    /// Contents were ranked.
    Rank(RankSummary),
}

/// How far a run is that is under way, or why it ended early.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunProgress {
    /// Its id.
    id: RunId,
    /// What it does.
    kind: RunKind,
    /// Over which group; over the whole brand when none.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<GroupId>,
    /// How far it is.
    #[serde(flatten)]
    stage: Stage,
    /// Rows that plugins have been through, each plugin for itself.
    rows_done: u64,
    /// How many there are; 0 while that is not known.
    rows: u64,
}

/// A run and a page of its rows: the chosen ones come first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunPage {
    #[serde(flatten)]
    run: RunBody,
    #[serde(flatten)]
    rows: Page<Row>,
}

impl RunPage {
    pub(crate) fn new(run: RunBody, rows: Page<Row>) -> Self {
        Self { run, rows }
    }
}

/// What somebody or something was given points for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Contribution {
    /// What for, and who says so.
    #[serde(flatten)]
    line: Line,
    /// How many; with the plugin's weight.
    points: f64,
}

/// A row of a run, by its kind.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Row {
    /// Of a scoring.
    Member(MemberRow),
    /// Of a ranking.
    Content(ContentRow),
}

/// What a scoring says of a member.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberRow {
    /// Where they stand.
    position: u32,
    /// Who.
    member: Box<str>,
    /// The sum of the contributions, in their order; none for who is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    /// Whether they are chosen.
    chosen: bool,
    /// Why they are, or not.
    why: Why,
    /// The score in the run before, of who was chosen there.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen_before: Option<f64>,
    /// What the score is the sum of; what gives nothing is left out.
    contributions: Vec<Contribution>,
    /// What plugins in shadow would have given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shadow: Vec<Contribution>,
    /// What people and plugins say of why they are chosen or can't be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
    /// What plugins call them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Remark>,
    /// Labels that they did not have in the run before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels_given: Vec<Remark>,
    /// Labels that they had in the run before, and have no more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels_taken: Vec<Remark>,
}

/// What a ranking says of a content.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContentRow {
    /// Where it stands.
    position: u32,
    /// Which content.
    content: Box<str>,
    /// The sum of the contributions, in their order; none for what was not ranked at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    /// Whether it is recommended.
    recommended: bool,
    /// What became of it, among those that were ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    fate: Option<Fate>,
    /// Why it was not ranked at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Refused>,
    /// What the score is the sum of; what gives nothing is left out.
    contributions: Vec<Contribution>,
    /// What plugins in shadow would have given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shadow: Vec<Contribution>,
    /// What plugins say of why it can't be recommended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
    /// What plugins call it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Remark>,
}

impl RunBody {
    /// As it is told.
    pub(crate) fn of(run: &Run) -> Result<Self, Problem> {
        let summary = match run.kind {
            RunKind::Score => Summary::Score(serde_json::from_str(&run.summary).map_err(RunError::Row)?),
            RunKind::Rank => Summary::Rank(serde_json::from_str(&run.summary).map_err(RunError::Row)?),
        };
        Ok(Self {
            id: run.id,
            state: "done",
            group: run.group.clone(),
            at: run.at,
            written_by: run.written_by.clone(),
            written_at: run.written_at,
            summary,
        })
    }

    /// A row, with the run's lines to its points.
    pub(crate) fn row(&self, kept: RunRow) -> Result<Row, Problem> {
        Ok(match &self.summary {
            Summary::Score(summary) => {
                let row: ScoreRow = serde_json::from_str(&kept.body).map_err(RunError::Row)?;
                Row::Member(MemberRow {
                    position: kept.position,
                    member: kept.id,
                    score: row.score.map(|score| score.0),
                    chosen: row.why.is_chosen(),
                    why: row.why,
                    chosen_before: row.chosen_before.map(|score| score.0),
                    contributions: contributions(&summary.lines, &row.points),
                    shadow: contributions(&summary.shadow_lines, &row.shadow_points),
                    remarks: row.remarks,
                    labels: row.labels,
                    labels_given: row.labels_given,
                    labels_taken: row.labels_taken,
                })
            }
            Summary::Rank(summary) => {
                let row: RankRow = serde_json::from_str(&kept.body).map_err(RunError::Row)?;
                Row::Content(ContentRow {
                    position: kept.position,
                    content: kept.id,
                    score: row.score.map(|score| score.0),
                    recommended: row.is_recommended(),
                    fate: row.fate,
                    refused: row.refused,
                    contributions: contributions(&summary.lines, &row.points),
                    shadow: contributions(&summary.shadow_lines, &row.shadow_points),
                    remarks: row.remarks,
                    labels: row.labels,
                })
            }
        })
    }
}

/// What gives nothing changes no sum.
fn contributions(lines: &[Line], points: &[Exact]) -> Vec<Contribution> {
    let given = lines.iter().zip(points).filter(|(_, points)| points.0 != 0.0);
    given.map(|(line, points)| Contribution { line: line.clone(), points: points.0 }).collect()
}

/// A run with its rows after a position.
pub(crate) async fn page(host: &Host, run: &Run, after: Option<u32>, limit: u32) -> Result<RunPage, Problem> {
    let body = RunBody::of(run)?;
    let rows = host.store.run_rows(run.id, after, limit).await?;
    let full = rows.len() == limit as usize;
    let next = rows.last().filter(|_| full).map(|row| row.position.to_string());
    let items = rows.into_iter().map(|row| body.row(row)).collect::<Result<_, _>>()?;
    Ok(RunPage { run: body, rows: Page { items, next } })
}

/// How far a run is.
pub(crate) fn progress(running: &Running) -> RunProgress {
    let (rows_done, rows) = running.rows();
    RunProgress {
        id: running.id,
        kind: running.kind,
        group: running.group.clone(),
        stage: running.stage(),
        rows_done,
        rows,
    }
}
