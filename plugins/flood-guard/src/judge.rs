//! What is wrong with a message, as a function of the settings, the message and what was read of the group's past.

use usher_plugin::{Severity, chinese};

use crate::settings::Settings;

/// A message, as far as this plugin is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Characters, as written.
    pub chars: u32,
    /// Lines, empty ones too.
    pub lines: u32,
}

/// What was read of the group's past, the message itself counted in. What was not read is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Messages of the sender, in the window of [`Settings::too_many`].
    pub messages: u32,
    /// Messages of the sender that say the same, in the window of [`Settings::repeated`].
    pub repeats: u32,
    /// Members who said the same, in the window of [`Settings::coordinated`].
    pub members: u32,
}

/// Something that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flood {
    /// This many messages of the sender.
    TooMany(u32),
    /// The same for the so-manieth time.
    Repeated(u32),
    /// It fills the screen.
    TooLong(Size),
    /// This many members say the same.
    Coordinated(u32),
}

impl Size {
    /// The size of a text.
    pub fn of(text: &str) -> Self {
        let count = |count| u32::try_from(count).unwrap_or(u32::MAX);
        Self { chars: count(text.chars().count()), lines: count(text.split('\n').count()) }
    }
}

impl Default for Seen {
    fn default() -> Self {
        Self { messages: 1, repeats: 1, members: 1 }
    }
}

/// Everything that is wrong; rules that are switched off find nothing.
pub fn floods(settings: &Settings, size: Size, seen: Seen) -> Vec<Flood> {
    let Settings { too_many, repeated, too_long, coordinated, .. } = settings;
    let long = size.chars > too_long.most_chars || size.lines > too_long.most_lines;
    [
        (seen.messages > too_many.most).then_some(Flood::TooMany(seen.messages)),
        (seen.repeats > repeated.most).then_some(Flood::Repeated(seen.repeats)),
        long.then_some(Flood::TooLong(size)),
        (seen.members > coordinated.most).then_some(Flood::Coordinated(seen.members)),
    ]
    .into_iter()
    .flatten()
    .filter(|flood| flood.severity(settings) > Severity::None)
    .collect()
}

impl Flood {
    /// The rule's name.
    pub fn rule(self) -> &'static str {
        match self {
            Self::TooMany(_) => "too-many",
            Self::Repeated(_) => "repeated",
            Self::TooLong(_) => "too-long",
            Self::Coordinated(_) => "coordinated",
        }
    }

    /// How bad it is.
    pub fn severity(self, settings: &Settings) -> Severity {
        match self {
            Self::TooMany(_) => settings.too_many.severity,
            Self::Repeated(_) => settings.repeated.severity,
            Self::TooLong(_) => settings.too_long.severity,
            Self::Coordinated(_) => settings.coordinated.severity,
        }
    }

    /// What is wrong, for the member to read.
    pub fn message(self, settings: &Settings) -> String {
        let Settings { too_many, repeated, too_long, coordinated, .. } = settings;
        match self {
            Self::TooMany(messages) => {
                format!("{}内发了{messages}条消息，最多{}条", chinese::duration(too_many.window_ms), too_many.most)
            }
            Self::Repeated(times) => {
                let within = chinese::duration(repeated.window_ms);
                format!("{within}内第{times}次发相同或相近的内容，最多{}次", repeated.most)
            }
            Self::TooLong(Size { chars, lines }) => {
                let (most_chars, most_lines) = (too_long.most_chars, too_long.most_lines);
                format!("消息过长：{chars}字、{lines}行，最多{most_chars}字、{most_lines}行")
            }
            Self::Coordinated(members) => {
                let within = chinese::duration(coordinated.window_ms);
                format!("{within}内有{members}人发相同或相近的内容，最多{}人", coordinated.most)
            }
        }
    }

    /// The counters that were read, and what they were held against.
    pub fn evidence(self, settings: &Settings) -> Vec<(&'static str, String)> {
        let Settings { too_many, repeated, too_long, coordinated, .. } = settings;
        let counted = |name, count: u32, most: u32, window_ms: u64| {
            vec![(name, count.to_string()), ("most", most.to_string()), ("window_ms", window_ms.to_string())]
        };
        let alike = |similarity: f32| ("similarity", similarity.to_string());
        match self {
            Self::TooMany(messages) => counted("messages", messages, too_many.most, too_many.window_ms),
            Self::Repeated(times) => {
                let mut evidence = counted("times", times, repeated.most, repeated.window_ms);
                evidence.push(alike(repeated.similarity));
                evidence
            }
            Self::TooLong(Size { chars, lines }) => vec![
                ("chars", chars.to_string()),
                ("lines", lines.to_string()),
                ("most_chars", too_long.most_chars.to_string()),
                ("most_lines", too_long.most_lines.to_string()),
            ],
            Self::Coordinated(members) => {
                let mut evidence = counted("members", members, coordinated.most, coordinated.window_ms);
                evidence.push(alike(coordinated.similarity));
                evidence
            }
        }
    }
}
