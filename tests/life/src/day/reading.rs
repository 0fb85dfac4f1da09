//! What is posted in the slots of a day, and who reads, shares and buys.

use super::{Day, MINUTE_MS};
use crate::dice::Dice;
use crate::people::Member;
use crate::town::{SLOTS, TOPICS};
use serde_json::{Value, json};

/// How many of a thousand readers buy what an offer sells.
const CONVERTED_PER_MILLE: u64 = 60;
/// How many of a thousand who come on a day see what is posted in a slot.
const SEEN_PER_MILLE: u64 = 500;
/// The place of offers among the kinds of contents.
const OFFER: usize = 3;

impl Day<'_> {
    /// Posts something in each slot, whatever it is: so what is read says what appeals, and not what was chosen before.
    pub(crate) fn read(&mut self) {
        let (life, day, group) = (self.life, self.date, self.group);
        let valid: Vec<_> = life.contents.iter().filter(|content| content.is_valid(day)).collect();
        for (slot, (name, hour, _)) in SLOTS.iter().enumerate() {
            let mut dice = Dice::of(&[life.seed, 20, group as u64, day.unsigned_abs(), slot as u64]);
            let Some(&content) = dice.pick(&valid) else { return };
            let at_ms = hour * 60 * MINUTE_MS;
            let appeal = content.appeal(life.groups[group].kind, slot, day);
            // Posted for all: from now on the group has seen it.
            self.note_of(
                at_ms,
                "content.shown",
                Value::Null,
                String::new(),
                json!({ "content": content.id, "slot": name }),
            );
            for member in self.present.clone() {
                if !dice.happens(SEEN_PER_MILLE) {
                    continue;
                }
                let segment = TOPICS[member.interest].0;
                let payload = json!({ "content": content.id, "slot": name, "segment": segment });
                self.note(at_ms, "content.shown", member, String::new(), payload.clone());
                let liking = if member.interest == content.topic { 1_000 } else { 450 };
                if !dice.happens(member.persona.habits().reads * appeal / 1_000 * liking / 1_000) {
                    continue;
                }
                let read_ms = at_ms + dice.between(1, 90) * MINUTE_MS;
                self.note(read_ms, "content.read", member, String::new(), payload.clone());
                self.then(member, read_ms, content.kind == OFFER, payload, &mut dice);
            }
        }
    }

    /// What follows from reading.
    fn then(&mut self, member: &Member, read_ms: u64, offer: bool, mut payload: Value, dice: &mut Dice) {
        let habits = member.persona.habits();
        if dice.happens(habits.shares) {
            self.note(read_ms + MINUTE_MS, "content.shared", member, String::new(), payload.clone());
        }
        if offer && dice.happens(CONVERTED_PER_MILLE + habits.purchases) {
            payload["amount_yuan"] = json!(dice.between(20, 200));
            self.note(read_ms + 5 * MINUTE_MS, "content.converted", member, String::new(), payload);
        }
    }
}
