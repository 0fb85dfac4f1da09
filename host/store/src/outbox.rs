//! Decisions that webhooks have yet to be told: written in the transaction of the decision, gone when they were told.

use std::fmt;
use std::str::FromStr;
use usher_model::{BrandId, DecisionId, InvalidId, Timestamp, WebhookName};

/// One brand's webhook.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebhookKey {
    /// Whose.
    pub brand: BrandId,
    /// Which one.
    pub name: WebhookName,
}

impl fmt::Display for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.brand, self.name)
    }
}

/// As it is displayed: an id has no `/`.
impl FromStr for WebhookKey {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (brand, name) = text.split_once('/').ok_or(InvalidId::Empty)?;
        Ok(Self { brand: brand.parse()?, name: name.parse()? })
    }
}

/// A decision that a webhook has yet to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which decision.
    pub decision_id: DecisionId,
    /// How often it was tried.
    pub attempts: u64,
    /// When it is tried next, by the wall clock; none when it was given up.
    pub due: Option<Timestamp>,
    /// What went wrong the last time.
    pub failure: Option<Box<str>>,
}

/// A delivery that this host is to try now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Which decision.
    pub decision_id: DecisionId,
    /// How often it was tried before.
    pub attempts: u64,
    /// The whole decision, as JSON.
    pub decision: Box<str>,
}

/// Which deliveries to take on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Of which webhook.
    pub webhook: WebhookKey,
    /// Those that are due by then.
    pub now: Timestamp,
    /// When they are due again, should nothing be heard of this host any more.
    pub until: Timestamp,
    /// At most so many.
    pub limit: u32,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// Which decision.
    pub decision_id: DecisionId,
    /// What went wrong; none when it was told.
    pub failed: Option<Failed>,
}

/// An attempt that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// For people.
    pub why: Box<str>,
    /// When to try again; none to give up.
    pub again: Option<Timestamp>,
}

/// A webhook with something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which one.
    pub webhook: WebhookKey,
    /// When the first of it is due; none when all of it was given up.
    pub due: Option<Timestamp>,
}
