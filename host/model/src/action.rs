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

/// An action that a plugin asked for and that is not done by itself: a person decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeldAction {
    /// What was asked for.
    #[serde(flatten)]
    pub action: Action,
    /// Why it is held.
    pub why: HeldBecause,
    /// How many of its kind the plugin may have done in a day.
    pub cap: u32,
}

/// Why an action is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HeldBecause {
    /// The plugin had as many actions of this kind done in the brand that day as it may.
    DailyCap,
}

/// Actions of one kind that a plugin had done in the brand, as a decision found them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActionsOfDay {
    /// Who asked for them.
    pub plugin: PluginName,
    /// What.
    pub kind: String,
    /// The day in the group's time zone, as `2026-11-22`.
    pub day: String,
    /// How many there were before this decision.
    pub count: u64,
}
