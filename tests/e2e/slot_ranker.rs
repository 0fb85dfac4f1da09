//! Policy C1, as operators see it: what fits the group comes first, nothing is seen twice, and not all of it is the same.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use usher_tests::diary::{Diary, title};
use usher_tests::{TestHost, plugin};

/// The day of the recommendation, of the diary.
const TODAY: i64 = 20;

fn group() -> TestHost {
    let host = TestHost::with_a_group();
    host.upload(&plugin("slot-ranker")).expect(201);
    host.enable("slot-ranker", &json!({"version": "0.1.0"})).expect(201);
    host
}

/// A content that may be posted from this day on, for 30 days.
fn content(host: &TestHost, id: &str, topic: &str, format: &str, day: i64) {
    let body = json!({"title": title(id), "kind": "story", "topic": topic, "format": format,
        "author": format!("author-{id}"), "valid_from": Diary::moment(day, 0), "valid_until": Diary::moment(day + 30, 0)});
    host.put(&format!("/v1/brands/tea/contents/{id}"), &body).expect(201);
}

fn asked(slot: &str, limit: u32) -> Value {
    json!({"slot": slot, "limit": limit, "explore_percent": 0, "at": Diary::moment(TODAY, 0)})
}

/// A content is posted, ten members see it, and so many of them read it.
fn show(diary: &mut Diary, day: i64, id: &str, readers: usize) {
    diary.note(day, "content.shown", "", &json!({"content": id, "slot": "noon"}));
    for number in 0..10 {
        diary.note(day, "content.shown", &format!("b-{number}"), &json!({"content": id, "slot": "noon"}));
        if number < readers {
            diary.note(day, "content.read", &format!("b-{number}"), &json!({"content": id, "slot": "noon"}));
        }
    }
}

#[test]
fn what_the_group_reads_comes_first_and_nothing_that_it_has_seen() {
    let host = group();
    for number in 0..4 {
        content(&host, &format!("tea-{number}"), "茶叶", "text", 1);
        content(&host, &format!("money-{number}"), "理财", "text", 1);
    }
    content(&host, "late", "茶叶", "text", TODAY + 1);
    content(&host, "gone", "茶叶", "text", -40);
    let mut diary = Diary::new();
    for number in 0..2 {
        show(&mut diary, 5 + number, &format!("tea-{number}"), 8);
        show(&mut diary, 7 + number, &format!("money-{number}"), 0);
    }
    diary.send(&host);
    let ran = host.recommend(&asked("morning", 4));
    assert_eq!(ran.recommended(), ["tea-2", "tea-3", "money-2", "money-3"], "{:#?}", ran.rows);
    for seen in ["tea-0", "tea-1", "money-0", "money-1"] {
        assert_eq!(ran.row(seen)["refused"], "seen");
    }
    assert_eq!(ran.row("late")["refused"], "not_yet_valid");
    assert_eq!(ran.row("gone")["refused"], "no_longer_valid");
    let topic = |id: &str| ran.points(id).into_iter().find(|(reason, _)| reason.starts_with("本群对该话题")).unwrap().1;
    assert!(topic("tea-2") > topic("money-2") + 4.0, "{:?}", ran.points("tea-2"));
}

#[test]
fn a_slot_mixes_topics_and_formats_however_well_one_of_them_does() {
    let host = group();
    for number in 0..6 {
        content(&host, &format!("tea-{number}"), "茶叶", "article", 1);
    }
    content(&host, "picture", "美食", "image", 1);
    content(&host, "words", "读书", "text", 1);
    let mut diary = Diary::new();
    show(&mut diary, 5, "tea-0", 10);
    diary.send(&host);
    let mut asked = asked("evening", 4);
    asked["variety"] = json!({"per_topic": 2, "per_format": 2, "per_author": 3, "window_days": 3});
    let ran = host.recommend(&asked);
    let recommended = ran.recommended();
    assert_eq!(&recommended[..2], ["tea-1", "tea-2"], "{:#?}", ran.rows);
    assert!(
        recommended.contains(&"picture") && recommended.contains(&"words") && recommended.len() == 4,
        "{recommended:?}"
    );
}

#[test]
fn each_slot_prefers_its_formats_and_says_so() {
    let host = group();
    content(&host, "article", "茶叶", "article", 1);
    content(&host, "text", "茶叶", "text", 1);
    let first: BTreeMap<&str, String> = ["morning", "evening"]
        .into_iter()
        .map(|slot| (slot, host.recommend(&asked(slot, 1)).recommended()[0].to_owned()))
        .collect();
    assert_eq!((first["morning"].as_str(), first["evening"].as_str()), ("text", "article"));
    let ran = host.recommend(&asked("evening", 2));
    let slot = |id: &str| ran.points(id).into_iter().find(|(reason, _)| *reason == "适合该时段的形式").unwrap().1;
    assert!(slot("article") > slot("text"));
}

#[test]
fn the_setting_for_a_kind_of_group_decides_where_nothing_is_known() {
    let host = group();
    let settings = json!({"kinds": {"interest": {"旅行": 1.0, "理财": 0.0}}});
    host.enable("slot-ranker", &json!({"version": "0.1.0", "settings": settings})).expect(200);
    content(&host, "a-money", "理财", "text", 1);
    content(&host, "b-travel", "旅行", "text", 1);
    assert_eq!(host.recommend(&asked("morning", 2)).recommended(), ["b-travel", "a-money"]);
}
