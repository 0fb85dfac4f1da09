//! The model's nouns in columns. What was written by this version always reads back; all else is damage, and said so.

use crate::StoreError;
use serde_json::Value;
use std::str::FromStr;
use usher_model::{DecisionId, Digest, Timestamp, Verdict};

/// Names the column of a damaged row.
pub(crate) type What = &'static str;

/// SQLite counts with a sign; nothing here comes near the end of it.
pub(crate) fn integer(count: u64) -> i64 {
    count.cast_signed()
}

pub(crate) fn count(column: i64, what: What) -> Result<u64, StoreError> {
    u64::try_from(column).map_err(|_| StoreError::Damaged { what })
}

pub(crate) fn moment(column: i64, what: What) -> Result<Timestamp, StoreError> {
    Timestamp::from_ms(count(column, what)?).map_err(|_| StoreError::Damaged { what })
}

pub(crate) fn text<T: FromStr>(column: &str, what: What) -> Result<T, StoreError> {
    column.parse().map_err(|_| StoreError::Damaged { what })
}

pub(crate) fn json(column: &str, what: What) -> Result<Value, StoreError> {
    serde_json::from_str(column).map_err(|_| StoreError::Damaged { what })
}

pub(crate) fn digest(column: &[u8], what: What) -> Result<Digest, StoreError> {
    column.try_into().map(Digest::from_bytes).map_err(|_| StoreError::Damaged { what })
}

pub(crate) fn decision_id(column: &[u8], what: What) -> Result<DecisionId, StoreError> {
    uuid::Uuid::from_slice(column).map(DecisionId::new).map_err(|_| StoreError::Damaged { what })
}

/// The order of verdicts is the order of these numbers; 0 is what the partial index leaves out.
pub(crate) fn verdict(verdict: Verdict) -> i64 {
    match verdict {
        Verdict::Allow => 0,
        Verdict::Flag => 1,
        Verdict::Hold => 2,
        Verdict::Block => 3,
    }
}
