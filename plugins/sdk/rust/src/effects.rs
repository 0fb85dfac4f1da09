//! What a plugin wants. The host collects it in order and applies it if the decision commits and the mode allows.

use std::fmt;

use crate::bindings::usher::plugin::effects as raw;

pub use raw::{Severity, approve, strike};

/// Something the plugin found. It counts from its construction; the methods say more about it.
#[derive(Debug)]
pub struct Finding(raw::Finding);

#[expect(clippy::return_self_not_must_use, reason = "a finding counts from its construction, whoever drops it")]
impl Finding {
    /// `rule` is a short kebab-case name, unique in the plugin: people filter by it.
    pub fn new(rule: &str, severity: Severity) -> Self {
        Self(raw::Finding::new(rule, severity))
    }

    /// How sure the plugin is, 0 to 1; 1 when never said.
    pub fn confidence(self, value: f32) -> Self {
        self.0.confidence(value);
        self
    }

    /// For people; may be shown to the member.
    pub fn message(self, text: impl AsRef<str>) -> Self {
        self.0.message(text.as_ref());
        self
    }

    /// Bytes `start..end` of the event's text as written, on character boundaries; see
    /// [`Event::unfold`](crate::Event::unfold).
    pub fn span(self, start: u32, end: u32) -> Self {
        self.0.span(start, end);
        self
    }

    /// What was read to come to this: a counter, a threshold, a list.
    pub fn evidence(self, name: &str, value: impl fmt::Display) -> Self {
        self.0.evidence(name, &value.to_string());
        self
    }
}

/// Something the plugin wants done. Each kind needs [`Manifest::action`](crate::Manifest::action) of that kind.
#[derive(Debug)]
pub struct Action(raw::Action);

#[expect(clippy::return_self_not_must_use, reason = "an action is asked for from its construction, whoever drops it")]
impl Action {
    /// `warn`, `reply`, `notify`, `hide`, `delete`, `mute`, `kick`, `label`, `enqueue`, ...; about the actor, unless
    /// [`member`](Self::member) says otherwise.
    pub fn new(kind: &str) -> Self {
        Self(raw::Action::new(kind))
    }

    /// The member it is about.
    pub fn member(self, id: &str) -> Self {
        self.0.member(id);
        self
    }

    /// What to say.
    pub fn text(self, text: impl AsRef<str>) -> Self {
        self.0.text(text.as_ref());
        self
    }

    /// How long a mute, a ban or a label lasts.
    pub fn lasts(self, milliseconds: u64) -> Self {
        self.0.lasts(milliseconds);
        self
    }

    /// What else this kind of action needs to know.
    pub fn detail(self, name: &str, value: impl fmt::Display) -> Self {
        self.0.detail(name, &value.to_string());
        self
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Severe => "severe",
        })
    }
}
