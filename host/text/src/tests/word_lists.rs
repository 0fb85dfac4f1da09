//! Word lists against what brands mean, and against a naive reference.

use proptest::prelude::*;

use crate::{ENTRY_BYTES_MAX, Folded, HITS_MAX, Hit, LIST_BYTES_MAX, LIST_ENTRIES_MAX, WordList, WordListError, fold};

fn list(entries: &[&str], allow: &[&str]) -> WordList {
    let owned = |phrases: &[&str]| phrases.iter().map(|phrase| (*phrase).to_owned()).collect::<Vec<_>>();
    WordList::new(&owned(entries), &owned(allow)).unwrap()
}

/// Entries are written `entry|entry`; hits are shown as they stand in the text.
#[track_caller]
fn check(entries: &str, allow: &str, text: &str, found: &[&str]) {
    let split =
        |phrases: &str| phrases.split('|').filter(|phrase| !phrase.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let list = WordList::new(&split(entries), &split(allow)).unwrap();
    let hits = list.hits(&Folded::new(text));
    let shown: Vec<_> = hits.iter().map(|hit| &text[hit.start as usize..hit.end as usize]).collect();
    assert_eq!(shown, found, "{text:?}");
}

#[test]
fn phrases_are_found_however_they_are_written() {
    check("加微信|VX", "", "请加 微❤信：12", &["加 微❤信"]);
    check("加微信", "", "請加Ｗ微.信 加微讯 加 微 信", &["加 微 信"]);
    check("ｖｘ", "", "加 V X 123", &["V X"]);
    check("заработок", "", "Лёгкий з а р a б о т о к тут", &["з а р a б о т о к"]);
    check("free money", "", "FREE   money!", &["FREE   money"]);
}

#[test]
fn letters_need_an_edge() {
    check("vx", "", "加vx123 vx：a vx, (vx) dvxe vxe dvx", &["vx", "vx", "vx", "vx"]);
    check("vx", "", "加vx👉abc", &["vx"]);
    check("сор", "", "сор сорт мусор", &["сор"]);
    check("αβγ", "", "αβγ αβγδ", &["αβγ"]);
    check("3p", "", "13p 3pm 3p", &["3p", "3p"]);
    check("qq号", "", "我qq号 aqq号", &["qq号"]);
}

#[test]
fn allow_listed_phrases_win() {
    for allow in ["路口", "交通", "路口交通"] {
        check("口交", allow, "前方路口交通拥堵", &[]);
        check("口交", allow, "前方路口交通拥堵，口交", &["口交"]);
    }
    check("女装", "装修", "美女装修公司", &[]);
    check("女装", "装修", "美女装店", &["女装"]);
    check("口交", "路口", "路 口 交❤通", &[]);
    check("口交|交易", "路口", "路口交易", &["交易"]);
    check("vx", "dvx", "vx dvx", &["vx"]);
}

#[test]
fn the_longest_of_nested_hits_is_reported() {
    check("微信|加微信|加微信群", "", "加微信群 加微信 微信", &["加微信群", "加微信", "微信"]);
    check("微信号|加微信", "", "加微信号", &["加微信", "微信号"]);
    check("加微信群|微信", "加微信群主", "加微信群主", &[]);
}

#[test]
fn entries_are_named_as_the_brand_wrote_them() {
    let list = list(&["ＶＸ", "vx", "微訊"], &[]);
    let hits = list.hits(&Folded::new("微讯vx"));
    assert_eq!(hits, [Hit { entry: 2, start: 0, end: 6 }, Hit { entry: 0, start: 6, end: 8 }]);
    assert_eq!((list.entry(0), list.entry(2)), ("ＶＸ", "微訊"));
}

#[test]
fn hits_have_a_cap() {
    let text = "微信，".repeat(HITS_MAX + 1);
    assert_eq!(list(&["微信"], &[]).hits(&Folded::new(&text)).len(), HITS_MAX);
    assert!(list(&[], &[]).hits(&Folded::new(&text)).is_empty());
}

#[test]
fn lists_that_can_not_be_used() {
    let refused = |entries: Vec<String>| WordList::new(&entries, &[]).unwrap_err();
    assert!(matches!(refused(vec!["ok".into(), " ❤ ".into()]), WordListError::EmptyEntry { entry } if entry == " ❤ "));
    assert!(matches!(refused(vec!["a".repeat(ENTRY_BYTES_MAX + 1)]), WordListError::EntryTooLong { .. }));
    assert!(matches!(refused(vec!["ﷺ".repeat(ENTRY_BYTES_MAX / 3)]), WordListError::EntryTooLong { .. }));
    let count = LIST_ENTRIES_MAX + 1;
    assert!(matches!(refused(vec!["ok".into(); count]), WordListError::TooManyEntries { count: c } if c == count));
    let long = vec!["a".repeat(ENTRY_BYTES_MAX); LIST_BYTES_MAX / ENTRY_BYTES_MAX + 1];
    assert!(matches!(refused(long), WordListError::TooManyBytes { .. }));
    assert!(matches!(WordList::new(&[], &["★".into()]), Err(WordListError::EmptyEntry { .. })));
}

/// Every place where `phrase` may stand in `text` (both folded), by the rules, found by looking everywhere.
fn places(text: &str, phrase: &str) -> Vec<(usize, usize)> {
    let cased = |c: Option<char>| c.is_some_and(char::is_lowercase);
    let fits = |start: usize| {
        let (before, rest) = text.split_at(start);
        let Some(after) = rest.strip_prefix(phrase) else { return false };
        let joined_before = cased(phrase.chars().next()) && cased(before.chars().next_back());
        let joined_after = cased(phrase.chars().next_back()) && cased(after.chars().next());
        !joined_before && !joined_after
    };
    text.char_indices().map(|(at, _)| at).filter(|at| fits(*at)).map(|at| (at, at + phrase.len())).collect()
}

fn reference(entries: &[String], allow: &[String], text: &str) -> Vec<(usize, usize)> {
    let find = |phrases: &[String]| phrases.iter().flat_map(|phrase| places(text, &fold(phrase))).collect::<Vec<_>>();
    let (mut found, allowed) = (find(entries), find(allow));
    found.retain(|(start, end)| !allowed.iter().any(|(from, to)| from < end && start < to));
    let inside = |one: &(usize, usize), other: &(usize, usize)| one != other && other.0 <= one.0 && one.1 <= other.1;
    let mut longest: Vec<_> =
        found.iter().filter(|one| !found.iter().any(|other| inside(one, other))).copied().collect();
    longest.sort_unstable();
    longest.dedup();
    longest
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn hits_are_those_of_the_reference(
        entries in proptest::collection::vec("[ab路口交通1]{1,4}", 0..6),
        allow in proptest::collection::vec("[ab路口交通1]{1,4}", 0..3),
        text in "[ab路口交通1，]{0,30}",
    ) {
        let list = WordList::new(&entries, &allow).unwrap();
        let folded = Folded::new(&text);
        let hits = list.hits(&folded);
        let expected = reference(&entries, &allow, folded.as_str());
        let unfolded: Vec<_> = expected
            .iter()
            .map(|(start, end)| folded.unfold(u32::try_from(*start).unwrap(), u32::try_from(*end).unwrap()).unwrap())
            .collect();
        prop_assert_eq!(hits.iter().map(|hit| (hit.start, hit.end)).collect::<Vec<_>>(), unfolded);
        for (hit, (start, end)) in hits.iter().zip(&expected) {
            let entry = list.entry(hit.entry);
            prop_assert_eq!(fold(entry), &folded.as_str()[*start..*end]);
            prop_assert_eq!(entries.iter().position(|other| fold(other) == fold(entry)), Some(hit.entry as usize));
        }
    }
}
