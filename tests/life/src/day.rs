//! One day in one group: who comes, what they write, who answers, reacts, buys.

mod reading;
mod talking;

use crate::dice::Dice;
use crate::event::{Happening, actor};
use crate::life::Life;
use crate::people::Member;
use crate::persona::Persona;
use serde_json::{Value, json};

const MINUTE_MS: u64 = 60_000;
const LAST_MS: u64 = 86_400_000 - 1;

/// A day that is being lived.
pub(crate) struct Day<'a> {
    pub(crate) life: &'a Life,
    pub(crate) group: usize,
    /// Counted from the first day of this life.
    pub(crate) date: i64,
    /// Members who have come today.
    pub(crate) present: Vec<&'a Member>,
    happenings: Vec<Happening>,
}

impl<'a> Day<'a> {
    /// Everything that happens in the group on the day, in order.
    pub(crate) fn live(life: &'a Life, group: usize, day: i64) -> Vec<Happening> {
        let members = life.members.iter().filter(|member| member.group == group && member.is_there(day));
        let present = members.filter(|member| comes(life.seed, member, day)).collect();
        let mut today = Self { life, group, date: day, present, happenings: Vec::new() };
        today.comings_and_goings();
        for member in today.present.clone() {
            let mut dice = today.dice(10, member);
            today.deeds(member, &mut dice);
        }
        today.talk();
        today.read();
        today.happenings.sort_by_key(|happening| (happening.at_ms, happening.number));
        today.happenings
    }

    /// A member's throws of the day for one purpose.
    pub(crate) fn dice(&self, purpose: u64, member: &Member) -> Dice {
        Dice::of(&[self.life.seed, purpose, member.number, self.date.unsigned_abs()])
    }

    /// Notes that something happens; the number is what others refer to it by.
    pub(crate) fn note(&mut self, at_ms: u64, kind: &'static str, who: &Member, text: String, payload: Value) -> usize {
        self.note_of(at_ms, kind, actor(who), text, payload)
    }

    pub(crate) fn note_of(
        &mut self,
        at_ms: u64,
        kind: &'static str,
        actor: Value,
        text: String,
        payload: Value,
    ) -> usize {
        let number = self.happenings.len();
        self.happenings.push(Happening { at_ms: at_ms.min(LAST_MS), kind, actor, text, payload, number });
        number
    }

    pub(crate) fn id(&self, number: usize) -> String {
        crate::event::id(&self.life.groups[self.group].id, self.date, number)
    }

    fn comings_and_goings(&mut self) {
        let (day, group, life) = (self.date, self.group, self.life);
        for member in life.members.iter().filter(|member| member.group == group) {
            if member.joined == day {
                self.note(6 * 60 * MINUTE_MS, "member.joined", member, String::new(), json!({ "source": "link" }));
            }
            if member.left == Some(day) {
                self.note(6 * 60 * MINUTE_MS, "member.left", member, String::new(), Value::Null);
            }
        }
    }

    /// What a member does that concerns nobody else.
    fn deeds(&mut self, member: &Member, dice: &mut Dice) {
        let habits = member.persona.habits();
        let minutes = dice.between(habits.minutes / 2, habits.minutes * 3 / 2).max(1);
        self.note(22 * 60 * MINUTE_MS, "presence.seen", member, String::new(), json!({ "minutes": minutes }));
        for _ in 0..dice.times(habits.checkins) {
            self.note(moment(member, dice), "checkin.done", member, String::new(), json!({ "theme": "一周好习惯" }));
        }
        for number in 0..dice.times(habits.invites) {
            let guest = format!("guest-{}-{}-{number}", member.number, self.date);
            self.note(moment(member, dice), "invite.accepted", member, String::new(), json!({ "member": guest }));
        }
        for _ in 0..dice.times(habits.red_packets) {
            let payload = json!({ "amount_yuan": dice.between(5, 60), "count": dice.between(5, 30) });
            self.note(moment(member, dice), "redpacket.sent", member, String::new(), payload);
        }
        if member.persona == Persona::Lapsed && self.date * 2 > self.life.days {
            return;
        }
        for _ in 0..dice.times(member.rate(habits.purchases)) {
            let at_ms = moment(member, dice);
            let yuan = dice.between(habits.yuan / 2, habits.yuan * 3 / 2);
            let order = format!("o-{}-{}-{at_ms}", member.number, self.date);
            let payload = json!({ "order": order, "amount_yuan": yuan });
            self.note(at_ms, "purchase.made", member, String::new(), payload);
        }
    }
}

/// Some moment of the day around the hour at which they come.
pub(crate) fn moment(member: &Member, dice: &mut Dice) -> u64 {
    let minute = member.hour * 60 + dice.below(120);
    minute * MINUTE_MS + dice.below(MINUTE_MS)
}

/// Whether they come on this day: less at weekends, and less and less when they have lapsed.
fn comes(seed: u64, member: &Member, day: i64) -> bool {
    let mut dice = Dice::of(&[seed, 5, member.number, day.unsigned_abs()]);
    let chance = member.persona.habits().comes * if day.rem_euclid(7) >= 5 { 850 } else { 1_000 } / 1_000;
    dice.happens(chance)
}
