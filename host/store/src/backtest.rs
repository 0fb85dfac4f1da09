//! Backtests and what they found: kept over a restart, and seen by every host on the database.

use usher_model::{BacktestId, BrandId, Timestamp};

/// A backtest, as far as the host that runs it has told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacktestRow {
    /// Which one: ids are in the order in which they were begun.
    pub id: BacktestId,
    /// Whose.
    pub brand: BrandId,
    /// What is to be tried, as JSON.
    pub asked: Box<str>,
    /// How far it is.
    pub noted: BacktestNote,
    /// Whether somebody wants it to end early.
    pub is_cancelled: bool,
}

/// What the host that runs a backtest tells of it, again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacktestNote {
    /// How far it is, as JSON.
    pub progress: Box<str>,
    /// Whether it is over.
    pub has_ended: bool,
    /// When this was told, by the wall clock.
    pub at: Timestamp,
}

/// Whether a backtest is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoOn {
    /// It is.
    Yes,
    /// Somebody wants it to end early.
    Cancelled,
    /// It was forgotten, and nothing of it is kept any more.
    Gone,
}
