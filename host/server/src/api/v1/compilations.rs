//! What is being compiled, and what became of it.

pub(crate) mod get;
pub(crate) mod list;
