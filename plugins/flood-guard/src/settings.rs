//! What the operator can set; `settings.schema.json` says the same to the host.

use serde::Deserialize;
use usher_plugin::Severity;

/// What the operator can set.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Too many messages of one member.
    pub too_many: TooMany,
    /// One member sends the same again.
    pub repeated: Repeated,
    /// A message that fills the screen.
    pub too_long: TooLong,
    /// Several members send the same.
    pub coordinated: Coordinated,
    /// A text with one of these phrases in its first 200 characters may be repeated, by one member or by many.
    pub allowed_phrases: Vec<String>,
    /// Members with one of these roles are never judged.
    pub exempt_roles: Vec<String>,
    /// What follows.
    pub escalation: Escalation,
    /// When the group is told.
    pub alarm: Alarm,
}

/// Too many messages of one member.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TooMany {
    /// How bad it is; `none` switches the rule off.
    pub severity: Severity,
    /// Messages that one member may send in the window.
    pub most: u32,
    /// The window, in milliseconds.
    pub window_ms: u64,
}

/// One member sends the same again.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Repeated {
    /// How bad it is; `none` switches the rule off.
    pub severity: Severity,
    /// How often one member may send the same in the window.
    pub most: u32,
    /// The window, in milliseconds.
    pub window_ms: u64,
    /// From which similarity on two texts are the same, 0 to 1.
    pub similarity: f32,
    /// Shorter texts may be repeated, in characters.
    pub least_chars: u32,
}

/// A message that fills the screen.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TooLong {
    /// How bad it is; `none` switches the rule off.
    pub severity: Severity,
    /// Characters that a message may have.
    pub most_chars: u32,
    /// Lines that a message may have, empty ones too.
    pub most_lines: u32,
}

/// Several members send the same.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Coordinated {
    /// How bad it is; `none` switches the rule off.
    pub severity: Severity,
    /// Members who may send the same in the window.
    pub most: u32,
    /// The window, in milliseconds.
    pub window_ms: u64,
    /// From which similarity on two texts are the same, 0 to 1.
    pub similarity: f32,
    /// Shorter texts may be sent by all, in characters.
    pub least_chars: u32,
}

/// What follows when a member floods again and again.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Escalation {
    /// From which severity on a finding is counted as a flood.
    pub from: Severity,
    /// How long a flood is remembered, in milliseconds.
    pub remember_ms: u64,
    /// What one member does within this time is one flood, in milliseconds.
    pub pause_ms: u64,
    /// What follows which flood, by number; nothing follows those before the first.
    pub steps: Vec<Rung>,
    /// What the member is told; what was wrong stands behind it.
    pub warning: String,
}

/// What follows from a number of floods on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// From which flood on, counted from 1.
    pub floods: u32,
    /// What to ask for.
    pub action: Remedy,
    /// How long a `mute` lasts, in milliseconds.
    #[serde(default)]
    pub lasts_ms: Option<u64>,
}

/// What to ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Remedy {
    /// Tell the member.
    Warn,
    /// Hide the message.
    Hide,
    /// Remove the message.
    Delete,
    /// Let the member be silent for a while.
    Mute,
    /// Remove the member from the group.
    Kick,
}

/// When the group is told that there are many floods.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Alarm {
    /// From how many floods in the window on, by whomever.
    pub floods: u32,
    /// The window, in milliseconds; there is one alarm in it.
    pub window_ms: u64,
    /// What is said; no alarm when empty.
    pub text: String,
}

impl Remedy {
    /// The kind of action in the contract's words.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Hide => "hide",
            Self::Delete => "delete",
            Self::Mute => "mute",
            Self::Kick => "kick",
        }
    }

    /// Whether it is about the message: each one of a flood has it, where the member is warned once.
    pub fn is_about_the_message(self) -> bool {
        matches!(self, Self::Hide | Self::Delete)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            too_many: TooMany::default(),
            repeated: Repeated::default(),
            too_long: TooLong::default(),
            coordinated: Coordinated::default(),
            // Sign-up chains and check-ins are the same text from everybody.
            allowed_phrases: vec!["接龙".to_owned(), "打卡".to_owned()],
            exempt_roles: vec!["owner".to_owned(), "admin".to_owned()],
            escalation: Escalation::default(),
            alarm: Alarm::default(),
        }
    }
}

impl Default for TooMany {
    fn default() -> Self {
        Self { severity: Severity::Medium, most: 10, window_ms: 30_000 }
    }
}

impl Default for Repeated {
    fn default() -> Self {
        Self { severity: Severity::Medium, most: 2, window_ms: 600_000, similarity: 0.85, least_chars: 6 }
    }
}

impl Default for TooLong {
    fn default() -> Self {
        Self { severity: Severity::Low, most_chars: 800, most_lines: 25 }
    }
}

impl Default for Coordinated {
    fn default() -> Self {
        Self { severity: Severity::Medium, most: 3, window_ms: 120_000, similarity: 0.85, least_chars: 10 }
    }
}

impl Default for Escalation {
    fn default() -> Self {
        let rung = |floods, action, lasts_ms| Rung { floods, action, lasts_ms };
        Self {
            from: Severity::Low,
            remember_ms: 86_400_000,
            pause_ms: 10_000,
            steps: vec![
                rung(1, Remedy::Warn, None),
                rung(3, Remedy::Mute, Some(600_000)),
                rung(6, Remedy::Mute, Some(86_400_000)),
            ],
            warning: "请勿刷屏".to_owned(),
        }
    }
}

impl Default for Alarm {
    fn default() -> Self {
        Self { floods: 10, window_ms: 600_000, text: "群内刷屏较多，请管理员留意".to_owned() }
    }
}
