//! What happened, to whom, where. Each accessor asks the host and copies only what it returns.

use serde::de::DeserializeOwned;

pub use crate::bindings::usher::plugin::events::{Event, Group, Member};

impl Event {
    /// One [`field`](Self::field) of the payload, parsed; none when absent.
    pub fn payload<T: DeserializeOwned>(&self, pointer: &str) -> Result<Option<T>, String> {
        self.field(pointer)
            .map(|json| serde_json::from_str(&json).map_err(|error| format!("payload {pointer}: {error}")))
            .transpose()
    }

    /// The [`unfold`](Self::unfold)ed place of a range of the folded text.
    pub fn original(&self, folded: &std::ops::Range<usize>) -> Option<std::ops::Range<u32>> {
        let start = u32::try_from(folded.start).ok()?;
        let end = u32::try_from(folded.end).ok()?;
        let (start, end) = self.unfold(start, end);
        Some(start..end)
    }
}

impl Member {
    /// Whether the member has one of these roles. Roles come with the event: it needs no capability.
    pub fn has_role(&self, roles: &[String]) -> bool {
        !roles.is_empty() && self.roles().iter().any(|role| roles.contains(role))
    }
}
