//! Plugins in force at a scope: brand, kind of group, or group.

pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod in_force;
pub(crate) mod put;
pub(crate) mod revisions;
pub(crate) mod rollback;
pub(crate) mod scope;
