//! Policy C3, as operators see it: what others of the segment like, and a sentence that says why.

use serde_json::json;
use usher_tests::diary::{Diary, title};
use usher_tests::{TestHost, plugin};

/// The day of the recommendation, of the diary.
const TODAY: i64 = 20;

fn group() -> TestHost {
    let host = TestHost::with_a_group();
    host.upload(&plugin("member-taste")).expect(201);
    host.enable("member-taste", &json!({"version": "0.1.0"})).expect(201);
    for (member, segment, interest) in [("wang", "mothers", "养生"), ("li", "students", "")] {
        let record = json!({"name": member, "attributes": {"segment": segment, "interest": interest}});
        host.put(&format!("/v1/brands/tea/groups/g1/members/{member}"), &record).expect(201);
    }
    for (id, topic) in [("pram", "亲子"), ("game", "游戏"), ("toys", "亲子"), ("soup", "养生"), ("odd", "杂谈")]
    {
        let body = json!({"title": title(id), "kind": "article", "topic": topic, "author": id,
            "valid_from": Diary::moment(1, 0)});
        host.put(&format!("/v1/brands/tea/contents/{id}"), &body).expect(201);
    }
    host
}

#[test]
fn each_segment_gets_what_its_like_read_and_everybody_is_told_why() {
    let host = group();
    let mut diary = Diary::new();
    for number in 0..10 {
        let id = format!("other-{number}");
        let body = json!({"title": title(&id), "kind": "article", "topic": format!("话题{number}"), "author": id});
        host.put(&format!("/v1/brands/tea/contents/{id}"), &body).expect(201);
        for member in 0..20 {
            let segment = if member % 2 == 0 { "mothers" } else { "students" };
            let payload = json!({"content": id, "segment": segment});
            diary.note(4, "content.shown", &format!("b-{member}"), &payload);
            if member < 2 {
                diary.note(4, "content.read", &format!("b-{member}"), &payload);
            }
        }
    }
    for number in 0..40 {
        let segment = if number % 2 == 0 { "mothers" } else { "students" };
        let theirs = if number % 2 == 0 { "pram" } else { "game" };
        for content in ["pram", "game"] {
            let payload = json!({"content": content, "segment": segment});
            diary.note(5, "content.shown", &format!("b-{number}"), &payload);
            if content == theirs {
                diary.note(5, "content.read", &format!("b-{number}"), &payload);
            }
        }
    }
    diary.send(&host);
    let to = |member: &str| {
        host.recommend(&json!({"slot": "home", "member": member, "limit": 5, "explore_percent": 0,
            "at": Diary::moment(TODAY, 0)}))
    };
    let (wang, li) = (to("wang"), to("li"));
    assert_eq!(li.recommended()[0], "game", "{:#?}", li.rows);
    assert!(wang.score("pram") > wang.score("game") + 15.0, "{:?}", wang.points("pram"));
    assert!(li.score("game") > li.score("pram") + 15.0, "{:?}", li.points("game"));
    assert_eq!(wang.labels("pram"), ["和你相近的成员看到20次，读了20次"]);
    assert!(wang.score("toys") > wang.score("odd"), "a new one of a topic that they read: {:?}", wang.points("toys"));
    assert_eq!(wang.labels("soup"), ["你关注“养生”"]);
    assert_eq!(wang.labels("toys"), ["和你相近的成员爱看“亲子”"]);
    assert_eq!(wang.labels("odd"), ["新内容，先给你看看"]);
    assert!(wang.points("soup").iter().any(|(reason, points)| *reason == "与本人兴趣一致" && *points > 0.0));
    assert!(li.points("soup").iter().all(|(reason, _)| *reason != "与本人兴趣一致"));
}
