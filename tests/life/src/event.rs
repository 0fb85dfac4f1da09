//! Events as they go over the wire.

use crate::people::Member;
use serde::Serialize;
use serde_json::{Value, json};

/// One line of a batch: what happened, and in which group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Where.
    pub group: String,
    /// What.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Unique in the community.
    pub id: String,
    /// As the host knows it.
    pub kind: &'static str,
    /// RFC 3339, in UTC.
    pub at: String,
    /// Who did it; none for what nobody did.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub actor: Value,
    /// What was written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What else the kind carries.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub payload: Value,
}

/// Something that happens on the day under way, before it has a number and a date.
#[derive(Debug, Clone)]
pub(crate) struct Happening {
    /// Milliseconds since midnight in the group.
    pub(crate) at_ms: u64,
    pub(crate) kind: &'static str,
    pub(crate) actor: Value,
    pub(crate) text: String,
    pub(crate) payload: Value,
    /// What others refer to it by; the id is made of it.
    pub(crate) number: usize,
}

/// The id of what has this number in the day.
pub(crate) fn id(group: &str, day: i64, number: usize) -> String {
    format!("life-{group}-{day}-{number}")
}

/// How the wire names somebody.
pub(crate) fn actor(member: &Member) -> Value {
    json!({ "id": member.id, "name": member.name, "roles": ["member"] })
}
