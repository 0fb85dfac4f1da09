//! Events that a plugin sends to itself.

use crate::{Digest, Event, EventId, EventKind, MemberId, PluginName, Sequence, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// How long after a timer one that it starts is due, at the earliest. Timers that start timers may go on for ever, and
/// fire one after another when time leaps: so there are only so many of them in a stretch of time.
pub const TIMER_CHAIN_MS_MIN: u64 = 10_000;

/// A timer that has not fired yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timer {
    /// When it fires, in the group's time.
    pub due: Timestamp,
    /// Position of the decision that started it.
    pub started: Sequence,
    /// Whose.
    pub plugin: PluginName,
    /// Under which name; one of a name at a time.
    pub name: Box<str>,
    /// What the plugin wants to be reminded of.
    pub note: Box<str>,
    /// Whom the event was about that started it, or the one that started the timer that did: a canary acts for them, or
    /// does not.
    pub member: Option<MemberId>,
}

impl Timer {
    /// The event that it comes back as: the same timer, the same event, whichever host fires it.
    pub fn event(&self) -> Event {
        let id = EventId::of_timer(&Digest::of(format!("{} {} {}", self.plugin, self.started, self.name).as_bytes()));
        let text = |text: &str| Value::String(text.to_owned());
        let mut payload = Map::from_iter([
            ("name".to_owned(), text(&self.name)),
            ("note".to_owned(), text(&self.note)),
            ("plugin".to_owned(), text(self.plugin.as_str())),
        ]);
        payload.extend(self.member.iter().map(|member| ("member".to_owned(), text(member.as_str()))));
        let (media, links) = (Vec::new(), Vec::new());
        let kind = EventKind::timer_fired();
        Event { id, kind, at: self.due, actor: None, text: String::new(), media, links, payload }
    }
}

/// A timer that a decision started, moved or stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TimerChange {
    /// Whose.
    pub plugin: PluginName,
    /// Under which name.
    pub name: Box<str>,
    /// When it fires now; none when it was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// What the plugin wants to be reminded of.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub note: Box<str>,
}
