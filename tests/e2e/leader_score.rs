//! Policy B2, as operators see it: who is there, answers quickly, shares and is heard could lead; then comes probation.

use serde_json::json;
use usher_tests::diary::Diary;
use usher_tests::{TestHost, plugin};

/// The day of the run, of the diary.
const TODAY: i64 = 60;

fn group() -> TestHost {
    // Components with an interpreter inside take long to compile: once for all tests.
    let host = TestHost::with_a_group_and_shared_cache();
    host.upload(&plugin("leader-score")).expect(201);
    host.enable("leader-score", &json!({"version": "0.1.0"})).expect(201);
    for member in ["leader", "talker", "farmer", "boss"] {
        let roles = if member == "boss" { json!(["owner"]) } else { json!(["member"]) };
        let record = json!({"name": member, "roles": roles, "joined_at": Diary::moment(-100, 0)});
        host.put(&format!("/v1/brands/tea/groups/g1/members/{member}"), &record).expect(201);
    }
    host
}

/// Members who write now and then, and react to a message.
fn others(diary: &mut Diary, day: i64, message: &str) {
    for number in (0..24).filter(|number| (number + day) % 4 == 0) {
        diary.note(day, "reaction.added", &format!("b-{number:02}"), &json!({"message": message, "emoji": "👍"}));
    }
}

/// A day of somebody who leads.
fn lead(diary: &mut Diary, day: i64, member: &str) {
    diary.note(day, "presence.seen", member, &json!({"minutes": 150}));
    let message = diary.message(day, member, "今天的学习资料发群里了");
    others(diary, day, &message);
    diary.answer(day, member, &format!("b-{:02}", day.rem_euclid(24)));
    diary.note(day, "content.shared", member, &json!({"content": format!("c-{day}")}));
}

#[test]
fn who_serves_the_group_could_lead_it_and_who_only_sits_there_could_not() {
    let host = group();
    let mut diary = Diary::new();
    for day in 0..TODAY {
        lead(&mut diary, day, "leader");
        lead(&mut diary, day, "boss");
        for _ in 0..5 {
            diary.message(day, "talker", "哈哈哈");
        }
        diary.note(day, "presence.seen", "talker", &json!({"minutes": 90}));
        diary.note(day, "presence.seen", "farmer", &json!({"minutes": 200}));
        diary.answer(day, "farmer", "accomplice");
    }
    diary.send(&host);
    let asked = json!({"threshold": {"enter": 70, "leave": 55}, "at": Diary::moment(TODAY, 0)});
    let ran = host.score(&asked);
    assert_eq!(ran.chosen(), ["leader"], "{:#?}", ran.rows);
    assert_eq!(ran.remarks("boss"), ["已是管理人员"]);
    assert!(ran.score("farmer") < 45.0, "{:?}", ran.points("farmer"));
    assert!(ran.points("leader").iter().any(|(reason, points)| reason.starts_with("回答及时") && *points > 15.0));
    assert!(ran.points("farmer").iter().all(|(reason, points)| !reason.starts_with("回答及时") || *points < 5.0));
}

#[test]
fn probation_has_a_score_of_its_own_and_a_verdict_when_it_is_over() {
    let host = group();
    for (member, since) in [("busy", "2026-02-14"), ("idle", "2026-02-14"), ("fresh", "2026-02-25")] {
        let attributes = json!({"probation_since": since});
        let record = json!({"name": member, "labels": ["班长考察期"], "attributes": attributes});
        host.put(&format!("/v1/brands/tea/groups/g1/members/{member}"), &record).expect(201);
    }
    let mut diary = Diary::new();
    for day in 0..TODAY {
        if day >= TODAY - 14 {
            lead(&mut diary, day, "busy");
            lead(&mut diary, day, "fresh");
        } else {
            // What was before counts nothing.
            lead(&mut diary, day, "idle");
        }
    }
    diary.send(&host);
    let ran = host.score(&json!({"at": Diary::moment(TODAY, 0)}));
    assert_eq!(ran.labels("busy"), ["考察合格"], "{:?}", ran.points("busy"));
    assert_eq!(ran.labels("idle"), ["考察未通过"], "{:?}", ran.points("idle"));
    assert!(ran.labels("fresh").is_empty(), "it is not over yet");
    assert!(ran.points("busy").iter().all(|(reason, _)| reason.starts_with("考察期")), "{:?}", ran.points("busy"));
}
