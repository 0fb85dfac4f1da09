//! What can be recommended, and what became of it.

pub(crate) mod activity;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod put;
pub(crate) mod seen;
