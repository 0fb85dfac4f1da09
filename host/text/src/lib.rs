//! Text folded for matching, with a map back to the original.
//!
//! A brand writes a word once; members write it in full-width letters, in traditional characters, with hearts and
//! spaces between, in Cyrillic letters that look Latin. Both sides are folded to the same plain form, matched there,
//! and what was found is shown where it stands in the text as written.
//!
//! | file | concern |
//! | --- | --- |
//! | `fold.rs` | [`Folded`]: the folded text and the map back to the original |
//! | `units.rs` | the text read character by character, marks joined, symbols gone |
//! | `gaps.rs` | which separators were inserted to hide a word |
//! | `table.rs` | the rules of `letter.rs`, worked out once for every character |
//! | `letter.rs` | what one character becomes, and what it is to the rules about gaps |
//! | `similarity.rs` | [`Likeness`]: how alike two texts are |
//! | `word_list.rs` | [`WordList`]: thousands of phrases found in one pass, allow-listed ones taken out |
//!
//! Everything here is a pure function of its arguments: the same text folds to the same bytes on every machine, which
//! replays of decisions rest on.

mod fold;
mod gaps;
mod letter;
mod similarity;
mod table;
mod units;
mod word_list;

pub use fold::{Folded, TEXT_BYTES_MAX, fold};
pub use similarity::Likeness;
pub use word_list::{ENTRY_BYTES_MAX, HITS_MAX, Hit, LIST_BYTES_MAX, LIST_ENTRIES_MAX, WordList, WordListError};

#[cfg(test)]
mod tests;
