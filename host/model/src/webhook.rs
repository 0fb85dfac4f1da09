//! Where a brand wants to be told of decisions.

use crate::{Decision, GroupId, Timestamp, Verdict};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// Which decisions a webhook is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tells {
    /// Those that leave somebody something to do or to see: a verdict above `allow`, an action, a held action, a strike.
    #[default]
    Notable,
    /// Every decision.
    All,
}

/// An address that is told of decisions as they are made, in the way of Standard Webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Where to: `https://…`.
    pub url: String,
    /// Which decisions.
    #[serde(default)]
    pub tells: Tells,
    /// Only decisions of these groups; of all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
}

impl Webhook {
    /// Whether it is to be told of this decision.
    pub fn wants(&self, decision: &Decision) -> bool {
        let intent = &decision.intent;
        let notable = intent.verdict > Verdict::Allow
            || !(intent.actions.is_empty() && intent.held_actions.is_empty() && intent.strikes.is_empty());
        (self.tells == Tells::All || notable) && (self.groups.is_empty() || self.groups.contains(&decision.group))
    }
}

/// A webhook with what its messages are signed with. Who signs needs the secret itself, so it is kept; it is shown when it
/// is made and never again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptWebhook {
    /// What people say of it.
    pub webhook: Webhook,
    /// `whsec_` and the key in base64.
    pub secret: String,
    /// The one before, for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_secret: Option<OldSecret>,
}

/// A secret that was replaced and signs beside the new one for a while.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldSecret {
    /// `whsec_` and the key in base64.
    pub secret: String,
    /// How long, by the wall clock.
    pub until: Timestamp,
}

// Secrets don't get into a log by accident.
impl fmt::Debug for KeptWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptWebhook").field("webhook", &self.webhook).finish_non_exhaustive()
    }
}

impl fmt::Debug for OldSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OldSecret").field("until", &self.until).finish_non_exhaustive()
    }
}
