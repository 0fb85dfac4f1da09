//! Thousands of phrases found in one pass over a folded text, those beside allow-listed phrases taken out.

use aho_corasick::{AhoCorasick, BuildError, MatchKind};
use thiserror::Error;

use crate::fold::{Folded, fold};

/// Phrases that one list may have, the allow-listed included.
pub const LIST_ENTRIES_MAX: usize = 100_000;
/// Bytes that one phrase may have, as written and folded.
pub const ENTRY_BYTES_MAX: usize = 256;
/// Bytes that all phrases of a list may have together, as written: 8 MiB.
pub const LIST_BYTES_MAX: usize = 8 << 20;
/// Hits that one text may have; later ones are not reported.
pub const HITS_MAX: usize = 1_000;

/// A list of words and phrases that a brand looks for, and of those that are fine.
///
/// - A phrase is looked for as it folds.
/// - Where it begins or ends with a letter of a script that has case (Latin, Cyrillic, Greek), no such letter may stand
///   beside it, unless a symbol was removed between: "vx" stands in "加vx123", "vx：" and "vx👉abc", not in "dvxe".
/// - A hit that overlaps an allow-listed phrase is none: "口交" in "路口交通" with "路口" allowed.
/// - Of the others, a hit inside a longer one is left out; hits that only overlap are all reported.
#[derive(Debug)]
pub struct WordList {
    entries: Vec<Box<str>>,
    wanted: Phrases,
    allowed: Phrases,
}

/// An entry found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Which entry, counted from 0; the first of several that fold to the same.
    pub entry: u32,
    /// First byte in the original text.
    pub start: u32,
    /// Byte of the original text after the last.
    pub end: u32,
}

/// Why a list can not be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WordListError {
    /// More than [`LIST_ENTRIES_MAX`] phrases.
    #[error("the list has {count} phrases, more than {LIST_ENTRIES_MAX}")]
    TooManyEntries {
        /// Entries and allow-listed phrases.
        count: usize,
    },
    /// More than [`LIST_BYTES_MAX`] bytes.
    #[error("the list has {bytes} bytes, more than {LIST_BYTES_MAX}")]
    TooManyBytes {
        /// Of all entries and allow-listed phrases.
        bytes: usize,
    },
    /// A phrase of more than [`ENTRY_BYTES_MAX`] bytes.
    #[error("the phrase {entry:?} has more than {ENTRY_BYTES_MAX} bytes")]
    EntryTooLong {
        /// As the brand wrote it, shortened to what would have been allowed.
        entry: String,
    },
    /// A phrase of which folding leaves nothing: blanks, emoji, invisible characters.
    #[error("nothing is left of the phrase {entry:?} when it is folded for matching")]
    EmptyEntry {
        /// As the brand wrote it.
        entry: String,
    },
    /// The automaton can not be built.
    #[error("the list is too complex")]
    TooComplex(#[from] BuildError),
}

impl WordList {
    /// Builds the automaton for `entries`, and for the phrases that are fine, `allow`.
    pub fn new(entries: &[String], allow: &[String]) -> Result<WordList, WordListError> {
        let count = entries.len() + allow.len();
        if count > LIST_ENTRIES_MAX {
            return Err(WordListError::TooManyEntries { count });
        }
        let bytes = entries.iter().chain(allow).map(String::len).sum();
        if bytes > LIST_BYTES_MAX {
            return Err(WordListError::TooManyBytes { bytes });
        }
        let wanted = Phrases::new(entries)?;
        let allowed = Phrases::new(allow)?;
        Ok(WordList { entries: entries.iter().map(|entry| entry.as_str().into()).collect(), wanted, allowed })
    }

    /// How many entries there are.
    #[expect(clippy::len_without_is_empty, reason = "for people to see, not to branch on")]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Entry `index`, as the brand wrote it. Panics when no [`Hit`] of this list has that index.
    pub fn entry(&self, index: u32) -> &str {
        &self.entries[index as usize]
    }

    /// What of the list stands in the text, in its order; at most the first [`HITS_MAX`].
    pub fn hits(&self, folded: &Folded) -> Vec<Hit> {
        let mut found = Longest::default();
        let mut allowed = None;
        for span in self.wanted.spans(folded) {
            // Most texts have no hit, and are not searched for what would excuse it.
            let allowed = allowed.get_or_insert_with(|| Longest::of(self.allowed.spans(folded)));
            if !allowed.overlaps(&span) {
                found.add(span);
            }
        }
        found.spans.truncate(HITS_MAX);
        found.spans.iter().filter_map(|span| span.hit(folded)).collect()
    }
}

