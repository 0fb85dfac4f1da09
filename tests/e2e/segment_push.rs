//! Policy C2, as operators see it: a push goes to whom it is for, and to nobody more often than the platform allows.

use serde_json::{Value, json};
use usher_tests::diary::{Diary, title};
use usher_tests::{TestHost, plugin};

fn group() -> TestHost {
    // Components with an interpreter inside take long to compile: once for all tests.
    let host = TestHost::with_a_group_and_shared_cache();
    host.upload(&plugin("segment-push")).expect(201);
    host.enable("segment-push", &json!({"version": "0.1.0"})).expect(201);
    let members = [
        ("wang", json!(["铁粉·四级", "健谈者"]), json!({"region": "郑州", "interest": "tea, reading"})),
        ("li", json!([]), json!({"region": "洛阳", "interest": "travel"})),
    ];
    for (member, labels, attributes) in members {
        let record = json!({"name": member, "labels": labels, "attributes": attributes});
        host.put(&format!("/v1/brands/tea/groups/g1/members/{member}"), &record).expect(201);
    }
    host
}

fn push(host: &TestHost, id: &str, attributes: &Value) {
    let body = json!({"title": title(id), "topic": id, "author": id, "attributes": attributes});
    host.put(&format!("/v1/brands/tea/contents/{id}"), &body).expect(201);
}

fn asked(member: &str, at: &str) -> Value {
    json!({"slot": "push", "member": member, "limit": 1, "explore_percent": 0, "at": at})
}

#[test]
fn a_push_goes_to_its_segment_and_the_others_are_told_why_not() {
    let host = group();
    push(&host, "local", &json!({"for_region": "郑州,开封", "for_interest": "tea"}));
    push(&host, "fans", &json!({"for_level": "铁粉·三级", "for_behaviour": "健谈者"}));
    push(&host, "all", &json!({"priority": "5"}));
    let at = Diary::moment(10, 0);
    let wang = host.recommend(&json!({"slot": "push", "member": "wang", "limit": 3, "explore_percent": 0, "at": at}));
    assert_eq!(wang.recommended(), ["local", "fans", "all"], "{:#?}", wang.rows);
    assert_eq!(wang.labels("local"), ["人群：郑州·tea"]);
    assert_eq!(wang.labels("fans"), ["人群：铁粉·四级·健谈者"]);
    assert_eq!(wang.labels("all"), ["人群：全部成员"]);
    let li = host.recommend(&json!({"slot": "push", "member": "li", "limit": 3, "explore_percent": 0, "at": at}));
    assert_eq!(li.recommended(), ["all"]);
    assert_eq!(li.remarks("local"), ["仅面向地区：郑州、开封；仅面向兴趣：tea"]);
    assert_eq!(li.remarks("fans"), ["等级未到：铁粉·三级；仅面向：健谈者"]);
}

#[test]
fn a_service_account_reaches_each_recipient_four_times_a_month_and_no_more() {
    let host = group();
    for number in 0..9 {
        push(&host, &format!("p-{number}"), &json!({}));
    }
    let send = |member: &str, day: i64| {
        let mut asked = asked(member, &Diary::moment(day, 0));
        asked["account"] = json!("service");
        asked["idempotency_key"] = json!(format!("{member}-{day}"));
        host.recommend(&asked).recommended().len()
    };
    // January has 31 days.
    let wang: Vec<usize> = [1, 5, 9, 9, 20, 25, 31, 32].map(|day| send("wang", day)).to_vec();
    assert_eq!(wang, [1, 1, 1, 1, 1, 0, 1, 1], "the ninth was asked twice with one key; February is another month");
    assert_eq!(send("li", 25), 1, "each recipient has a quota of their own");
}
