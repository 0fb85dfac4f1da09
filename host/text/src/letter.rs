//! What one character becomes when folded, and what it is to the rules about gaps.
//!
//! Slow and plain: `table.rs` asks once for each character and remembers.

use std::iter;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};
use unicode_security::confusable_detection::skeleton;

/// ASCII (and, folded to them, many others) that stand between the characters of a hidden word.
const SEPARATORS: &str = "*-_.·~|/\\+^`'\"=#、";

/// Rounds after which a character has settled; the tests of `table.rs` show that they are enough for all of Unicode.
const ROUNDS_MAX: usize = 8;

/// Letters drawn small, which UTS 39 tells from the ASCII letter of the same shape.
const SMALL_CAPITALS: &str = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ";
const SMALL_CAPITALS_PLAIN: &str = "abcdefghijklmnopqrstuvwyz";

/// What a character is to the rules about gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A Han character: no separator stays beside it.
    Han,
    /// A letter of a script that has case, in lower case: words are made of it, and can be spelled out.
    Letter,
    /// A digit, or a letter of a script without case.
    Word,
    /// A space of any width.
    Blank,
    /// Neither letter nor blank, but used like one to hide words.
    Separator,
    /// Sentence marks, brackets, currency, the end of a line: they stay and nothing is joined across them.
    Boundary,
}

/// What happens to a character that is already plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It stands in the folded text.
    Keep(Class),
    /// As [`Class::Word`], unless it makes one character with the one before (Hangul, Indic vowels).
    Join,
    /// Gone, unless it makes one character with the one before (が, й).
    Mark,
    /// Gone, but people saw something there.
    Symbol,
    /// Gone without a trace.
    Invisible,
}

