//! What comes first in a slot, without a host.

use proptest::prelude::*;
use slot_ranker::{Counts, Items, Occasion, Rate, Rates, Settings, rank};

/// An item of which nothing is known.
#[derive(Clone, Copy)]
struct Item {
    kind: &'static str,
    topic: &'static str,
    format: &'static str,
    age_hours: f64,
    read: (f64, f64),
    shared: f64,
    topic_read: (f64, f64),
}

const UNKNOWN: Item = Item {
    kind: "story",
    topic: "tea",
    format: "text",
    age_hours: 24.0,
    read: (0.0, 0.0),
    shared: 0.0,
    topic_read: (0.0, 0.0),
};

fn scores(settings: &Settings, slot: &str, group_kind: &str, items: &[Item]) -> Vec<f64> {
    let text = |of: fn(&Item) -> &'static str| items.iter().map(|item| of(item).to_owned()).collect();
    let counts = |of: fn(&Item) -> (f64, f64)| {
        items.iter().map(of).map(|(came, tried)| Counts { tried, came }).collect::<Vec<_>>()
    };
    let columns = Items {
        kind: text(|item| item.kind),
        topic: text(|item| item.topic),
        format: text(|item| item.format),
        age_hours: items.iter().map(|item| item.age_hours).collect(),
        read: counts(|item| item.read),
        shared: counts(|item| (item.shared, item.read.0)),
        converted: counts(|_| (0.0, 0.0)),
        topic_read: counts(|item| item.topic_read),
        format_read: counts(|_| (0.0, 0.0)),
    };
    let usual = |came| Rate::usual(Counts { tried: 100.0, came }, 0.1, settings.tries);
    let rates = Rates { read: usual(10.0), shared: usual(5.0), converted: usual(5.0), taste: usual(10.0) };
    let occasion = Occasion { slot: slot.to_owned(), group_kind: group_kind.to_owned() };
    let contributions = rank(settings, &rates, &occasion, &columns);
    (0..items.len()).map(|row| contributions.iter().map(|(_, points)| points[row]).sum()).collect()
}

fn settings(json: &str) -> Settings {
    serde_json::from_str(json).unwrap_or_default()
}

#[test]
fn what_the_group_reads_comes_before_what_it_does_not() {
    let liked = Item { topic_read: (40.0, 100.0), ..UNKNOWN };
    let ignored = Item { topic: "finance", topic_read: (1.0, 100.0), ..UNKNOWN };
    let scores = scores(&Settings::default(), "noon", "interest", &[ignored, UNKNOWN, liked]);
    assert!(scores.is_sorted() && scores[0] < scores[1] && scores[1] < scores[2], "{scores:?}");
}

#[test]
fn news_grow_old_faster_than_guides() {
    let at = |kind, days: f64| Item { kind, age_hours: days * 24.0, ..UNKNOWN };
    let settings = settings(r#"{"half_lives_days":{"news":3,"guide":45}}"#);
    let scores = scores(&settings, "", "", &[at("news", 0.0), at("guide", 0.0), at("news", 9.0), at("guide", 9.0)]);
    assert!((scores[0] - scores[1]).abs() < 1e-9, "all are new once");
    assert!(scores[3] - scores[2] > 10.0, "{scores:?}");
}

#[test]
fn each_slot_has_its_formats() {
    let of = |format| Item { format, ..UNKNOWN };
    let items = [of("text"), of("article")];
    let morning = scores(&Settings::default(), "morning", "", &items);
    let evening = scores(&Settings::default(), "evening", "", &items);
    assert!(morning[0] > morning[1] && evening[0] < evening[1], "{morning:?} {evening:?}");
    let other = scores(&Settings::default(), "midnight", "", &items);
    assert!((other[0] - other[1]).abs() < 1e-9, "nothing is set for it");
}

#[test]
fn what_is_set_for_a_kind_of_group_counts_in_it_alone() {
    let settings = settings(r#"{"kinds":{"marketing":{"deals":1.0,"tea":0.0}}}"#);
    let items = [UNKNOWN, Item { topic: "deals", ..UNKNOWN }];
    let there = scores(&settings, "", "marketing", &items);
    let elsewhere = scores(&settings, "", "knowledge", &items);
    assert!((there[1] - there[0] - 15.0).abs() < 1e-9, "{there:?}");
    assert!((elsewhere[1] - elsewhere[0]).abs() < 1e-9);
}

#[test]
fn one_lucky_reader_does_not_beat_a_hundred() {
    let lucky = Item { read: (1.0, 1.0), ..UNKNOWN };
    let proven = Item { read: (90.0, 300.0), shared: 20.0, ..UNKNOWN };
    let scores = scores(&Settings::default(), "noon", "", &[lucky, proven]);
    assert!(scores[1] > scores[0] + 2.0, "{scores:?}");
}

proptest! {
    #[test]
    fn no_item_is_worth_more_than_all_weights(
        age_hours in prop_oneof![Just(f64::NAN), -100.0..100_000.0_f64],
        shown in 0.0..1e6_f64, share in 0.0..3.0_f64, shared in 0.0..1e6_f64,
    ) {
        let item = Item { age_hours, read: (shown * share, shown), shared, ..UNKNOWN };
        let score = scores(&Settings::default(), "noon", "interest", &[item])[0];
        prop_assert!((0.0..=100.0).contains(&score), "{score}");
    }
}
