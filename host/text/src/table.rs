//! The rules of `letter.rs`, worked out once for every character.
//!
//! A page of 256 characters is worked out when the first of them is met: about a tenth of a millisecond, 2 KiB. What
//! a community writes fits into some ninety pages.

use std::array;
use std::sync::OnceLock;

use crate::letter::{self, Class, Role};

const PAGE_CHARS: u32 = 256;
const PAGES: usize = 0x11_0000 / 256;

/// What folding does with a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// This stands in its place.
    Keep(char, Class),
    /// As `Keep` with [`Class::Word`], unless it makes one character with the one before.
    Join(char),
    /// Gone, unless it makes one character with the one before.
    Mark(char),
    /// Several stand in its place: an index for [`several`].
    Several(u16),
    /// Gone, but people saw something there.
    Symbol,
    /// Gone without a trace.
    Invisible,
}

struct Page {
    entries: [Entry; PAGE_CHARS as usize],
    several: Vec<Box<str>>,
}

static TABLE: [OnceLock<Box<Page>>; PAGES] = [const { OnceLock::new() }; PAGES];

/// What folding does with `c`.
#[inline]
pub(crate) fn entry(c: char) -> Entry {
    page(c).entries[(u32::from(c) % PAGE_CHARS) as usize]
}

/// The characters that stand in the place of `c`, each of them plain.
pub(crate) fn several(c: char, index: u16) -> &'static str {
    &page(c).several[usize::from(index)]
}

#[inline]
fn page(c: char) -> &'static Page {
    let number = u32::from(c) / PAGE_CHARS;
    TABLE[number as usize].get_or_init(|| Box::new(Page::work_out(number)))
}

impl Page {
    fn work_out(number: u32) -> Page {
        let mut several = Vec::new();
        let mut index: u16 = 0;
        let entries = array::from_fn(|at| {
            let Some(c) = u32::try_from(at).ok().and_then(|at| char::from_u32(number * PAGE_CHARS + at)) else {
                return Entry::Invisible; // no character: a surrogate
            };
            single(c).unwrap_or_else(|text| {
                several.push(text.into());
                index += 1;
                Entry::Several(index - 1)
            })
        });
        Page { entries, several }
    }
}

/// The entry of a character that becomes one or none; otherwise what it becomes.
fn single(c: char) -> Result<Entry, String> {
    if letter::is_ignorable(c) {
        return Ok(Entry::Invisible);
    }
    let text = letter::plain(c);
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Ok(Entry::Invisible),
        (Some(plain), None) => Ok(match letter::role(plain) {
            Role::Keep(class) => Entry::Keep(plain, class),
            Role::Join => Entry::Join(plain),
            Role::Mark => Entry::Mark(plain),
            Role::Symbol => Entry::Symbol,
            Role::Invisible => Entry::Invisible,
        }),
        (Some(_), Some(_)) => Err(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_character_becomes_stays_as_it_is() {
        for c in '\0'..=char::MAX {
            let becomes = match entry(c) {
                Entry::Keep(plain, _) | Entry::Join(plain) | Entry::Mark(plain) => plain.to_string(),
                Entry::Several(index) => several(c, index).to_owned(),
                Entry::Symbol | Entry::Invisible => continue,
            };
            for plain in becomes.chars() {
                match entry(plain) {
                    Entry::Keep(again, _) | Entry::Join(again) | Entry::Mark(again) => {
                        assert_eq!(again, plain, "{c:?}");
                    }
                    Entry::Several(_) => panic!("{c:?} becomes {plain:?}, which becomes several"),
                    Entry::Symbol | Entry::Invisible => {}
                }
            }
        }
    }

    #[test]
    fn an_entry_is_small() {
        assert_eq!(size_of::<Entry>(), 8);
    }

    #[test]
    fn ascii_stays_but_for_case() {
        for c in ' '..='~' {
            assert!(matches!(entry(c), Entry::Keep(plain, _) if plain == c.to_ascii_lowercase()), "{c:?}");
        }
    }
}
