//! What one member owes and has paid: the rules of the policy, as functions of what was remembered and what happens.

use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// Packets that may add up; older ones are forgotten.
const MOST_PACKETS: usize = 20;
/// Messages of one share that are remembered, so that they can be removed.
const MOST_MESSAGES: usize = 20;
/// How long an account is kept beyond its use, so that the timer still finds what it is about.
const SPARE_MS: u64 = 60_000;

/// What is remembered of one member.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Account {
    /// The share that waits for its packet.
    pub share: Option<Share>,
    /// Packets that have not paid for a share yet, oldest first.
    pub packets: Vec<Packet>,
}

/// An article in the group that waits for its packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// When the first message that shared was sent, in milliseconds since the Unix epoch.
    pub at: u64,
    /// From when on a packet comes too late, in the same.
    pub due: u64,
    /// The sender's name in the group.
    pub name: String,
    /// Ids of the messages that shared.
    pub messages: Vec<String>,
}

/// A red packet, or several of them taken together.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Packet {
    /// When it was sent, in milliseconds since the Unix epoch.
    pub at: u64,
    /// What is in it.
    pub yuan: f64,
    /// How many people it is for.
    pub people: u32,
}

/// What an event comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Nothing is owed.
    Nothing,
    /// A share begins to wait for its packet.
    Asked(Share),
    /// Another share while one waits: the clock runs on, and one packet pays for all.
    AskedBefore(Share),
    /// The share is paid for.
    Paid(Share, Packet),
    /// A packet came and is not enough.
    TooSmall(Share, Packet),
    /// No packet came in time; the packet is what came at all.
    Unpaid(Share, Packet),
}

impl Account {
    /// The member shares an article.
    pub fn share(&mut self, settings: &Settings, at: u64, name: &str, message: &str) -> Step {
        if let Some(waiting) = self.share.as_mut().filter(|waiting| at < waiting.due) {
            if waiting.messages.len() < MOST_MESSAGES {
                waiting.messages.push(message.to_owned());
            }
            return Step::AskedBefore(waiting.clone());
        }
        self.packets.retain(|packet| packet.at.saturating_add(settings.before_ms) >= at);
        let due = at.saturating_add(settings.window_ms);
        let share = Share { at, due, name: name.to_owned(), messages: vec![message.to_owned()] };
        if settings.before_ms > 0
            && let Some(payment) = self.pay(settings)
        {
            return Step::Paid(share, payment);
        }
        self.share = Some(share.clone());
        Step::Asked(share)
    }

    /// The member sends a red packet.
    pub fn packet(&mut self, settings: &Settings, packet: Packet) -> Step {
        self.packets.push(packet);
        let excess = self.packets.len().saturating_sub(MOST_PACKETS);
        self.packets.drain(..excess);
        let Some(share) = self.share.take_if(|share| packet.at < share.due) else {
            self.share = None;
            self.packets.retain(|kept| kept.at.saturating_add(settings.before_ms) > packet.at);
            return Step::Nothing;
        };
        if let Some(payment) = self.pay(settings) {
            return Step::Paid(share, payment);
        }
        self.share = Some(share.clone());
        Step::TooSmall(share, if settings.add_up { total(&self.packets) } else { packet })
    }

    /// The timer of the member's share comes back.
    pub fn due(&mut self, at: u64) -> Step {
        let Some(share) = self.share.take_if(|share| share.due <= at) else { return Step::Nothing };
        Step::Unpaid(share, total(&std::mem::take(&mut self.packets)))
    }

    /// How long after `at` all of this is of use, in milliseconds; none when there is nothing to remember.
    pub fn kept_ms(&self, settings: &Settings, at: u64) -> Option<u64> {
        let share = self.share.as_ref().map(|share| share.due.saturating_sub(at).saturating_add(SPARE_MS));
        let spare = settings.before_ms > 0 && !self.packets.is_empty();
        share.max(spare.then(|| settings.before_ms.saturating_add(SPARE_MS)))
    }

    /// Takes what pays for one share from the packets at hand.
    fn pay(&mut self, settings: &Settings) -> Option<Packet> {
        // Amounts are sums of cents, and half of one is no difference.
        let pays =
            |packet: &Packet| packet.yuan + 0.005 >= settings.least_yuan && packet.people >= settings.least_people;
        if settings.add_up {
            let sum = total(&self.packets);
            return (!self.packets.is_empty() && pays(&sum)).then(|| {
                self.packets.clear();
                sum
            });
        }
        self.packets.iter().position(pays).map(|first| self.packets.remove(first))
    }
}

/// All of them as one, sent with the last.
fn total(packets: &[Packet]) -> Packet {
    packets.iter().fold(Packet::default(), |sum, packet| Packet {
        at: packet.at,
        yuan: sum.yuan + packet.yuan,
        people: sum.people.saturating_add(packet.people),
    })
}
