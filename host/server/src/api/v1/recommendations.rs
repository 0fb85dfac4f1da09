//! What to post, and what to show.

pub(crate) mod create;
