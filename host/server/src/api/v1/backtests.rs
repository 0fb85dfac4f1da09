//! What would have been decided.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod stream;

use crate::backtest::{Asked, Progress, Seen};
use serde::Serialize;
use usher_model::BacktestId;
use utoipa::ToSchema;

/// A backtest, and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct BacktestBody {
    /// Its id.
    id: BacktestId,
    /// How far it is.
    #[serde(flatten)]
    progress: Progress,
    /// What is tried.
    asked: Asked,
}

impl From<Seen> for BacktestBody {
    fn from(seen: Seen) -> Self {
        Self { id: seen.id, progress: seen.progress, asked: seen.asked }
    }
}
