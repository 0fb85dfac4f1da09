//! The answer to one event.

use crate::{
    Action, DecisionId, Digest, EventId, Finding, GroupId, Member, MemberId, PluginReport, Strike, Timestamp, Verdict,
    WordListName,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Position of a decision in its group's journal, from 1.
pub type Sequence = u64;

/// What the plugins together came to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Intent {
    /// The gravest that speaks.
    pub verdict: Verdict,
    /// What is to be done, in the order in which it was asked for.
    pub actions: Vec<Action>,
    /// Marks against members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub strikes: Vec<Strike>,
    /// What was found, in the order of the plan.
    pub findings: Vec<Finding>,
}

/// The answer to one event: what was decided, and all that it takes to see why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Its own id.
    pub id: DecisionId,
    /// The event that it answers.
    pub event: EventId,
    /// Where.
    pub group: GroupId,
    /// Position in the group's journal.
    pub sequence: Sequence,
    /// The group's time at the decision.
    pub at: Timestamp,
    /// What the event said of its own time, when the group's time was already later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Timestamp>,
    /// What is in force.
    #[serde(flatten)]
    pub intent: Intent,
    /// What plugins in shadow mode would have wanted; none when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shadow: Option<Intent>,
    /// Each plugin of the plan, in its order.
    pub plugins: Vec<PluginReport>,
    /// Revisions of the word lists that were open to the plugins.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub word_lists: BTreeMap<WordListName, u64>,
    /// Names all that the event met; with it and `reads` the decision can be made again.
    pub plan: Digest,
    /// Records of members that the plugins read, as they were; none where there was no record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Member>)]
    pub reads: BTreeMap<MemberId, Option<Member>>,
}
