//! Policy B4, as operators see it: levels are hard to reach, decay slowly, and can't be farmed.

use serde_json::json;
use usher_tests::diary::Diary;
use usher_tests::{TestHost, plugin};

/// The day of the run, of the diary.
const TODAY: i64 = 100;
/// A year before it.
const YEAR_AGO: i64 = TODAY - 365;

fn group() -> TestHost {
    let host = TestHost::with_a_group();
    host.upload(&plugin("fan-level")).expect(201);
    host.enable("fan-level", &json!({"version": "0.1.0"})).expect(201);
    host
}

/// There most days; helps somebody else every third, and buys every other week.
fn loyal(diary: &mut Diary, member: &str, days: std::ops::Range<i64>) {
    for day in days {
        if day % 7 < 5 {
            diary.message(day, member, "大家早");
            diary.note(day, "content.read", member, &json!({"content": format!("c-{}", day - YEAR_AGO)}));
        }
        if day % 3 == 0 {
            diary.answer(day, member, &format!("asker-{}", (day - YEAR_AGO) / 3 % 60));
        }
        if day % 14 == 0 {
            let order = format!("o-{member}-{day}");
            diary.note(day, "purchase.made", member, &json!({"order": order, "amount_yuan": 100}));
        }
    }
}

#[test]
fn a_year_of_farming_ends_at_level_two_where_the_loyal_go_on() {
    let host = group();
    let mut diary = Diary::new();
    loyal(&mut diary, "loyal", YEAR_AGO..TODAY);
    for day in YEAR_AGO..TODAY {
        for _ in 0..3 {
            diary.message(day, "farmer", "签到");
            diary.note(day, "checkin.done", "farmer", &json!({}));
        }
        diary.note(day, "content.read", "farmer", &json!({"content": format!("c-{}", day - YEAR_AGO)}));
        diary.note(day, "content.shared", "farmer", &json!({"content": format!("c-{}", day - YEAR_AGO)}));
        diary.answer(day, "farmer", "accomplice");
    }
    diary.send(&host);
    let ran = host.score(&json!({"at": Diary::moment(TODAY, 0)}));
    assert_eq!(ran.labels("farmer"), ["铁粉·二级"], "{:?}", ran.points("farmer"));
    assert_eq!(ran.labels("loyal"), ["铁粉·五级"], "{:?}", ran.points("loyal"));
    let points = ran.points("farmer");
    let cap = points.iter().find(|(reason, _)| reason.starts_with("封顶"));
    assert!(cap.is_some_and(|(_, points)| *points < -400.0), "what is cut off is said: {points:?}");
    let messages = points.iter().find(|(reason, _)| *reason == "发言的天数（每天只计一次）");
    assert!(messages.is_some_and(|(_, points)| *points < 170.0), "three a day are one a day: {points:?}");
}

#[test]
fn half_a_year_of_silence_costs_one_level_and_not_all_of_them() {
    let host = group();
    let mut diary = Diary::new();
    for member in ["remembered", "unknown"] {
        loyal(&mut diary, member, YEAR_AGO..TODAY - 150);
    }
    diary.send(&host);
    let record = json!({"name": "remembered", "labels": ["铁粉·五级"]});
    host.put("/v1/brands/tea/groups/g1/members/remembered", &record).expect(201);
    let ran = host.score(&json!({"at": Diary::moment(TODAY, 0)}));
    assert_eq!(ran.score("remembered").to_bits(), ran.score("unknown").to_bits());
    assert_eq!(ran.labels("remembered"), ["铁粉·四级"], "{:?}", ran.points("remembered"));
    assert_ne!(ran.labels("unknown"), ["铁粉·四级"]);
}
