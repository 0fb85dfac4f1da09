//! What the ledger counts.

use crate::EventKind;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Kinds of events that begin so are a brand's own facts.
const FACT_KIND: &str = "fact.";

/// Measures that begin so count a brand's own facts.
const FACT: &str = "fact_";

/// Something that the ledger counts of a member and a day. The unit is in its name, where it is no count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct Measure(Cow<'static, str>);

/// A text that names no measure.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is no measure: there are {measures}, and `fact_NAME` for events of kind `fact.NAME`",
    measures = Measure::ALL.map(|measure| measure.0).join(", ")
)]
pub struct UnknownMeasure(pub String);

macro_rules! measures {
    ($( $(#[$about:meta])* $name:ident = $text:literal; )*) => {
        impl Measure {
            $( $(#[$about])* pub const $name: Measure = Measure(Cow::Borrowed($text)); )*

            /// All that the host counts by itself.
            pub const ALL: [Measure; [$($text),*].len()] = [$(Measure::$name),*];
        }
    };
}

measures! {
    /// Messages written, save those that were blocked.
    MESSAGES = "messages";
    /// Messages written that were blocked.
    MESSAGES_BLOCKED = "messages_blocked";
    /// Replies written to somebody else's message.
    REPLIES = "replies";
    /// Replies of others to the member's messages; the other is who replied.
    REPLIES_RECEIVED = "replies_received";
    /// Reactions given to somebody else's message.
    REACTIONS = "reactions";
    /// Reactions of others to the member's messages; the other is who reacted.
    REACTIONS_RECEIVED = "reactions_received";
    /// Answers by the member that were accepted.
    ANSWERS = "answers";
    /// The same, where it is known who was helped; the other is who.
    HELPED = "helped";
    /// Answers that the member got and accepted; the other is who answered.
    ANSWERS_RECEIVED = "answers_received";
    /// Those of the answers by the member whose time is known.
    ANSWERS_TIMED = "answers_timed";
    /// From question to answer, summed over these.
    ANSWER_MS = "answer_ms";
    /// Check-ins.
    CHECKINS = "checkins";
    /// Red packets sent.
    RED_PACKETS = "red_packets";
    /// What was in them.
    RED_PACKET_FEN = "red_packet_fen";
    /// Purchases.
    PURCHASES = "purchases";
    /// What was paid.
    PURCHASE_FEN = "purchase_fen";
    /// Invitations that were accepted; the other is who came.
    INVITES = "invites";
    /// Weights of strikes against the member that are in force.
    STRIKES = "strikes";
    /// Minutes of being there.
    PRESENCE_MINUTES = "presence_minutes";
    /// Contents read.
    READS = "reads";
    /// Contents shared.
    SHARES = "shares";
    /// Contents that led to what they were for.
    CONVERSIONS = "conversions";
}

impl Measure {
    /// What counts a fact of the brand's own; none for events of other kinds. `fact.helped-offline` is
    /// `fact_helped_offline`.
    pub fn of_fact(kind: &EventKind) -> Option<Self> {
        let name = kind.as_str().strip_prefix(FACT_KIND)?;
        Some(Self(format!("{FACT}{}", name.replace(['.', '-'], "_")).into()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Measure {
    type Err = UnknownMeasure;
    fn from_str(text: &str) -> Result<Self, UnknownMeasure> {
        if let Some(known) = Self::ALL.into_iter().find(|measure| measure.0 == text) {
            return Ok(known);
        }
        let word = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        match text.strip_prefix(FACT) {
            // As long as a kind may be.
            Some(name) if text.len() <= 64 && word(name) => Ok(Self(text.to_owned().into())),
            _ => Err(UnknownMeasure(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Measure {
    type Error = UnknownMeasure;
    fn try_from(text: String) -> Result<Self, UnknownMeasure> {
        text.parse()
    }
}

impl From<Measure> for String {
    fn from(measure: Measure) -> String {
        measure.0.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_one_of_the_hosts_or_a_fact() {
        for good in Measure::ALL.map(String::from).into_iter().chain(["fact_karma".into(), "fact_a1_b".into()]) {
            assert_eq!(good.parse::<Measure>().unwrap().as_str(), good);
        }
        for bad in ["message", "fact_", "fact_1", "fact_A", "fact_a-b", ""] {
            assert!(bad.parse::<Measure>().is_err(), "{bad}");
        }
        assert!("likes".parse::<Measure>().unwrap_err().to_string().contains("messages, messages_blocked"));
    }

    #[test]
    fn every_fact_has_a_measure() {
        let of = |kind: &str| Measure::of_fact(&EventKind::new(kind).unwrap()).map(String::from);
        assert_eq!(of("fact.helped-offline.twice").as_deref(), Some("fact_helped_offline_twice"));
        assert_eq!(of("message.created"), None);
        let longest = format!("fact.{}", "x".repeat(59));
        assert!(of(&longest).unwrap().parse::<Measure>().is_ok());
    }
}
