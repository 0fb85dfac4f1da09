//! Scorings and rankings, as they are kept.

use crate::StoreError;
use crate::columns::{moment, text};
use usher_model::{BrandId, GroupId, RunId, RunKind, Timestamp};
use uuid::Uuid;

/// Rows of a run that are written in one transaction. Few: a decision waits until it is on the disk.
pub(crate) const CHUNK_ROWS: usize = 32;

/// Bytes of rows or of inputs that are written in one transaction, about.
pub(crate) const CHUNK_BYTES: usize = 64 << 10;

/// One scoring or ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its own id.
    pub id: RunId,
    /// Whose.
    pub brand: BrandId,
    /// What it does.
    pub kind: RunKind,
    /// Over which group; over the whole brand when none.
    pub group: Option<GroupId>,
    /// Runs of one series are compared with each other.
    pub series: String,
    /// As of when it was made.
    pub at: Timestamp,
    /// Id of the key that asked for it.
    pub written_by: String,
    /// When, by the wall clock.
    pub written_at: Timestamp,
    /// What it comes to, as JSON: the rows excepted.
    pub summary: Box<str>,
}

/// A run to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// The run itself.
    pub run: Run,
    /// Members or contents, each position once.
    pub rows: Vec<RunRow>,
    /// What it was made of.
    pub inputs: Vec<u8>,
}

/// A member or a content in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Where it stands.
    pub position: u32,
    /// Of the member, or of the content.
    pub id: Box<str>,
    /// What the run says of it, as JSON.
    pub body: Box<str>,
}

/// Which runs to list: all conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunQuery {
    /// Whose.
    pub brand: BrandId,
    /// Only over this group.
    pub group: Option<GroupId>,
    /// Only of this kind.
    pub kind: Option<RunKind>,
    /// Only of this series.
    pub series: Option<String>,
    /// Only those with an id before this one.
    pub before: Option<RunId>,
    /// At most so many.
    pub limit: u32,
}

/// Runs that can be compared with one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunScope {
    /// Whose.
    pub brand: BrandId,
    /// What they do.
    pub kind: RunKind,
    /// Over which group; those over the whole brand when none.
    pub group: Option<GroupId>,
    /// Of which series.
    pub series: String,
}

/// The columns of a [`RunColumns`].
pub(crate) const RUN: &str = "SELECT r.id, r.brand, CAST(r.kind AS BIGINT) AS kind, r.group_name, r.series, r.at_ms, r.written_by, r.written_at_ms, r.summary FROM runs AS r";

/// A [`Run`] as it is stored.
#[derive(sqlx::FromRow)]
pub(crate) struct RunColumns {
    id: Vec<u8>,
    brand: String,
    kind: i64,
    group_name: String,
    series: String,
    at_ms: i64,
    written_by: String,
    written_at_ms: i64,
    summary: String,
}

impl TryFrom<RunColumns> for Run {
    type Error = StoreError;
    fn try_from(row: RunColumns) -> Result<Self, StoreError> {
        let id = Uuid::from_slice(&row.id).map_err(|_| StoreError::Damaged { what: "runs.id" })?;
        let kind = match row.kind {
            0 => RunKind::Score,
            1 => RunKind::Rank,
            _ => return Err(StoreError::Damaged { what: "runs.kind" }),
        };
        Ok(Self {
            id: RunId::new(id),
            brand: text(&row.brand, "runs.brand")?,
            kind,
            group: (!row.group_name.is_empty()).then(|| text(&row.group_name, "runs.group_name")).transpose()?,
            series: row.series,
            at: moment(row.at_ms, "runs.at_ms")?,
            written_by: row.written_by,
            written_at: moment(row.written_at_ms, "runs.written_at_ms")?,
            summary: row.summary.into(),
        })
    }
}

/// A [`RunRow`] as it is stored: position, id and body.
pub(crate) type RowColumns = (i64, String, String);

pub(crate) fn row(columns: RowColumns) -> Result<RunRow, StoreError> {
    let (position, id, body) = columns;
    let position = u32::try_from(position).map_err(|_| StoreError::Damaged { what: "run_rows.position" })?;
    Ok(RunRow { position, id: id.into(), body: body.into() })
}

/// The number that stands for a kind.
pub(crate) fn kind(kind: RunKind) -> i64 {
    match kind {
        RunKind::Score => 0,
        RunKind::Rank => 1,
    }
}

/// The name that stands for a group: that of the whole brand is empty.
pub(crate) fn group_name(group: Option<&GroupId>) -> &str {
    group.map_or("", GroupId::as_str)
}

pub(crate) fn bytes(id: RunId) -> Vec<u8> {
    id.uuid().into_bytes().to_vec()
}

/// What travels in one transaction.
pub(crate) fn chunks(rows: &[RunRow]) -> impl Iterator<Item = &[RunRow]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |row: &&RunRow| {
            let first = bytes == 0;
            bytes += row.id.len() + row.body.len() + 16;
            first || bytes <= CHUNK_BYTES
        };
        let (chunk, later) = rest.split_at(rest.iter().take(CHUNK_ROWS).take_while(fits).count());
        rest = later;
        (!chunk.is_empty()).then_some(chunk)
    })
}
