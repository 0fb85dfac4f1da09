//! A folded text as a row of words with a meaning, where the longest word wins: 微信支付 is a topic and no channel,
//! 加油 is no verb of asking.

use std::ops::Range;

use crate::account::{Account, FEWEST_PHONE_DIGITS, Form, account_at, is_digit, phone_at};
use crate::lexicon::{Channel, Lexicon, Word, is_han, is_spelled};

/// Separators between two words that still belong together, in bytes.
const MOST_GAP_BYTES: usize = 6;
/// How long a token is, about: less than they usually are, so that there is room for all of them at once.
const BYTES_A_TOKEN: usize = 4;
/// Words like 我的 or "me on" between two that belong together.
const MOST_FILLERS: usize = 4;

/// One word, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// None for words that mean nothing here, and for any number of them in a row.
    pub(crate) word: Option<Word>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The words of a text.
#[derive(Debug)]
pub(crate) struct Row<'t> {
    text: &'t str,
    pub(crate) tokens: Vec<Token>,
}

impl<'t> Row<'t> {
    pub(crate) fn new(lexicon: &Lexicon, text: &'t str) -> Self {
        let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / BYTES_A_TOKEN);
        let mut at = 0;
        while let Some(rest) = text.get(at..)
            && let Some(letter) = rest.chars().next()
        {
            let (word, len) = read_word(lexicon, text, at, rest, letter);
            let end = at + len;
            match tokens.last_mut() {
                _ if word.is_none() && !is_han(letter) && !is_spelled(letter) => {}
                Some(last) if word.is_none() && last.word.is_none() && last.end == at && is_han(letter) => {
                    last.end = end;
                }
                _ => tokens.push(Token { word, start: at, end }),
            }
            at = end;
        }
        Self { text, tokens }
    }

    /// The channel behind a verb, past fillers and more verbs.
    pub(crate) fn channel_after(&self, verb: usize) -> Option<(usize, Channel)> {
        let mut at = verb;
        for _ in 0..=MOST_FILLERS {
            at = self.next(at)?;
            match self.word(at)? {
                Word::Channel(channel) | Word::Hint(channel) => return Some((at, channel)),
                Word::Filler | Word::Ask => {}
                _ => return None,
            }
        }
        None
    }

    /// The account behind a channel or a verb, past fillers and separators.
    pub(crate) fn account_after(&self, index: usize) -> Option<Account> {
        let mut at = index;
        for _ in 0..=MOST_FILLERS {
            let end = self.end(at);
            let rest = self.text.get(end..)?;
            let gap = rest.find(|c: char| c.is_alphanumeric() || c == '@').filter(|&gap| gap <= MOST_GAP_BYTES)?;
            if let Some(account) = account_at(self.text, end + gap) {
                return Some(account);
            }
            at = self.next(at)?;
            if !matches!(self.word(at)?, Word::Filler | Word::Channel(_) | Word::Hint(_)) {
                return None;
            }
        }
        None
    }

    /// 微信联系我: the channel before the verb.
    pub(crate) fn beckons_after(&self, channel: usize) -> Option<usize> {
        self.next(channel).filter(|&at| self.word(at) == Some(Word::Beckon))
    }

    /// Whether there may be a telephone number anywhere: most texts have too few digits.
    pub(crate) fn has_digits(&self) -> bool {
        self.text.chars().filter(|&letter| is_digit(letter)).nth(FEWEST_PHONE_DIGITS - 1).is_some()
    }

    /// A telephone number in or right before this word, but not before `from`.
    pub(crate) fn phone_in(&self, index: usize, from: usize) -> Option<Range<usize>> {
        let token = self.tokens.get(index)?;
        let plus = token.start.checked_sub(1).filter(|&at| at >= from && self.text.get(at..token.start) == Some("+"));
        let letters = self.text.get(token.start..token.end)?.char_indices().map(|(offset, _)| token.start + offset);
        plus.into_iter().chain(letters).find_map(|at| phone_at(self.text, at))
    }

    /// 想赚钱的…私我: who is meant stands near, before or (half as far) behind.
    pub(crate) fn lead_near(&self, index: usize, most_words: usize) -> bool {
        let from = index.saturating_sub(most_words);
        let to = (index + 1 + most_words.div_ceil(2)).min(self.tokens.len());
        self.tokens.get(from..to).is_some_and(|near| near.iter().any(|it| it.word == Some(Word::Lead)))
    }

    /// "号", "id" or ":" between a channel and its account.
    pub(crate) fn announces(&self, channel: usize, account: &Account) -> bool {
        let between = self.text.get(self.start(channel)..account.span.start).unwrap_or_default();
        between.contains([':', '=', '号']) || between.contains("id")
    }

    /// A plus that says 加, and not the one of "ctrl+v".
    pub(crate) fn is_leading_plus(&self, index: usize) -> bool {
        let before = self.text.get(..self.start(index)).unwrap_or_default();
        self.is_plus(index) && !before.ends_with(|c: char| c.is_ascii_alphanumeric())
    }

    pub(crate) fn is_plus(&self, index: usize) -> bool {
        self.text.get(self.start(index)..self.end(index)) == Some("+")
    }

    pub(crate) fn follows_han(&self, account: &Account) -> bool {
        self.text.get(..account.span.start).is_some_and(|before| before.ends_with(is_han))
    }

    pub(crate) fn word(&self, index: usize) -> Option<Word> {
        self.tokens.get(index)?.word
    }

    pub(crate) fn start(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.text.len(), |token| token.start)
    }

    pub(crate) fn end(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.text.len(), |token| token.end)
    }

    /// The next word, when only separators stand between.
    fn next(&self, index: usize) -> Option<usize> {
        let next = self.tokens.get(index + 1)?;
        (next.start - self.end(index) <= MOST_GAP_BYTES).then_some(index + 1)
    }
}

/// What stands at `at`, and how long it is: a word of the list, any other word, or one character.
fn read_word(lexicon: &Lexicon, text: &str, at: usize, rest: &str, letter: char) -> (Option<Word>, usize) {
    match lexicon.longest(rest, |word, end| is_prefix_of_account(text, word, at + end)) {
        Some((word, len)) => (Some(word), len),
        None if is_spelled(letter) => (None, rest.find(|c| !is_spelled(c)).unwrap_or(rest.len())),
        None => (None, letter.len_utf8()),
    }
}

/// "vx123abc", "qq12345678": the account is written to its channel.
fn is_prefix_of_account(text: &str, word: Word, end: usize) -> bool {
    matches!(word, Word::Channel(_) | Word::Hint(_))
        && account_at(text, end).is_some_and(|account| account.form != Form::Letters)
}
