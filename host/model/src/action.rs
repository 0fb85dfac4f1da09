//! What a plugin wants done.

use crate::{MemberId, PluginName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Something to do, asked for by a plugin; open-ended by kind: `warn`, `delete`, `mute`, `kick`, …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Action {
    /// What.
    pub kind: String,
    /// To whom; none when the event has no actor and none was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// What to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How long it lasts, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_ms: Option<u64>,
    /// What else the kind needs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// Who asks.
    pub plugin: PluginName,
}

/// A mark against a member, with a weight and an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Strike {
    /// Against whom.
    pub member: MemberId,
    /// How much it counts.
    pub weight: u32,
    /// When it stops counting, in milliseconds after the event.
    pub expires_in_ms: u64,
    /// Who asks.
    pub plugin: PluginName,
}
