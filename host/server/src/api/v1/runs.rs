//! Scorings and rankings, as they are kept.

mod body;
pub(crate) mod changes;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod prefer;
pub(crate) mod replay;

pub(crate) use body::{RunBody, RunPage, RunProgress, page, progress};
