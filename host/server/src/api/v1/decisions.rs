//! Decisions that were made.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod stream;
