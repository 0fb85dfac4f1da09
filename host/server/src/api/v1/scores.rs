//! Candidates: who is scored, and chosen.

pub(crate) mod create;
