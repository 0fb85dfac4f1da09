//! What happens in a group.

use crate::{EventId, MemberId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;
use thiserror::Error;
use utoipa::ToSchema;

/// Longest kind, in bytes.
const KIND_BYTES_MAX: usize = 64;

/// Dotted and open-ended: `message.created`, `redpacket.sent`, …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct EventKind(Box<str>);

/// A text that is no kind of event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a kind is dotted lower-case words of at most {KIND_BYTES_MAX} bytes, for example `message.created`")]
pub struct InvalidKind;

impl EventKind {
    /// Checks the text and keeps it.
    ///
    /// # Errors
    /// [`InvalidKind`] when it is not dotted lower-case words.
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidKind> {
        let text = text.into();
        let word = |w: &str| {
            w.starts_with(|c: char| c.is_ascii_lowercase())
                && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
        };
        if text.len() <= KIND_BYTES_MAX && text.contains('.') && text.split('.').all(word) {
            Ok(Self(text))
        } else {
            Err(InvalidKind)
        }
    }

    /// What a timer comes back as. Only the host makes such events.
    pub fn timer_fired() -> Self {
        Self("timer.fired".into())
    }

    /// Whether only the host makes events of this kind.
    pub fn is_of_timers(&self) -> bool {
        self.0.starts_with("timer.")
    }

    /// The text as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EventKind {
    type Error = InvalidKind;
    fn try_from(text: String) -> Result<Self, InvalidKind> {
        Self::new(text)
    }
}

impl From<EventKind> for String {
    fn from(kind: EventKind) -> String {
        kind.0.into()
    }
}

/// Whom an event is about, as whoever reported it described them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Who.
    pub id: MemberId,
    /// The name shown in the group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `owner`, `admin`, `member`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// One thing that happened in a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Chosen by whoever reports it; the key of idempotency.
    pub id: EventId,
    /// What kind of thing.
    pub kind: EventKind,
    /// When it happened.
    pub at: Timestamp,
    /// Whom it is about; none for what nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// The text as written; empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Kinds of media attached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// Links that the platform recognised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// What else the kind carries.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub payload: Map<String, Value>,
}

/// An event that no group can take.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{detail}")]
pub struct InvalidEvent {
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: &'static str,
    /// What is wrong, and what would be right.
    pub detail: String,
}

impl Event {
    /// Checks the limits that bytes on the wire alone do not keep.
    ///
    /// # Errors
    /// [`InvalidEvent`] names the first field that is too large.
    pub fn check(&self) -> Result<(), InvalidEvent> {
        let too_many = |pointer, n: usize, max: usize| {
            (n > max).then(|| InvalidEvent { pointer, detail: format!("at most {max}, this event has {n}") })
        };
        let roles = self.actor.as_ref().map_or(0, |actor| actor.roles.len());
        let name = self.actor.as_ref().map_or(0, |actor| actor.name.len());
        let over = too_many("/text", self.text.len(), 65_536)
            .or_else(|| too_many("/media", self.media.len(), 100))
            .or_else(|| too_many("/links", self.links.len(), 100))
            .or_else(|| too_many("/actor/roles", roles, 32))
            .or_else(|| too_many("/actor/name", name, 1_024));
        over.map_or(Ok(()), Err)
    }

    /// To which plugin a timer comes back; none for all other events.
    pub fn timer_owner(&self) -> Option<&str> {
        let plugin = self.payload.get("plugin").and_then(Value::as_str);
        self.kind.is_of_timers().then_some(plugin.unwrap_or_default())
    }

    /// For whom it counts: its actor, or whoever was the actor when the timer was started that it is.
    pub fn on_behalf_of(&self) -> Option<&str> {
        match &self.actor {
            Some(actor) => Some(actor.id.as_str()),
            None if self.kind.is_of_timers() => self.payload.get("member").and_then(Value::as_str),
            None => None,
        }
    }

    /// Members mentioned, as the payload's `mentions` says.
    pub fn mentions(&self) -> impl Iterator<Item = &str> {
        self.payload.get("mentions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_dotted_words() {
        for good in ["message.created", "a.b.c", "x1.y_2"] {
            assert!(EventKind::new(good).is_ok(), "{good}");
        }
        for bad in ["message", "Message.created", ".created", "message.", "a b.c"] {
            assert!(EventKind::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_unknown_field_is_an_error_and_empty_ones_are_not_written() {
        let json = r#"{"id":"m-1","kind":"message.created","at":"2026-11-22T12:00:00Z","text":"hi"}"#;
        let event: Event = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&event).unwrap(), json);
        assert!(serde_json::from_str::<Event>(&json.replace("text", "txt")).is_err());
    }

    #[test]
    fn a_text_has_a_limit() {
        let json = r#"{"id":"m-1","kind":"message.created","at":"2026-11-22T12:00:00Z"}"#;
        let mut event: Event = serde_json::from_str(json).unwrap();
        assert_eq!(event.check(), Ok(()));
        event.text = "x".repeat(65_537);
        assert_eq!(event.check().unwrap_err().pointer, "/text");
    }
}
