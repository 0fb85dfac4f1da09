//! Folded text and its map back to the original.
//!
//! What becomes of a text, in this order:
//!
//! | what | becomes | example |
//! | --- | --- | --- |
//! | invisible: zero-width, bidi controls, variation selectors, soft hyphens, tags, control characters | nothing | `v\u{200b}x` → `vx` |
//! | compatibility forms (NFKC): full-width, circled, squared, mathematical | their plain form | `ＶⓍ` → `vx`, `①` → `1` |
//! | letters white on black, digits in dingbats | the letter, the digit | `🅥🅧 ❶` → `vx 1` |
//! | upper case | lower case | `VX` → `vx` |
//! | traditional characters | simplified, one by one | `微訊` → `微讯` |
//! | Latin, Greek, Cyrillic, Armenian, Cherokee, Coptic and Lisu letters that look like an ASCII letter (UTS 39, in either case) | that letter | `vх` (Cyrillic), `wēi` → `vx`, `wei` |
//! | combining marks | nothing, unless they make one letter that stays (й, が, Hangul, Indic vowels) | `v̶x̶` → `vx` |
//! | emoji, ornaments, mathematical signs, private use | nothing | `V❤信` → `v信` |
//! | curly quotes, dashes, dots, wide spaces | `'` `"` `-` `·` and the space | `“` → `"` |
//! | blanks and <code>* - _ . · ~ \| / \ + ^ ` ' " = # 、</code> beside a Han character, nothing kept between | nothing | `微 *信 abc` → `微信abc` |
//! | the same between single letters, unless all are words of one letter with blanks between, or it is an address | nothing | `w.e-i x i n` → `weixin` |
//! | several blanks | the first | |
//!
//! All else stays: letters and digits, sentence marks (`。！？；，：` in their ASCII form where they have one),
//! brackets, currency signs and ends of lines. ASCII is never taken for other ASCII: `1` is not `l`, `0` is not `o`.
//! Nothing is joined across what stays, and digits are never joined (`3.14`, `20 30`).
//!
//! A plus that begins something and leads directly to a letter or a Han character stays, because it says 加: `+v`,
//! `加+v`, ` +微信`; between two of them it is an inserted separator: `微+信` → `微信`. Whoever looks for 加 looks
//! for `+` as well. Homophones (薇信) are beyond folding: they are for plugins.
//!
//! Folding a folded text changes nothing.

use crate::gaps;
use crate::units::{self, Unit};

/// Bytes of a text that are folded: 256 MiB; what lies beyond is not. Every position then fits into 32 bits, even
/// where one character becomes eighteen.
pub const TEXT_BYTES_MAX: usize = 256 << 20;

/// A text folded for matching, which knows where everything in it stood in the text as written.
///
/// The map has one entry for each stretch of text that kept its widths, so that plain text needs hardly any memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    text: String,
    runs: Vec<Run>,
}

/// A stretch of the folded text, up to the next run, and where it stood in the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// First byte in the folded text.
    folded: u32,
    /// Bytes `start..end` of the original.
    start: u32,
    end: u32,
    /// Byte by byte the same positions; otherwise the whole stretch stands for the whole range.
    linear: bool,
    /// People saw a symbol before it, which is gone.
    after_symbol: bool,
}

impl Folded {
    /// Folds `original`, or its first [`TEXT_BYTES_MAX`] bytes.
    pub fn new(original: &str) -> Folded {
        let mut units = units::read(&original[..original.floor_char_boundary(TEXT_BYTES_MAX)]);
        gaps::remove_inserted(&mut units);
        let mut folded = Folded { text: String::with_capacity(original.len()), runs: Vec::new() };
        let mut at = 0;
        for unit in units.iter().filter(|unit| !unit.removed) {
            folded.text.push(unit.plain);
            folded.map(at, unit);
            at += units::width(unit.plain);
        }
        folded
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where bytes `start..end` of the folded text stand in the original, in bytes, on character boundaries.
    ///
    /// What was removed between the characters of the range lies inside, what was removed beside it does not. An
    /// empty range stays empty, and stands where the next character begins. None when this is not a range on
    /// character boundaries of the folded text.
    pub fn unfold(&self, start: u32, end: u32) -> Option<(u32, u32)> {
        self.text.get(start as usize..end as usize)?;
        let from = self.start_of(start);
        Some((from, if start == end { from } else { self.end_of(end) }))
    }

    /// Whether a symbol that people saw (an emoji, say) was removed directly before byte `at` of the folded text.
    pub(crate) fn is_after_symbol(&self, at: u32) -> bool {
        self.runs.binary_search_by_key(&at, |run| run.folded).is_ok_and(|index| self.runs[index].after_symbol)
    }

    /// Maps the character at byte `at` of the folded text.
    fn map(&mut self, at: u32, unit: &Unit) {
        let linear = !unit.part && unit.end - unit.start == units::width(unit.plain);
        match self.runs.last_mut() {
            Some(run) if unit.after_symbol || run.linear != linear => self.begin_run(at, unit, linear),
            Some(run) if linear && run.end == unit.start => run.end = unit.end,
            Some(run) if !linear && run.start == unit.start => run.end = unit.end,
            _ => self.begin_run(at, unit, linear),
        }
    }

    fn begin_run(&mut self, at: u32, unit: &Unit, linear: bool) {
        let Unit { start, end, after_symbol, .. } = *unit;
        self.runs.push(Run { folded: at, start, end, linear, after_symbol });
    }

    /// Where the character at byte `at` of the folded text begins in the original; the end of the last one if none.
    fn start_of(&self, at: u32) -> u32 {
        if at as usize == self.text.len() {
            return self.runs.last().map_or(0, |run| run.end);
        }
        self.run_of(at).map_or(0, |run| if run.linear { run.start + (at - run.folded) } else { run.start })
    }

    /// Where the character that ends at byte `at`, which is not 0, of the folded text ends in the original.
    fn end_of(&self, at: u32) -> u32 {
        self.run_of(at - 1).map_or(0, |run| if run.linear { run.start + (at - run.folded) } else { run.end })
    }

    /// The run that byte `at` of the folded text is in.
    fn run_of(&self, at: u32) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.folded <= at);
        self.runs.get(after.checked_sub(1)?)
    }
}

/// `text` folded, as [`Folded::new`] does it.
pub fn fold(text: &str) -> String {
    Folded::new(text).text
}
