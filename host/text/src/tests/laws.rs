//! What holds for every text.

use proptest::prelude::*;
use unicode_normalization::is_nfc;

use crate::letter::is_ignorable;
use crate::{Folded, fold};

/// Texts in which the rules meet: separators, look-alikes, marks, Han, symbols, addresses.
fn tricky() -> impl Strategy<Value = String> {
    let pieces = proptest::sample::select(vec![
        "a", "v", "x", "I", "vx", "word", "1", "23", "微", "信", "訊", " ", "  ", "\n", ".", "-", "+", "'", "\"", "/",
        "//", ":", "://", "*", "、", "。", "，", "❤", "★", "➕", "×", "и", "й", "\u{306}", "\u{301}", "\u{3099}", "か",
        "ｶ", "ﾞ", "х", "я", "ё", "Ω", "\u{200b}", "\u{20e3}", "ﷺ", "㍿", "⒈", "½", "´", "ᄒ", "ᅡ", "ᆫ", "ে", "া", "“", "…",
        "🅥", "İ", "ς", "#", "@", "は", "가",
    ]);
    proptest::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![3 => tricky(), 1 => any::<String>(), 1 => "\\PC{0,40}"]
}

/// Where each character of the folded text begins and ends.
fn chars(text: &str) -> impl Iterator<Item = (u32, u32)> + '_ {
    let bytes = |at: usize| u32::try_from(at).unwrap();
    text.char_indices().map(move |(at, c)| (bytes(at), bytes(at + c.len_utf8())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn folding_twice_is_folding_once(text in texts()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn folded_text_is_composed_and_visible(text in texts()) {
        let folded = fold(&text);
        prop_assert!(is_nfc(&folded));
        prop_assert!(!folded.chars().any(is_ignorable));
        prop_assert!(!folded.chars().any(char::is_uppercase));
        prop_assert!(!folded.contains("  "));
    }

    #[test]
    fn characters_stand_in_order_inside_the_original(text in texts()) {
        let folded = Folded::new(&text);
        let mut last = (0, 0);
        for (start, end) in chars(folded.as_str()) {
            let (from, to) = folded.unfold(start, end).unwrap();
            prop_assert!(from < to);
            prop_assert!(text.get(from as usize..to as usize).is_some());
            // Characters that stand for one of the original share its place; others do not overlap.
            prop_assert!(from >= last.1 || from == last.0);
            prop_assert!(to >= last.1);
            last = (from, to);
        }
    }

    #[test]
    fn a_range_spans_its_characters(text in texts(), one: proptest::sample::Index, two: proptest::sample::Index) {
        let folded = Folded::new(&text);
        let chars: Vec<_> = chars(folded.as_str()).collect();
        prop_assume!(!chars.is_empty());
        let (one, two) = (one.index(chars.len()), two.index(chars.len()));
        let (first, last) = (chars[one.min(two)], chars[one.max(two)]);
        let from = folded.unfold(first.0, first.1).unwrap().0;
        let to = folded.unfold(last.0, last.1).unwrap().1;
        prop_assert_eq!(folded.unfold(first.0, last.1), Some((from, to)));
        prop_assert_eq!(folded.unfold(first.0, first.0), Some((from, from)));
    }

    #[test]
    fn any_range_is_answered(text in texts(), start in 0_u32..80, end in 0_u32..80) {
        let folded = Folded::new(&text);
        let is_range = folded.as_str().get(start as usize..end as usize).is_some();
        prop_assert_eq!(folded.unfold(start, end).is_some(), is_range);
    }

    #[test]
    fn plain_words_stay(text in "[a-z0-9]{2,8}( [a-z0-9]{2,8}){0,8}") {
        prop_assert_eq!(fold(&text), text);
    }

    #[test]
    fn plain_words_keep_their_places(text in "[a-z微信0-9]{0,20}") {
        let folded = Folded::new(&text);
        for (start, end) in chars(&text) {
            prop_assert_eq!(folded.unfold(start, end), Some((start, end)));
        }
    }
}
