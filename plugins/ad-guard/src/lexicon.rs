//! The words, folded once and found again by their first letters.

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
    /// The first letter, and the second if one follows directly: they decide most lookups.
    first: char,
    second: Option<char>,
    /// Bytes before the first blank or `*`; for most words, all.
    head_len: usize,
    word: Word,
}

impl Entry {
    fn new(text: &str, word: Word) -> Self {
        let head_len = text.find([' ', '*']).unwrap_or(text.len());
        let mut head = text[..head_len].chars();
        Self { first: head.next().unwrap_or_default(), second: head.next(), text: text.into(), head_len, word }
    }

    /// How many bytes of `text` the entry takes: a blank takes any run of what is neither letter nor digit, a `*` the
    /// rest of the word.
    fn matched(&self, text: &str) -> Option<usize> {
        if !text.as_bytes().starts_with(self.text.as_bytes().get(..self.head_len)?) {
            return None;
        }
        if self.head_len == self.text.len() {
            return Some(self.head_len);
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

/// All words, in buckets by their first letter, the longer ones first among those that share it.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Where the entries of each bucket begin; one more, so that each has an end. Most letters find theirs empty.
    buckets: Vec<u16>,
    entries: Vec<Entry>,
}

/// Four times the first letters there are.
const BUCKETS: usize = 1024;

fn bucket(first: char) -> usize {
    first as usize % BUCKETS
}

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
            let (first, other) = ((bucket(a.first), a.first), (bucket(b.first), b.first));
            first.cmp(&other).then(b.text.len().cmp(&a.text.len())).then(a.text.cmp(&b.text))
        });
        let begin = |number| entries.partition_point(|entry| bucket(entry.first) < number);
        let buckets = (0..=BUCKETS).map(|number| u16::try_from(begin(number)).unwrap_or(u16::MAX)).collect();
        Self { buckets, entries }
    }

    /// The longest word that `text` begins with, and its length in bytes.
    ///
    /// `goes_on(end)` says whether a word may end before the letter at `end`, beside the ends that are plain.
    pub(crate) fn longest(&self, text: &str, goes_on: impl Fn(Word, usize) -> bool) -> Option<(Word, usize)> {
        let mut letters = text.chars();
        let (first, second) = (letters.next()?, letters.next());
        let [from, to] = *self.buckets.get(bucket(first)..)?.first_chunk()?;
        let alike = |entry: &&Entry| entry.first == first && (entry.second.is_none() || entry.second == second);
        self.entries.get(from.into()..to.into())?.iter().filter(alike).find_map(|entry| {
            let end = entry.matched(text)?;
            let whole = ends_word(text, end) || goes_on(entry.word, end);
            whole.then_some((entry.word, end))
        })
    }
}

/// Letters that are written in words: not Han, where every character may begin or end one. Han is asked first: the
/// tables of all other letters take long to search.
pub(crate) fn is_spelled(letter: char) -> bool {
    if letter.is_ascii() { letter.is_ascii_alphanumeric() } else { !is_han(letter) && letter.is_alphanumeric() }
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
