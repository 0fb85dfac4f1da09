//! Webhooks of a brand: where it wants to be told of decisions.

pub(crate) mod delete;
pub(crate) mod deliveries;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod put;
pub(crate) mod retry;
pub(crate) mod secret;
