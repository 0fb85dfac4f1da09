//! Events and the decisions about them.

pub(crate) mod batch;
pub(crate) mod create;
