//! The text read character by character: marks joined to their letters, symbols and invisible characters gone.

use unicode_normalization::char::{compose, decompose_canonical};

use crate::letter::Class;
use crate::table::{self, Entry};

/// One character of the folded text to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unit {
    pub(crate) plain: char,
    pub(crate) class: Class,
    /// A symbol that people saw stood before it.
    pub(crate) after_symbol: bool,
    /// One of several that stand for one character of the original.
    pub(crate) part: bool,
    /// A separator that was only inserted; see `gaps.rs`.
    pub(crate) removed: bool,
    /// Bytes `start..end` of the original.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Reads the characters of `original`, which is shorter than 4 GiB.
pub(crate) fn read(original: &str) -> Vec<Unit> {
    let mut reader = Reader { units: Vec::with_capacity(original.chars().count()), after_symbol: false };
    let mut start = 0;
    for c in original.chars() {
        let end = start + width(c);
        reader.read(c, start, end);
        start = end;
    }
    reader.units
}

/// Bytes of `c` in UTF-8.
#[expect(clippy::cast_possible_truncation, reason = "a character has at most four bytes")]
pub(crate) fn width(c: char) -> u32 {
    c.len_utf8() as u32
}

struct Reader {
    units: Vec<Unit>,
    after_symbol: bool,
}

impl Reader {
    #[inline]
    fn read(&mut self, c: char, start: u32, end: u32) {
        match table::entry(c) {
            Entry::Keep(plain, class) => self.keep(plain, class, false, start, end),
            Entry::Several(index) => {
                for plain in table::several(c, index).chars() {
                    self.read_part(plain, start, end);
                }
            }
            other => self.read_rare(other, false, start, end),
        }
    }

    fn read_part(&mut self, plain: char, start: u32, end: u32) {
        match table::entry(plain) {
            Entry::Keep(plain, class) => self.keep(plain, class, true, start, end),
            other => self.read_rare(other, true, start, end),
        }
    }

    fn read_rare(&mut self, entry: Entry, part: bool, start: u32, end: u32) {
        match entry {
            Entry::Join(plain) if !self.join(plain, end) && !self.would_come_apart(plain) => {
                self.keep(plain, Class::Word, part, start, end);
            }
            Entry::Mark(plain) => _ = self.join(plain, end),
            Entry::Symbol => self.after_symbol = true,
            _ => {}
        }
    }

    #[inline]
    fn keep(&mut self, plain: char, class: Class, part: bool, start: u32, end: u32) {
        self.units.push(Unit { plain, class, after_symbol: self.after_symbol, part, removed: false, start, end });
        self.after_symbol = false;
    }

    /// Makes one character of the last and `plain`, if there is one that stays as it is when folded: й and が, but
    /// not é, which folds to e.
    fn join(&mut self, plain: char, end: u32) -> bool {
        let Some(last) = self.units.last_mut() else { return false };
        let Some(joined) = compose(last.plain, plain) else { return false };
        let class = match table::entry(joined) {
            Entry::Keep(again, class) if again == joined => class,
            Entry::Join(again) if again == joined => Class::Word,
            _ => return false,
        };
        *last = Unit { plain: joined, class, end, ..*last };
        true
    }

    /// Whether normalising would take `plain` apart, to give its first half to the last character: so it is with a few
    /// double vowel signs after the wrong letter, which are left out.
    fn would_come_apart(&self, plain: char) -> bool {
        let mut first = None;
        decompose_canonical(plain, |half| first = first.or(Some(half)));
        let joined = self.units.last().zip(first).and_then(|(last, first)| compose(last.plain, first));
        joined.is_some()
    }
}
