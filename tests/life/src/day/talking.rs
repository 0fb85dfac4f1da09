//! Messages of a day: chatter, questions and who answers them, replies and reactions.

use super::{Day, MINUTE_MS, moment};
use crate::dice::Dice;
use crate::people::Member;
use crate::persona::Persona;
use crate::talk::Speech;
use serde_json::{Value, json};

const EMOJI: [&str; 4] = ["👍", "❤", "😄", "👏"];
/// How many of a hundred questions find somebody who answers, when somebody is there who may.
const ANSWERED_PER_MILLE: u64 = 850;
/// Questions that an accomplice asks in a day.
const STAGED: u64 = 4;

/// A message of today, as far as others take it up.
#[derive(Clone, Copy)]
struct Said<'a> {
    number: usize,
    at_ms: u64,
    by: &'a Member,
}

impl Day<'_> {
    /// Everybody who is there says what they say, and takes up what others said.
    pub(crate) fn talk(&mut self) {
        let present = self.present.clone();
        let mut said = Vec::new();
        for &member in &present {
            let mut dice = self.dice(11, member);
            self.chat(member, &mut dice, &mut said);
        }
        for &member in &present {
            let mut dice = self.dice(12, member);
            self.ask(member, &present, &mut dice, &mut said);
            self.stage(member, &present, &mut dice);
        }
        for &member in &present {
            let mut dice = self.dice(13, member);
            self.reply(member, &said, &mut dice);
        }
        for message in said {
            self.applaud(message, &present);
        }
    }

    fn chat<'a>(&mut self, member: &'a Member, dice: &mut Dice, said: &mut Vec<Said<'a>>) {
        let speech = match member.persona {
            Persona::Spammer => Speech::Advertising,
            Persona::Farmer | Persona::Accomplice => Speech::Farming,
            Persona::Thinker => Speech::Thought,
            Persona::Challenger => Speech::Dispute,
            _ => Speech::Chatter,
        };
        for _ in 0..dice.times(member.rate(member.persona.habits().messages)) {
            self.say(member, moment(member, dice), speech, Value::Null, dice, said);
        }
    }

    fn say<'a>(
        &mut self,
        by: &'a Member,
        at_ms: u64,
        speech: Speech,
        payload: Value,
        dice: &mut Dice,
        said: &mut Vec<Said<'a>>,
    ) -> usize {
        let text = speech.sentence(by.interest, dice);
        let number = self.note(at_ms, "message.created", by, text, payload);
        said.push(Said { number, at_ms, by });
        number
    }

    /// Questions, and the answer that is accepted.
    fn ask<'a>(&mut self, asker: &'a Member, present: &[&'a Member], dice: &mut Dice, said: &mut Vec<Said<'a>>) {
        for _ in 0..dice.times(asker.rate(asker.persona.habits().questions)) {
            let at_ms = moment(asker, dice);
            let question = self.say(asker, at_ms, Speech::Question, Value::Null, dice, said);
            let weight = |member: &&Member| {
                if member.number == asker.number {
                    0
                } else {
                    member.rate(member.persona.habits().answers * 1_000) / 1_000
                }
            };
            if !dice.happens(ANSWERED_PER_MILLE) {
                continue;
            }
            let Some(&answerer) = dice.pick_by(present, weight) else { continue };
            let minutes = answerer.persona.habits().answer_minutes;
            let answered_ms = at_ms + dice.between(minutes / 2, minutes * 3 / 2).max(1) * MINUTE_MS;
            let reply = json!({ "reply_to": self.id(question) });
            let answer = self.say(answerer, answered_ms, Speech::Answer, reply, dice, said);
            self.accept(answerer, answered_ms + 2 * MINUTE_MS, [question, answer], asker);
        }
    }

    fn accept(&mut self, answerer: &Member, at_ms: u64, [question, answer]: [usize; 2], helped: &Member) {
        let payload = json!({ "question": self.id(question), "helped": helped.id, "answer": self.id(answer) });
        self.note(at_ms, "answer.accepted", answerer, String::new(), payload);
    }

    /// An accomplice asks, the farmer answers at once, and both applaud: much of everything, among two people.
    fn stage<'a>(&mut self, accomplice: &'a Member, present: &[&'a Member], dice: &mut Dice) {
        let farmer = present.iter().find(|member| member.persona == Persona::Farmer);
        let (Persona::Accomplice, Some(farmer)) = (accomplice.persona, farmer) else { return };
        for _ in 0..STAGED {
            let mut said = Vec::new();
            let at_ms = moment(accomplice, dice);
            let question = self.say(accomplice, at_ms, Speech::Farming, Value::Null, dice, &mut said);
            let reply = json!({ "reply_to": self.id(question) });
            let answer = self.say(farmer, at_ms + MINUTE_MS, Speech::Farming, reply, dice, &mut said);
            self.accept(farmer, at_ms + 2 * MINUTE_MS, [question, answer], accomplice);
            self.react(accomplice, answer, at_ms + 3 * MINUTE_MS, dice);
            self.react(farmer, question, at_ms + 3 * MINUTE_MS, dice);
        }
    }

    fn reply(&mut self, member: &Member, said: &[Said<'_>], dice: &mut Dice) {
        let weight = |message: &Said<'_>| {
            if message.by.number == member.number { 0 } else { message.by.persona.habits().provokes }
        };
        for _ in 0..dice.times(member.rate(member.persona.habits().replies)) {
            let Some(message) = dice.pick_by(said, weight) else { return };
            let speech = match member.persona {
                Persona::Challenger => Speech::Dispute,
                _ => Speech::Chatter,
            };
            let at_ms = message.at_ms + dice.between(1, 40) * MINUTE_MS;
            let text = speech.sentence(message.by.interest, dice);
            self.note(at_ms, "message.created", member, text, json!({ "reply_to": self.id(message.number) }));
        }
    }

    fn applaud(&mut self, message: Said<'_>, present: &[&Member]) {
        let mut dice =
            Dice::of(&[self.life.seed, 14, self.group as u64, self.date.unsigned_abs(), message.number as u64]);
        // People who are there in numbers applaud in numbers.
        let mean = message.by.persona.habits().applause * present.len() as u64 / 50;
        for _ in 0..dice.times(mean) {
            let Some(fan) = dice.pick_by(present, |fan| u64::from(fan.number != message.by.number)) else { return };
            let at_ms = message.at_ms + dice.between(1, 60) * MINUTE_MS;
            self.react(fan, message.number, at_ms, &mut dice);
        }
    }

    fn react(&mut self, fan: &Member, message: usize, at_ms: u64, dice: &mut Dice) {
        let payload = json!({ "message": self.id(message), "emoji": dice.pick(&EMOJI) });
        self.note(at_ms, "reaction.added", fan, String::new(), payload);
    }
}
