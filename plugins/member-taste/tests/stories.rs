//! What is recommended to whom, and in which words, without a host.

use member_taste::{Counts, Items, Judged, Rate, Rates, Settings, taste};

/// An item of which nothing is known.
#[derive(Clone, Copy)]
struct Item {
    topic: &'static str,
    age_hours: f64,
    read: (f64, f64),
    segment_read: (f64, f64),
    segment_converted: f64,
    topic_read: (f64, f64),
}

const UNKNOWN: Item = Item {
    topic: "tea",
    age_hours: 240.0,
    read: (0.0, 0.0),
    segment_read: (0.0, 0.0),
    segment_converted: 0.0,
    topic_read: (0.0, 0.0),
};

fn judged(interests: &[&str], items: &[Item]) -> Judged {
    let counts = |of: fn(&Item) -> (f64, f64)| {
        items.iter().map(of).map(|(came, tried)| Counts { tried, came }).collect::<Vec<_>>()
    };
    let columns = Items {
        kind: items.iter().map(|_| "article".to_owned()).collect(),
        topic: items.iter().map(|item| item.topic.to_owned()).collect(),
        age_hours: items.iter().map(|item| item.age_hours).collect(),
        read: counts(|item| item.read),
        segment_read: counts(|item| item.segment_read),
        converted: counts(|item| (item.segment_converted, item.read.0)),
        segment_converted: counts(|item| (item.segment_converted, item.segment_read.0)),
        topic_read: counts(|item| item.topic_read),
    };
    let usual = |came| Rate::usual(Counts { tried: 100.0, came }, 0.1, 20.0);
    let rates = Rates { read: usual(10.0), converted: usual(5.0), topic: usual(10.0) };
    let interests: Vec<String> = interests.iter().map(ToString::to_string).collect();
    taste(&Settings::default(), &rates, &interests, &columns)
}

fn score(judged: &Judged, row: usize) -> f64 {
    judged.contributions.iter().map(|(_, points)| points[row]).sum()
}

#[test]
fn what_the_segment_reads_counts_more_than_what_all_read() {
    let hers = Item { read: (30.0, 300.0), segment_read: (20.0, 40.0), ..UNKNOWN };
    let theirs = Item { read: (60.0, 300.0), segment_read: (1.0, 40.0), ..UNKNOWN };
    let judged = judged(&[], &[hers, theirs]);
    assert!(score(&judged, 0) > score(&judged, 1) + 5.0, "{judged:?}");
    assert_eq!(judged.labels[0].1, "和你相近的成员看到40次，读了20次");
}

#[test]
fn a_new_item_is_judged_by_its_topic_and_the_members_interests() {
    let liked = Item { topic: "cooking", topic_read: (60.0, 200.0), ..UNKNOWN };
    let judged = judged(&["tea"], &[liked, UNKNOWN, Item { topic: "finance", ..UNKNOWN }]);
    let scores = [score(&judged, 0), score(&judged, 1), score(&judged, 2)];
    assert!(scores[0] > scores[2] && scores[1] > scores[2], "{scores:?}");
    let words: Vec<&str> = judged.labels.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(words, ["和你相近的成员爱看“cooking”", "你关注“tea”", "新内容，先给你看看"]);
}

#[test]
fn what_sells_to_the_segment_says_so() {
    let sells = Item { read: (20.0, 200.0), segment_read: (5.0, 50.0), segment_converted: 4.0, ..UNKNOWN };
    let judged = judged(&[], &[sells, Item { segment_converted: 0.0, ..sells }]);
    assert!(score(&judged, 0) > score(&judged, 1) + 2.0, "{judged:?}");
    assert_eq!(judged.labels[0].1, "和你相近的成员中，读过后有4次下单或参与");
}

#[test]
fn no_interest_is_no_interest_in_what_has_no_topic() {
    let judged = judged(&[""], &[Item { topic: "", ..UNKNOWN }]);
    assert!(judged.contributions[0].1[0].abs() < 1e-9);
}
