//! Members of a group.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod put;
