//! Plugins and their versions.

pub(crate) mod delete_version;
pub(crate) mod get;
pub(crate) mod get_version;
pub(crate) mod list;
pub(crate) mod upload;
