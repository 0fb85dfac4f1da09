//! What an event adds to the ledger: who did how much of what on which day.
//!
//! A pure function of the event, its decision, and the earlier events that it refers to. It is written with the decision,
//! so that an event counts once, however often it is sent.

mod contents;
mod measure;

pub use contents::{ContentEntry, ContentMeasure, contents, is_about_content, is_segment, named_segment};
pub use measure::{Measure, UnknownMeasure};

use crate::{Day, Decision, Event, EventId, MemberId, Timestamp, Verdict};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most that one event adds to a measure, and the most that it takes: one million events of that size on one day are
/// far from what a sum can hold.
pub const AMOUNT_MAX: i64 = 10_000_000_000;

/// Fen in a yuan.
const FEN: f64 = 100.0;

/// Something that a member did, or that was done to them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LedgerEntry {
    /// On which day, by the group's time zone.
    pub day: Day,
    /// Whose.
    pub member: MemberId,
    /// What.
    pub measure: Measure,
    /// With or by whom, where distinct people count.
    pub other: Option<MemberId>,
    /// How much.
    pub amount: i64,
}

/// What the ledger wants to know of an earlier event of the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Whom it was about: the author of a message.
    pub actor: Option<MemberId>,
    /// The group's time at its decision.
    pub at: Timestamp,
}

/// Earlier events of the group that an event refers to, as far as the journal has them.
pub type Origins = BTreeMap<EventId, Origin>;

/// Ids of the earlier events that the ledger has to know of to count this one.
pub fn refers_to(event: &Event) -> Vec<EventId> {
    let fields: &[&str] = match event.kind.as_str() {
        "message.created" => &["reply_to"],
        "reaction.added" => &["message"],
        "answer.accepted" => &["question", "answer"],
        _ => &[],
    };
    fields.iter().filter_map(|field| id(event, field)).collect()
}

/// What an event and its decision add, in a time zone. The same member, measure and other may come more than once.
pub fn entries(event: &Event, decision: &Decision, zone: &str, origins: &Origins) -> Vec<LedgerEntry> {
    let day = Day::of(decision.at, zone);
    let mut page = Page { day, event, origins, entries: Vec::new() };
    if let Some(actor) = event.actor.as_ref() {
        page.of_actor(&actor.id, decision);
    }
    for strike in &decision.intent.strikes {
        page.add(&strike.member, Measure::STRIKES, None, strike.weight.into());
    }
    page.entries
}

struct Page<'e> {
    day: Day,
    event: &'e Event,
    origins: &'e Origins,
    entries: Vec<LedgerEntry>,
}

impl Page<'_> {
    fn of_actor(&mut self, actor: &MemberId, decision: &Decision) {
        match self.event.kind.as_str() {
            "message.created" if decision.intent.verdict == Verdict::Block => {
                self.add(actor, Measure::MESSAGES_BLOCKED, None, 1);
            }
            "message.created" => {
                self.add(actor, Measure::MESSAGES, None, 1);
                self.towards(actor, "reply_to", Measure::REPLIES, Measure::REPLIES_RECEIVED);
            }
            "reaction.added" => self.towards(actor, "message", Measure::REACTIONS, Measure::REACTIONS_RECEIVED),
            "answer.accepted" => self.answer(actor, decision.at),
            "checkin.done" => self.add(actor, Measure::CHECKINS, None, 1),
            "redpacket.sent" => self.paid(actor, Measure::RED_PACKETS, Measure::RED_PACKET_FEN),
            "purchase.made" => self.paid(actor, Measure::PURCHASES, Measure::PURCHASE_FEN),
            "invite.accepted" => {
                let came = id(self.event, "member").filter(|came| came != actor);
                self.add(actor, Measure::INVITES, came.as_ref(), 1);
            }
            "presence.seen" => {
                self.add(
                    actor,
                    Measure::PRESENCE_MINUTES,
                    None,
                    amount(self.event, "minutes", 1.0).unwrap_or(0).max(0),
                );
            }
            "content.read" => self.add(actor, Measure::READS, None, 1),
            "content.shared" => self.add(actor, Measure::SHARES, None, 1),
            "content.converted" => self.add(actor, Measure::CONVERSIONS, None, 1),
            _ => {
                if let Some(fact) = Measure::of_fact(&self.event.kind) {
                    self.add(actor, fact, None, amount(self.event, "amount", 1.0).unwrap_or(1));
                }
            }
        }
    }

    /// Something done to the author of an earlier event. What people do to themselves counts nothing.
    fn towards(&mut self, actor: &MemberId, field: &str, given: Measure, received: Measure) {
        let author = self.origin(field).and_then(|origin| origin.actor.clone()).filter(|author| author != actor);
        if let Some(author) = author {
            self.add(actor, given, None, 1);
            self.add(&author, received, Some(actor), 1);
        }
    }

    /// An answer that was accepted helps whom the event names, or who asked. An answer to oneself counts nothing.
    fn answer(&mut self, actor: &MemberId, accepted: Timestamp) {
        let asker = || self.origin("question").and_then(|origin| origin.actor.clone());
        let helped = id(self.event, "helped").or_else(asker);
        if helped.as_ref() == Some(actor) {
            return;
        }
        self.add(actor, Measure::ANSWERS, None, 1);
        if let Some(helped) = helped {
            self.add(actor, Measure::HELPED, Some(&helped), 1);
            self.add(&helped, Measure::ANSWERS_RECEIVED, Some(actor), 1);
        }
        if let Some(asked) = self.origin("question") {
            let answered = self.origin("answer").map_or(accepted, |answer| answer.at);
            let took = answered.ms().saturating_sub(asked.at.ms());
            self.add(actor, Measure::ANSWERS_TIMED, None, 1);
            self.add(actor, Measure::ANSWER_MS, None, i64::try_from(took).unwrap_or(AMOUNT_MAX));
        }
    }

    fn paid(&mut self, actor: &MemberId, count: Measure, fen: Measure) {
        self.add(actor, count, None, 1);
        self.add(actor, fen, None, amount(self.event, "amount_yuan", FEN).unwrap_or(0).max(0));
    }

    fn origin(&self, field: &str) -> Option<&Origin> {
        id(self.event, field).and_then(|id: EventId| self.origins.get(&id))
    }

    fn add(&mut self, member: &MemberId, measure: Measure, other: Option<&MemberId>, amount: i64) {
        let amount = amount.clamp(-AMOUNT_MAX, AMOUNT_MAX);
        if amount != 0 {
            let (day, member, other) = (self.day, member.clone(), other.cloned());
            self.entries.push(LedgerEntry { day, member, measure, other, amount });
        }
    }
}

/// An id in the payload; none when there is none, or none that could be one.
fn id<T: std::str::FromStr>(event: &Event, field: &str) -> Option<T> {
    event.payload.get(field)?.as_str()?.parse().ok()
}

/// An amount in the payload, in so many units, rounded.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "clamped to what both can hold")]
fn amount(event: &Event, field: &str, units: f64) -> Option<i64> {
    let amount = match event.payload.get(field)? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    let max = AMOUNT_MAX as f64;
    amount.is_finite().then(|| (amount * units).round().clamp(-max, max) as i64)
}

#[cfg(test)]
mod tests;
