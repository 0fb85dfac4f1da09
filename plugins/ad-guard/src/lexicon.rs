//! The words, folded once and found again by their first letter.

use crate::words::{COMPOUNDS, WORDS};

/// By what road the reader is asked away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Wechat,
    Qq,
    Phone,
    Telegram,
    Whatsapp,
    Private,
    Profile,
    Code,
    Address,
}

impl Channel {
    /// As members call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Wechat => "微信",
            Self::Qq => "QQ",
            Self::Phone => "电话",
            Self::Telegram => "Telegram",
            Self::Whatsapp => "WhatsApp",
            Self::Private => "私聊",
            Self::Profile => "个人主页",
            Self::Code => "二维码",
            Self::Address => "链接",
        }
    }
}

/// What a word does in a solicitation; [`words`](crate::words) says more about each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Ask,
    Alike,
    Beckon,
    Invite(Channel),
    Offer,
    Channel(Channel),
    Hint(Channel),
    Filler,
    Lead,
    Question,
    Negation,
    Topic,
}

/// One word of the list, as the folded text has it.
#[derive(Debug)]
struct Entry {
    text: Box<str>,
    /// Bytes before the first blank or `*`: most lookups are decided by them.
    head_len: usize,
    word: Word,
}

impl Entry {
    fn new(text: &str, word: Word) -> Self {
        Self { text: text.into(), head_len: text.find([' ', '*']).unwrap_or(text.len()), word }
    }

    /// How many bytes of `text` the entry takes: a blank takes any run of what is neither letter nor digit, a `*` the
    /// rest of the word.
    fn matched(&self, text: &str) -> Option<usize> {
        if !text.as_bytes().starts_with(self.text.as_bytes().get(..self.head_len)?) {
            return None;
        }
        let mut at = 0;
        for (nth, word) in self.text.split(' ').enumerate() {
            if nth > 0 {
                let rest = text.get(at..)?;
                at += rest.find(|c: char| c.is_alphanumeric() || word.starts_with(c)).filter(|&blank| blank > 0)?;
            }
            let stem = word.strip_suffix('*');
            let rest = text.get(at..)?.strip_prefix(stem.unwrap_or(word))?;
            at = text.len() - rest.len();
            if stem.is_some() {
                at += rest.find(|c| !is_spelled(c)).unwrap_or(rest.len());
            }
        }
        Some(at)
    }
}

/// All words, the longer ones first among those that share a first letter.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// One bit for each first letter, by its lowest bits: nearly every lookup ends here, without a look at the rest.
    /// A fresh instance pays for each page of memory that it touches.
    firsts: [u64; FIRSTS_BITS / 64],
    /// First letters in order, each with where its entries begin.
    heads: Vec<(char, usize)>,
    entries: Vec<Entry>,
}

/// Eight times the first letters there are.
const FIRSTS_BITS: usize = 2048;

impl Lexicon {
    /// Folds every word as the host folds the texts.
    pub(crate) fn new(fold: impl Fn(&str) -> String) -> Self {
        let compounds = COMPOUNDS.iter().flat_map(|&(first, rest)| rest.chars().map(move |next| [first, next]));
        let mut entries: Vec<Entry> = WORDS
            .iter()
            .flat_map(|&(word, list)| list.split('|').map(move |text| (word, text)))
            .map(|(word, text)| Entry::new(&fold_words(text, &fold), word))
            .chain(compounds.map(|pair| Entry::new(&String::from_iter(pair), Word::Topic)))
            .collect();
        entries.sort_unstable_by(|a, b| {
            let (first, other) = (a.text.chars().next(), b.text.chars().next());
            first.cmp(&other).then(b.text.len().cmp(&a.text.len())).then(a.text.cmp(&b.text))
        });
        let mut firsts = [0; FIRSTS_BITS / 64];
        let mut heads: Vec<(char, usize)> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            if let Some(first) = entry.text.chars().next()
                && heads.last().is_none_or(|&(head, _)| head != first)
            {
                heads.push((first, index));
                let (word, bit) = bit_of(first);
                firsts[word] |= bit;
            }
        }
        Self { firsts, heads, entries }
    }

    /// The longest word that `text` begins with, and its length in bytes.
    ///
    /// `goes_on(end)` says whether a word may end before the letter at `end`, beside the ends that are plain.
    pub(crate) fn longest(&self, text: &str, goes_on: impl Fn(Word, usize) -> bool) -> Option<(Word, usize)> {
        let first = text.chars().next()?;
        let (word, bit) = bit_of(first);
        if self.firsts[word] & bit == 0 {
            return None;
        }
        let head = self.heads.binary_search_by_key(&first, |&(head, _)| head).ok()?;
        let from = self.heads.get(head)?.1;
        let to = self.heads.get(head + 1).map_or(self.entries.len(), |next| next.1);
        self.entries.get(from..to)?.iter().find_map(|entry| {
            let end = entry.matched(text)?;
            let whole = ends_word(text, end) || goes_on(entry.word, end);
            whole.then_some((entry.word, end))
        })
    }
}

fn bit_of(first: char) -> (usize, u64) {
    let at = first as usize % FIRSTS_BITS;
    (at / 64, 1 << (at % 64))
}

/// Letters that are written in words: not Han, where every character may begin or end one.
pub(crate) fn is_spelled(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || (letter.is_alphanumeric() && !is_han(letter))
}

pub(crate) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// Whether no spelled word goes on across `end`. Digits don't prolong a word: "vx123".
fn ends_word(text: &str, end: usize) -> bool {
    let before = text.get(..end).and_then(|head| head.chars().next_back());
    let after = text.get(end..).and_then(|tail| tail.chars().next());
    !(before.is_some_and(is_spelled) && after.is_some_and(is_spelled))
}

/// Each word by itself: as neighbours, single letters would be taken for one word pulled apart.
fn fold_words(text: &str, fold: impl Fn(&str) -> String) -> String {
    let fold_word = |word: &str| match word.strip_suffix('*') {
        Some(stem) => fold(stem) + "*",
        None if word.chars().any(char::is_alphanumeric) => fold(word),
        // A symbol by itself has nothing to fold to.
        None => word.to_owned(),
    };
    text.split_whitespace().map(fold_word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_listed_twice() {
        let lexicon = Lexicon::new(usher_text::fold);
        let twice: Vec<_> = lexicon.entries.windows(2).filter(|pair| pair[0].text == pair[1].text).collect();
        assert!(twice.is_empty(), "{twice:#?}");
    }

    #[test]
    fn the_longest_word_wins() {
        let lexicon = Lexicon::new(str::to_owned);
        let longest = |text| lexicon.longest(text, |_, _| false);
        assert_eq!(longest("微信支付成功"), Some((Word::Topic, "微信支付".len())));
        assert_eq!(longest("微信abc"), Some((Word::Channel(Channel::Wechat), "微信".len())));
        assert_eq!(longest("加油"), Some((Word::Topic, "加油".len())));
        assert_eq!(longest("vxyz"), None);
        assert_eq!(longest("dm   me now"), Some((Word::Invite(Channel::Private), "dm   me".len())));
        assert_eq!(longest("напишите в личку"), Some((Word::Ask, "напишите".len())));
    }
}