/// The plain form of `c`: a fixed point, mostly of one character.
pub(crate) fn plain(c: char) -> String {
    let mut text = String::from(c);
    for _ in 0..ROUNDS_MAX {
        let next: String = text.nfkc().flat_map(char::to_lowercase).map(step).collect();
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// One step towards the plain form, for a lower-case character.
fn step(c: char) -> char {
    if c.is_ascii_graphic() {
        return c;
    }
    match c {
        '\t' | '\u{b}' | '\u{c}' => ' ',
        '\u{85}' => '\n',
        '‘' | '’' | '‛' | 'ʼ' => '\'',
        '•' | '‧' | '・' | '∙' | '⋅' => '·',
        '〜' | '∼' => '~',
        '⁄' | '∕' => '/',
        '−' => '-',
        '∗' => '*',
        '∣' => '|',
        '➕' => '+',
        '×' => 'x',
        'ς' => 'σ',
        _ => by_category(c),
    }
}

fn by_category(c: char) -> char {
    use GeneralCategory as G;
    match c.general_category() {
        G::SpaceSeparator => ' ',
        G::LineSeparator | G::ParagraphSeparator => '\n',
        G::DashPunctuation => '-',
        G::ConnectorPunctuation => '_',
        G::InitialPunctuation | G::FinalPunctuation => '"',
        _ if c.script() == Script::Han => simplified(c),
        _ => drawn(c).or_else(|| look_alike(c)).unwrap_or(c),
    }
}

/// The simplified form of a Han character standing alone.
fn simplified(c: char) -> char {
    fast2s::convert(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c)
}

/// Letters and digits drawn in white on black or in double circles, which have no compatibility form.
fn drawn(c: char) -> Option<char> {
    let letter = |first: char| char::from_u32(u32::from(c) - u32::from(first) + u32::from('a'));
    let digit = |first: char| char::from_u32(u32::from(c) - u32::from(first) + u32::from('1'));
    match c {
        '🅐'..='🅩' => letter('🅐'),
        '🅰'..='🆉' => letter('🅰'),
        '❶'..='❾' => digit('❶'),
        '➀'..='➈' => digit('➀'),
        '➊'..='➒' => digit('➊'),
        '⓵'..='⓽' => digit('⓵'),
        '⓿' | '🄋' | '🄌' => Some('0'),
        _ => None,
    }
}

/// The ASCII letter that `c` can be taken for, by UTS 39, in either case; letters never turn into digits or marks.
fn look_alike(c: char) -> Option<char> {
    use Script as S;
    if !matches!(c.script(), S::Latin | S::Greek | S::Cyrillic | S::Armenian | S::Cherokee | S::Coptic | S::Lisu) {
        return None;
    }
    prototype(c).or_else(|| only(c.to_uppercase()).and_then(prototype)).or_else(|| small_capital(c))
}

/// The skeleton of `c` without its marks, if that is one ASCII letter.
fn prototype(c: char) -> Option<char> {
    let letters =
        skeleton(c.encode_utf8(&mut [0; 4])).filter(|c| canonical_combining_class(*c) == 0).collect::<String>();
    only(letters.chars()).filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase())
}

fn small_capital(c: char) -> Option<char> {
    let at = SMALL_CAPITALS.chars().position(|small| small == c)?;
    SMALL_CAPITALS_PLAIN.chars().nth(at)
}

fn only(mut chars: impl Iterator<Item = char>) -> Option<char> {
    chars.next().filter(|_| chars.next().is_none())
}

/// What happens to `c`, which is plain.
pub(crate) fn role(c: char) -> Role {
    match c {
        '\n' => Role::Keep(Class::Boundary),
        ' ' => Role::Keep(Class::Blank),
        _ if SEPARATORS.contains(c) => Role::Keep(Class::Separator),
        _ if c.is_ascii_punctuation() => Role::Keep(Class::Boundary),
        _ if is_ignorable(c) => Role::Invisible,
        _ => role_by_category(c),
    }
}

/// Whether Unicode says that nothing is to be seen of `c`: a skeleton leaves such characters out.
pub(crate) fn is_ignorable(c: char) -> bool {
    skeleton(c.encode_utf8(&mut [0; 4])).next().is_none()
}

fn role_by_category(c: char) -> Role {
    use GeneralCategory as G;
    let category = c.general_category();
    match c.general_category_group() {
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number => Role::Keep(word_class(c)).joining(c),
        GeneralCategoryGroup::Mark if category == G::EnclosingMark => Role::Invisible,
        GeneralCategoryGroup::Mark if canonical_combining_class(c) != 0 => Role::Mark,
        GeneralCategoryGroup::Mark => Role::Keep(Class::Word).joining(c),
        GeneralCategoryGroup::Punctuation
            if matches!(c, '\u{2010}'..='\u{205f}') && category == G::OtherPunctuation =>
        {
            Role::Symbol // ※ † ‡: ornaments, not sentence marks
        }
        GeneralCategoryGroup::Punctuation => Role::Keep(Class::Boundary),
        _ if category == G::CurrencySymbol => Role::Keep(Class::Boundary),
        _ if c.script() == Script::Han => Role::Keep(Class::Han), // radicals written as if they were characters
        GeneralCategoryGroup::Symbol => Role::Symbol,
        _ if matches!(c, '\u{20000}'..='\u{3ffff}') => Role::Keep(Class::Han), // Han of a later Unicode
        _ if matches!(category, G::Unassigned | G::PrivateUse) => Role::Symbol, // emoji of later days and of old phones
        _ => Role::Invisible,
    }
}

fn word_class(c: char) -> Class {
    if c.script() == Script::Han {
        Class::Han
    } else if c.is_lowercase() {
        Class::Letter
    } else {
        Class::Word
    }
}

impl Role {
    /// [`Role::Join`] if `c` may make one character with the one before it.
    fn joining(self, c: char) -> Role {
        match is_nfc_quick(iter::once(c)) {
            IsNormalized::Maybe => Role::Join,
            IsNormalized::Yes | IsNormalized::No => self,
        }
    }
}
