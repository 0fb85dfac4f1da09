//! Why there is no run. What was chosen or recommended before stands.

use super::asked::InvalidAsked;
use super::combine::Overflow;
use super::inputs::InvalidInputs;
use super::plan::PlanRunError;
use super::tables::CallError;
use crate::recommend::InvalidMix;
use crate::score::{GatherError, InvalidRules};
use thiserror::Error;
use usher_model::Timestamp;
use usher_store::StoreError;

/// Why there is no run.
#[derive(Debug, Error)]
pub(crate) enum RunError {
    /// Nobody can take part, or somebody can't.
    #[error(transparent)]
    Plan(#[from] PlanRunError),
    /// What it takes to be chosen contradicts itself.
    #[error(transparent)]
    Rules(#[from] InvalidRules),
    /// Words that can't be taken.
    #[error(transparent)]
    Asked(#[from] InvalidAsked),
    /// What is to be recommended contradicts itself.
    #[error(transparent)]
    Mix(#[from] InvalidMix),
    /// Of the future.
    #[error("{0} is more than {1} ms ahead of this host's clock")]
    Ahead(Timestamp, u64),
    /// Nobody but events tells the time, and there were none.
    #[error("there is no event yet that would tell the time: say `at`")]
    NoTime,
    /// There is nobody to recommend to.
    #[error("recommendations are for a group, or for a member of one")]
    NoGroup,
    /// The key stands for another run.
    #[error("the idempotency key was used with something else asked: choose another key")]
    OtherAsked,
    /// As many wait as may.
    #[error("{0} runs wait or are under way; come again when some have ended")]
    TooMany(usize),
    /// The members can't be gathered.
    #[error(transparent)]
    Gather(#[from] GatherError),
    /// Its columns are too large to be kept.
    #[error(
        "the columns that the plugins ask for come to {bytes} bytes, and a run keeps at most {limit}: ask for fewer plugins or members, or have the operator raise `run_input_bytes`"
    )]
    TooLarge {
        /// How large they are.
        bytes: usize,
        /// How large they may be.
        limit: usize,
    },
    /// A plugin failed, and with it the run.
    #[error(transparent)]
    Call(#[from] CallError),
    /// A score is no number.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// What it was made of can't be written or read.
    #[error(transparent)]
    Inputs(#[from] InvalidInputs),
    /// A row can't be written or read.
    #[error("a row of the run can't be written or read")]
    Row(#[from] serde_json::Error),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The host ends.
    #[error("the host is shutting down")]
    Closing,
    /// The host's own code failed.
    #[error("the run panicked; this is a bug of usher, please report it")]
    Panicked,
}
