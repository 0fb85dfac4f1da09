//! How the words of contact solicitation stand together.
//!
//! A small grammar reads the row of words: a verb, a channel and an account, with nothing but fillers between them.
//! The more of the three are there, the surer; what may well be everyday speech stays below one half.

use std::ops::Range;

use crate::account::{Account, Form};
use crate::lexicon::{Channel, Lexicon, Word};
use crate::row::Row;
use crate::scan::MOST_FOUND;

/// An invitation into private contact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contact {
    pub(crate) span: Range<usize>,
    pub(crate) channel: Option<Channel>,
    pub(crate) with_account: bool,
    pub(crate) confidence: f32,
}

/// A verb, a channel, an account.
const COMPLETE: f32 = 0.95;
/// A channel and an account, or a verb and an account.
const ACCOUNT: f32 = 0.85;
/// A verb and a channel, or a whole phrase.
const ASKED: f32 = 0.75;
/// A telephone number by itself.
const NUMBER: f32 = 0.7;
/// A verb, and close beside it who is meant: "интересно — пиши".
const LED: f32 = 0.6;
/// May well be everyday speech: less than half.
const UNSURE: f32 = 0.4;

/// How many words may stand between 想赚钱的 and 私我.
const MOST_LEAD_WORDS: usize = 6;
/// How far a 不要 or a 怎么 reaches, in bytes (three Chinese characters).
const REACH_BYTES: usize = 9;

/// The first [`MOST_FOUND`] invitations in a folded text, in order.
pub(crate) fn contacts(lexicon: &Lexicon, text: &str) -> Vec<Contact> {
    let row = Row::new(lexicon, text);
    let phones = row.has_digits();
    let mut found: Vec<Contact> = Vec::new();
    for index in 0..row.tokens.len() {
        if found.len() == MOST_FOUND {
            break;
        }
        let from = found.last().map_or(0, |last| last.span.end);
        if row.start(index) < from {
            continue;
        }
        let phone = |span| Contact { span, channel: Some(Channel::Phone), with_account: true, confidence: NUMBER };
        let reading = Reading::at(&row, index).and_then(Reading::contact);
        found.extend(reading.or_else(|| phones.then(|| row.phone_in(index, from))?.map(phone)));
    }
    found
}

/// One way to read the row from a word on.
struct Reading<'r> {
    row: &'r Row<'r>,
    first: usize,
    word: Word,
    channel: Option<(usize, Channel)>,
    account: Option<Account>,
    /// The verb behind a channel.
    beckon: Option<usize>,
}

impl<'r> Reading<'r> {
    fn at(row: &'r Row<'r>, first: usize) -> Option<Self> {
        let word = row.word(first)?;
        let (channel, beckon) = match word {
            Word::Channel(channel) | Word::Hint(channel) => (Some((first, channel)), row.beckons_after(first)),
            Word::Ask | Word::Alike | Word::Beckon | Word::Invite(_) | Word::Offer => (row.channel_after(first), None),
            _ => return None,
        };
        let mut reading = Self { row, first, word, channel, account: None, beckon };
        reading.account = row.account_after(reading.last()).filter(|account| reading.believes(account));
        Some(reading)
    }

    fn contact(self) -> Option<Contact> {
        let confidence = self.confidence()?;
        let confidence = if self.account.is_some() { confidence } else { self.doubt(confidence)? };
        let end = match (&self.account, self.beckon) {
            (Some(account), _) => account.span.end,
            (None, Some(verb)) => self.row.end(verb),
            (None, None) => self.row.end(self.last()),
        };
        let channel = match self.word {
            Word::Invite(channel) => Some(channel),
            _ => self.channel.map(|(_, channel)| channel),
        };
        Some(Contact {
            span: self.row.start(self.first)..end,
            channel,
            with_account: self.account.is_some(),
            confidence,
        })
    }

    /// How sure this reading is; none when it is no solicitation at all.
    fn confidence(&self) -> Option<f32> {
        match (self.word, self.channel, &self.account) {
            (Word::Offer, Some((_, Channel::Private)), _) => Some(ASKED),
            // Without a number there is nothing to call, and an offer without a road leads nowhere.
            (Word::Ask, Some((_, Channel::Phone)), None) | (Word::Offer, ..) => None,
            (Word::Channel(_) | Word::Hint(_), _, Some(_)) | (Word::Ask | Word::Beckon, None, Some(_)) => Some(ACCOUNT),
            (Word::Channel(_) | Word::Hint(_), _, None) => self.beckon.map(|_| ASKED),
            (_, Some(_), Some(_)) => Some(COMPLETE),
            (Word::Ask | Word::Beckon, Some(_), None) | (Word::Invite(_), ..) => Some(ASKED),
            (Word::Alike, Some((at, _)), None) => self.is_disguised(at).then_some(ASKED),
            (Word::Beckon, None, None) if self.row.lead_near(self.first, MOST_LEAD_WORDS) => Some(ASKED),
            (Word::Beckon, None, None) => Some(UNSURE),
            (Word::Ask, None, None) => self.row.lead_near(self.first, 2).then_some(LED),
            _ => None,
        }
    }

    /// 嘉v and +微信 are written so to evade; 我家微信 is not.
    fn is_disguised(&self, channel: usize) -> bool {
        if self.row.is_plus(self.first) {
            return self.row.is_leading_plus(self.first);
        }
        channel == self.first + 1 && matches!(self.row.word(channel), Some(Word::Hint(_)))
    }

    /// Whether an account is one, given what was said before it.
    fn believes(&self, account: &Account) -> bool {
        let asked = !matches!(self.word, Word::Channel(_) | Word::Hint(_));
        let Some((at, channel)) = self.channel else {
            return account.form == Form::Handle || (account.form == Form::Name && self.row.follows_han(account));
        };
        let plain = matches!(self.row.word(at), Some(Word::Channel(_)));
        let announced = self.row.announces(at, account);
        match account.form {
            Form::Handle | Form::Number => true,
            Form::Name => asked || plain || announced,
            Form::Letters => announced && (asked || plain),
            Form::ShortNumber => channel == Channel::Qq && (asked || plain),
        }
    }

    /// 怎么加微信 is a question and 不要加微信 a warning: the first stays unsure, the second is nothing.
    fn doubt(&self, confidence: f32) -> Option<f32> {
        let start = self.row.start(self.first);
        let before = self.row.tokens.get(..self.first)?.iter().rev().take_while(|it| it.end + REACH_BYTES >= start);
        let last = self.last();
        let after = self.row.tokens.get(last + 1).filter(|it| it.start <= self.row.end(last) + REACH_BYTES);
        let mut confidence = confidence;
        for near in before {
            match near.word {
                Some(Word::Negation) => return None,
                Some(Word::Question) => confidence = confidence.min(UNSURE),
                _ => {}
            }
        }
        Some(if after.is_some_and(|it| it.word == Some(Word::Question)) { confidence.min(UNSURE) } else { confidence })
    }

    /// The last word of verb and channel.
    fn last(&self) -> usize {
        self.channel.map_or(self.first, |(at, _)| at)
    }
}
