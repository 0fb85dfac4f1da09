//! What is being compiled.

pub(crate) mod list;
