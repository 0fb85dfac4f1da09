//! What happened before, in this group. Needs the capability `history`.

use crate::Event;
use crate::bindings::usher::plugin::history as raw;

/// A question about the group's past, narrowed step by step:
/// `Query::new().kind("message.").actor(&id).within(60_000).count()`.
#[derive(Debug)]
#[must_use = "a query does nothing until it is asked"]
pub struct Query(raw::Query);

impl Query {
    /// Everything there is.
    #[expect(clippy::new_without_default, reason = "it asks the host for a resource: more than a default value")]
    pub fn new() -> Self {
        Self(raw::Query::new())
    }

    /// Only kinds that begin so.
    pub fn kind(self, prefix: &str) -> Self {
        self.0.kind(prefix);
        self
    }

    /// Only events about this member.
    pub fn actor(self, id: &str) -> Self {
        self.0.actor(id);
        self
    }

    /// Only the last `milliseconds` before this event.
    pub fn within(self, milliseconds: u64) -> Self {
        self.0.within(milliseconds);
        self
    }

    /// Only events whose folded text is at least this similar (0 to 1) to this event's.
    pub fn similar(self, least: f32) -> Self {
        self.0.similar(least);
        self
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.0.count()
    }

    /// Newest first, at most `limit`.
    pub fn latest(&self, limit: u32) -> Vec<Event> {
        self.0.latest(limit)
    }

    /// How many members they are about.
    pub fn distinct_actors(&self) -> u32 {
        self.0.distinct_actors()
    }
}
