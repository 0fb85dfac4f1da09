//! The answer to one event.

use crate::{
    Action, ActionsOfDay, Blob, DecisionId, Digest, EventId, Finding, GroupId, HeldAction, Marks, Member, MemberId,
    MemoryChange, PluginName, PluginReport, Strike, TimerChange, Timestamp, Usage, Verdict, WordListName,
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
    /// What was asked for and is not to be done without a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_actions: Vec<HeldAction>,
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
    /// What would have been in force with the versions on trial in the place of those that were; none where that is the
    /// same, or nothing is tried. Daily caps are not held against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Intent>,
    /// Each plugin of the plan, in its order.
    pub plugins: Vec<PluginReport>,
    /// What daily caps were held against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions_of_day: Vec<ActionsOfDay>,
    /// Revisions of the word lists that were open to the plugins.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub word_lists: BTreeMap<WordListName, u64>,
    /// Names all that the event met; with it and `reads` the decision can be made again.
    pub plan: Digest,
    /// What the plugins read beside the event.
    #[serde(default, skip_serializing_if = "Reads::is_empty")]
    pub reads: Reads,
    /// What the plugins changed in their memory of the group, in the order of the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub memory: Vec<MemoryChange>,
    /// Timers that were started, moved or stopped, in the order of the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<TimerChange>,
}

/// All that the plugins of one event read, as it was: with it the decision can be made again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Reads {
    /// Records of members; none where there was no record.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Member>)]
    pub members: BTreeMap<MemberId, Option<Member>>,
    /// Strikes and labels of members.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Marks>)]
    pub marks: BTreeMap<MemberId, Marks>,
    /// Of the plugins' own memory.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, MemoryReads>)]
    pub memory: BTreeMap<PluginName, MemoryReads>,
    /// How many of the group's last events were at hand, when a plugin asked for them: the journal has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_events: Option<u32>,
}

impl Reads {
    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        *self == Reads::default()
    }
}

/// What one plugin read of its memory of the group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MemoryReads {
    /// Values by key; none where there was none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Blob>)]
    pub values: BTreeMap<String, Option<Blob>>,
    /// Sums by counter, and then by window in milliseconds, without what the plugin added itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sums: BTreeMap<String, BTreeMap<u64, u64>>,
    /// What its memory came to with its changes, when it changed something: a quota is on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// How many of its timers were pending with its changes, when it started one: a quota is on them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timers: Option<u64>,
}

impl MemoryReads {
    /// What another version of the plugin read of the same memory, at the same time.
    pub fn add(&mut self, other: MemoryReads) {
        self.values.extend(other.values);
        for (counter, sums) in other.sums {
            self.sums.entry(counter).or_default().extend(sums);
        }
        self.usage = self.usage.or(other.usage);
        self.timers = self.timers.or(other.timers);
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        *self == MemoryReads::default()
    }
}