/// Phrases in one automaton.
#[derive(Debug)]
struct Phrases {
    automaton: AhoCorasick,
    edges: Vec<Edges>,
}

/// On which sides of a phrase no letter may stand.
#[derive(Debug, Clone, Copy)]
struct Edges {
    before: bool,
    after: bool,
}

/// A phrase in the folded text, in bytes.
#[derive(Debug, Clone, Copy)]
struct Span {
    phrase: u32,
    start: u32,
    end: u32,
}

impl Phrases {
    fn new(phrases: &[String]) -> Result<Phrases, WordListError> {
        let folded = phrases.iter().map(|phrase| fold_phrase(phrase)).collect::<Result<Vec<_>, _>>()?;
        let edges = folded.iter().map(|phrase| Edges::of(phrase)).collect();
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(folded)?;
        Ok(Phrases { automaton, edges })
    }

    /// All phrases in the text, by where they end.
    fn spans<'a>(&'a self, folded: &'a Folded) -> impl Iterator<Item = Span> + 'a {
        self.automaton.find_overlapping_iter(folded.as_str()).filter_map(|found| {
            let number = |number: usize| u32::try_from(number).ok();
            let span =
                Span { phrase: found.pattern().as_u32(), start: number(found.start())?, end: number(found.end())? };
            self.edges[found.pattern().as_usize()].fit(span, folded).then_some(span)
        })
    }
}

fn fold_phrase(phrase: &str) -> Result<String, WordListError> {
    let folded = fold(phrase).trim_matches([' ', '\n']).to_owned();
    if folded.is_empty() {
        return Err(WordListError::EmptyEntry { entry: phrase.to_owned() });
    }
    if phrase.len().max(folded.len()) > ENTRY_BYTES_MAX {
        let shown = &phrase[..phrase.floor_char_boundary(ENTRY_BYTES_MAX)];
        return Err(WordListError::EntryTooLong { entry: shown.to_owned() });
    }
    Ok(folded)
}

impl Edges {
    fn of(phrase: &str) -> Edges {
        Edges {
            before: phrase.chars().next().is_some_and(char::is_lowercase),
            after: phrase.chars().next_back().is_some_and(char::is_lowercase),
        }
    }

    /// Whether no letter stands where none may. In folded text, lower case is what has case.
    fn fit(self, span: Span, folded: &Folded) -> bool {
        let (before, after) = (&folded.as_str()[..span.start as usize], &folded.as_str()[span.end as usize..]);
        let joined_before = self.before && before.chars().next_back().is_some_and(char::is_lowercase);
        let joined_after = self.after && after.chars().next().is_some_and(char::is_lowercase);
        (!joined_before || folded.is_after_symbol(span.start)) && (!joined_after || folded.is_after_symbol(span.end))
    }
}

/// Spans none of which lies inside another, in order.
#[derive(Default)]
struct Longest {
    spans: Vec<Span>,
}

impl Longest {
    fn of(spans: impl Iterator<Item = Span>) -> Longest {
        let mut longest = Longest::default();
        spans.for_each(|span| longest.add(span));
        longest
    }

    /// Adds a span that ends no earlier than those before it.
    fn add(&mut self, span: Span) {
        while let Some(last) = self.spans.last_mut() {
            if last.end == span.end && last.start <= span.start {
                if last.start == span.start {
                    last.phrase = last.phrase.min(span.phrase);
                }
                return;
            }
            if last.start < span.start {
                break;
            }
            self.spans.pop();
        }
        self.spans.push(span);
    }

    /// Whether one of them shares a character with `span`. Both their starts and their ends ascend.
    fn overlaps(&self, span: &Span) -> bool {
        let first = self.spans.partition_point(|other| other.end <= span.start);
        self.spans.get(first).is_some_and(|other| other.start < span.end)
    }
}

impl Span {
    fn hit(&self, folded: &Folded) -> Option<Hit> {
        let (start, end) = folded.unfold(self.start, self.end)?;
        Some(Hit { entry: self.phrase, start, end })
    }
}
