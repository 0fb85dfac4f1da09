//! What plugins write to their logs.

pub(crate) mod list;
pub(crate) mod stream;

use crate::plugin_logs::Line;
use serde::Serialize;
use usher_model::{EventId, GroupId, PluginVersion, Timestamp};
use utoipa::ToSchema;

/// A line that a plugin wrote.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineBody {
    /// Counts the plugin's lines in the brand since the host started, from 1.
    number: u64,
    /// The group's time when it was written.
    at: Timestamp,
    /// About which group.
    group: GroupId,
    /// About which event.
    event: EventId,
    /// Which version wrote it.
    version: PluginVersion,
    /// `debug`, `info`, `warn` or `error`.
    level: &'static str,
    /// What it says; it may quote what a member wrote.
    message: String,
}

impl From<&Line> for LineBody {
    fn from(line: &Line) -> Self {
        Self {
            number: line.number,
            at: line.at,
            group: line.group.clone(),
            event: line.event.clone(),
            version: line.version.clone(),
            level: line.level.as_str(),
            message: line.message.clone(),
        }
    }
}
