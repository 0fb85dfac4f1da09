//! Whether a content can be for a recipient at all. Pure.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use usher_model::{Content, Timestamp};
use utoipa::ToSchema;

/// Why a content is not ranked at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Refused {
    /// It is not valid yet.
    NotYetValid,
    /// It is not valid any more.
    NoLongerValid,
    /// It is for other kinds of groups, or other segments.
    OtherAudience,
    /// The recipient has seen it.
    Seen,
}

/// For whom something is recommended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// Of the group.
    pub(crate) kind: String,
    /// Of the member or the group.
    pub(crate) segment: String,
    /// Contents that they have seen, whenever that was.
    pub(crate) seen: BTreeSet<Box<str>>,
}

/// Whether it can be for them, and else why not.
pub(crate) fn fit(id: &str, content: &Content, recipient: &Recipient, at: Timestamp) -> Result<(), Refused> {
    if content.valid_from.is_some_and(|from| at < from) {
        return Err(Refused::NotYetValid);
    }
    if content.valid_until.is_some_and(|until| at >= until) {
        return Err(Refused::NoLongerValid);
    }
    if !content.audience.admits(&recipient.kind, &recipient.segment) {
        return Err(Refused::OtherAudience);
    }
    if recipient.seen.contains(id) { Err(Refused::Seen) } else { Ok(()) }
}
