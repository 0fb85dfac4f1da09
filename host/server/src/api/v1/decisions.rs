//! Decisions that were made.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod replay;
pub(crate) mod stream;
