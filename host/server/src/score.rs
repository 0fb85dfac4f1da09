//! Candidates: members are scored by plugins from what the ledger knows of them, and some are chosen.

mod asked;
mod choose;
mod crowd;
mod gather;
mod outcome;
mod people;
mod run;

pub(crate) use asked::ScoreAsked;
pub(crate) use choose::{InvalidRules, Why};
pub(crate) use crowd::TooManyRows;
pub(crate) use gather::GatherError;
pub(crate) use outcome::{ScoreRow, ScoreSummary};
pub(crate) use people::{CandidateWord, InvalidWord, word_key, word_prefix};
pub(crate) use run::{Place, begin, replay, same_rows};
