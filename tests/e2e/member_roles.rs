//! Policy B3, as operators see it: six roles, a score for each, the best one as a label.

use serde_json::json;
use usher_tests::diary::Diary;
use usher_tests::{TestHost, plugin};

/// The day of the run, of the diary.
const TODAY: i64 = 60;

#[test]
fn everybody_is_called_by_what_they_do_most() {
    // Components with an interpreter inside take long to compile: once for all tests.
    let host = TestHost::with_a_group_and_shared_cache();
    host.upload(&plugin("member-roles")).expect(201);
    host.enable("member-roles", &json!({"version": "0.1.0"})).expect(201);
    let mut diary = Diary::new();
    for day in 0..TODAY {
        let other = |number: i64| format!("b-{:02}", (day + number) % 20);
        for member in (0..20).filter(|number| (number + day) % 5 == 0) {
            diary.message(day, &format!("b-{member:02}"), "早上好");
        }
        for _ in 0..8 {
            diary.message(day, "talker", "哈哈哈说得对");
        }
        diary.note(day, "presence.seen", "onlooker", &json!({"minutes": 40}));
        diary.note(day, "content.read", "onlooker", &json!({"content": format!("c-{day}")}));
        if day % 3 == 0 {
            let thought = diary.message(day, "thinker", "我觉得喝茶的本质是慢下来");
            for number in 0..6 {
                diary.note(day, "reaction.added", &other(number), &json!({"message": thought, "emoji": "👍"}));
            }
            diary.answer(day, &other(3), "asker");
            diary.note(day, "checkin.done", "organiser", &json!({"theme": "早起"}));
        }
        if day % 12 == 0 {
            diary.note(day, "invite.accepted", "organiser", &json!({"member": format!("guest-{day}")}));
            diary.note(day, "redpacket.sent", "organiser", &json!({"amount_yuan": 20, "count": 10}));
        }
        let claim = diary.message(day, "challenger", "这个说法不对吧？有依据吗");
        diary.note(day, "message.created", &other(1), &json!({"reply_to": claim}));
        diary.note(day, "message.created", "challenger", &json!({"reply_to": format!("d-{day}-0")}));
    }
    diary.send(&host);
    let ran = host.score(&json!({"at": Diary::moment(TODAY, 0)}));
    for (member, label) in [
        ("organiser", "组织者"),
        ("thinker", "思考者"),
        ("talker", "健谈者"),
        ("asker", "求教者"),
        ("onlooker", "围观者"),
        ("challenger", "挑战者"),
    ] {
        assert_eq!(ran.labels(member), [label], "{member}: {:?}", ran.points(member));
        let best = ran.points(member).into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b)).unwrap();
        assert!(best.0.starts_with(label), "{member}: {best:?}");
    }
    assert!(ran.labels("b-01").is_empty(), "who does little of anything has no role: {:?}", ran.points("b-01"));
}
