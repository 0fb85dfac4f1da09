//! Which separators were inserted to hide a word, and which belong to the text.
//!
//! The rules look at nothing but plain characters that stay or go together, so that folding a folded text changes
//! nothing: what a rule leaves, it would leave again.

use crate::letter::Class;
use crate::units::Unit;

/// Words of one letter in English and Russian, folded: with blanks between them they are words, not a word spelled out.
const ONE_LETTER_WORDS: &str = "aioubkycия";

/// Marks the separators to be removed.
pub(crate) fn remove_inserted(units: &mut [Unit]) {
    let Some(mut start) = units.iter().position(is_gap) else { return };
    while start < units.len() {
        let end = start + units[start..].iter().take_while(|unit| is_gap(unit)).count();
        settle_gap(units, start, end);
        start = end + units[end..].iter().position(is_gap).unwrap_or(units.len() - end);
    }
    join_spelled_out(units);
}

fn is_gap(unit: &Unit) -> bool {
    matches!(unit.class, Class::Blank | Class::Separator)
}

/// Beside a Han character no separator stays; elsewhere blanks in a row become one.
fn settle_gap(units: &mut [Unit], start: usize, mut end: usize) {
    if says_add(units, start, end) {
        end -= 1;
        units[end].class = Class::Boundary;
    }
    let is_han = |at: Option<usize>| at.and_then(|at| units.get(at)).is_some_and(|unit| unit.class == Class::Han);
    let beside_han = is_han(start.checked_sub(1)) || is_han(Some(end));
    let mut after_blank = false;
    for unit in &mut units[start..end] {
        let blank = unit.class == Class::Blank;
        unit.removed = beside_han || (blank && after_blank);
        after_blank = blank;
    }
}

/// Whether a gap ends in a plus that says 加 ("+v", "联系 +v", "hi +微信") rather than being put between ("微+信",
/// "a+b"): it leads directly to a letter or a Han character and begins something.
fn says_add(units: &[Unit], start: usize, end: usize) -> bool {
    let gap = &units[start..end];
    let next = units.get(end).map(|unit| unit.class);
    if gap.last().is_none_or(|unit| unit.plain != '+') || !matches!(next, Some(Class::Letter | Class::Han)) {
        return false;
    }
    match start.checked_sub(1).map(|at| units[at].class) {
        Some(Class::Han) => next == Some(Class::Letter),
        Some(Class::Letter | Class::Word) => gap.iter().any(|unit| unit.class == Class::Blank),
        _ => true,
    }
}

/// What stands between blanks.
enum Piece {
    /// Separators alone: "-".
    Bare,
    /// Single letters with separators between, around or neither: "w.e.i", "v". Where the first and the last stand.
    Spelled(usize, usize),
    /// Anything with a word or a digit in it.
    Other,
}

/// Removes what stands between single letters: "w.e.i.x.i.n", "v x", "v - x".
fn join_spelled_out(units: &mut [Unit]) {
    let mut chain: Option<(usize, usize)> = None;
    let mut in_address = false;
    let mut at = 0;
    while at < units.len() {
        match units[at].class {
            Class::Blank => {
                in_address = false;
                at += 1;
            }
            Class::Han | Class::Boundary => {
                join(units, chain.take());
                in_address &= units[at].class == Class::Boundary && units[at].plain != '\n';
                at += 1;
            }
            Class::Letter | Class::Word | Class::Separator => {
                let end = at + units[at..].iter().take_while(|unit| is_of_piece(unit)).count();
                in_address |= begins_address(units, at);
                match piece(units, at, end) {
                    _ if in_address => join(units, chain.take()),
                    Piece::Bare => {}
                    Piece::Spelled(first, last) => chain = Some((chain.map_or(first, |(first, _)| first), last)),
                    Piece::Other => join(units, chain.take()),
                }
                at = end;
            }
        }
    }
    join(units, chain);
}

fn is_of_piece(unit: &Unit) -> bool {
    matches!(unit.class, Class::Letter | Class::Word | Class::Separator)
}

fn piece(units: &[Unit], start: usize, end: usize) -> Piece {
    let is_letter = |at: usize| (start..end).contains(&at) && units[at].class == Class::Letter;
    let mut found = None;
    for (unit, at) in units[start..end].iter().zip(start..) {
        let follows_letter = at > start && is_letter(at - 1);
        match unit.class {
            Class::Letter if !follows_letter => found = Some((found.map_or(at, |(first, _)| first), at)),
            Class::Separator if !(unit.plain == '\'' && follows_letter && is_letter(at + 1)) => {}
            _ => return Piece::Other, // a word, a digit, or an apostrophe as in "I'm"
        }
    }
    found.map_or(Piece::Bare, |(first, last)| Piece::Spelled(first, last))
}

/// Whether the piece at `start` goes on after "https:"; the address then lasts to a blank or a Han character.
fn begins_address(units: &[Unit], start: usize) -> bool {
    let plain_at = |at: usize| units.get(at).map(|unit| unit.plain);
    start.checked_sub(1).and_then(plain_at) == Some(':')
        && plain_at(start) == Some('/')
        && plain_at(start + 1) == Some('/')
}

/// Removes the gaps from the first to the last letter of a chain.
#[inline]
fn join(units: &mut [Unit], chain: Option<(usize, usize)>) {
    if let Some((first, last)) = chain.filter(|(first, last)| first < last) {
        join_letters(&mut units[first..=last]);
    }
}

fn join_letters(inside: &mut [Unit]) {
    let words = inside.iter().any(|unit| unit.class == Class::Blank)
        && inside.iter().filter(|unit| unit.class == Class::Letter).all(|unit| ONE_LETTER_WORDS.contains(unit.plain));
    if !words {
        inside.iter_mut().filter(|unit| is_gap(unit)).for_each(|unit| unit.removed = true);
    }
}
