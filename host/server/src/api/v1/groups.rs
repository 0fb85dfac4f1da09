//! Groups of a brand.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod put;
