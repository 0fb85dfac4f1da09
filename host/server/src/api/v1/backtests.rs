//! What would have been decided.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;

use crate::backtest::{Asked, Backtest, State};
use serde::Serialize;
use std::sync::atomic::Ordering;
use usher_model::BacktestId;
use utoipa::ToSchema;

/// A backtest, and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BacktestBody {
    /// Its id.
    id: BacktestId,
    /// How far it is.
    #[serde(flatten)]
    state: State,
    /// Events that it has seen.
    events: u64,
    /// Decisions that would have been others.
    differing: u64,
    /// What is tried.
    asked: Asked,
}

impl From<&Backtest> for BacktestBody {
    fn from(backtest: &Backtest) -> Self {
        Self {
            id: backtest.id,
            state: backtest.state.lock().clone(),
            events: backtest.events.load(Ordering::Relaxed),
            differing: backtest.differing.load(Ordering::Relaxed),
            asked: backtest.asked.clone(),
        }
    }
}
