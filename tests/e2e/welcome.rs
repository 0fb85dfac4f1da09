//! Policy A13, as a group sees it: who joins is greeted, or looked at, and links of new members wait.

use serde_json::json;
use usher_tests::Story;

fn book_club(settings: &serde_json::Value) -> Story {
    Story::of("welcome", &json!({"name": "郑州中心读书群1"}), settings)
}

#[test]
fn who_joins_is_greeted_and_told_the_rules_and_a_vip_is_introduced() {
    let group = book_club(&json!({}));
    let joined = group.happens("22T12:00:00", "u-1", json!({"kind": "member.joined", "actor": {"name": "小王"}}));
    assert_eq!((joined.verdict(), joined.rules()), ("allow", vec!["member-welcomed"]));
    assert_eq!(joined.0["actions"][0]["text"], "欢迎小王加入郑州中心读书群1！");
    assert!(joined.0["actions"][1]["text"].as_str().unwrap().starts_with("入群须知"), "{}", joined.0);
    group.put("/v1/brands/tea/groups/g1/members/u-2", &json!({"labels": ["vip"]})).expect(201);
    let vip = group.happens("22T12:00:01", "u-2", json!({"kind": "member.joined", "actor": {"name": "陈老师"}}));
    assert_eq!(vip.0["actions"][0]["text"], "热烈欢迎贵宾陈老师加入郑州中心读书群1！");
}

#[test]
fn links_of_a_new_member_wait_for_a_day_also_when_the_host_is_killed_in_between() {
    let mut group = book_club(&json!({}));
    group.happens("22T12:00:00", "u-1", json!({"kind": "member.joined"}));
    group.kill();
    group.restart();
    let link = json!({"text": "看这里 shop.example.com"});
    let held = group.happens("23T11:59:59", "u-1", link.clone());
    assert_eq!((held.verdict(), held.rules()), ("hold", vec!["new-member-held"]));
    assert_eq!(group.happens("23T11:59:59.500", "u-1", json!({"text": "大家好"})).verdict(), "allow");
    assert_eq!(group.happens("23T12:00:00", "u-1", link).verdict(), "allow");
}

#[test]
fn who_was_not_invited_is_looked_at_before_being_greeted() {
    let group = book_club(&json!({"approved_by": ["invitation", "certification"]}));
    let invited = json!({"kind": "member.joined", "payload": {"invited_by": "u-9"}});
    assert_eq!(group.happens("22T12:00:00", "u-1", invited).rules(), ["member-welcomed"]);
    let stranger = json!({"kind": "member.joined", "payload": {"source": "qr-code"}});
    let looked_at = group.happens("22T12:00:01", "u-2", stranger);
    assert_eq!((looked_at.verdict(), looked_at.rules()), ("flag", vec!["joiner-to-approve"]));
    assert_eq!(looked_at.0["actions"][0]["details"]["queue"], "approval");
    assert_eq!(looked_at.0["actions"].as_array().unwrap().len(), 1);
}

#[test]
fn settings_that_do_not_fit_are_refused_with_the_place() {
    let group = book_club(&json!({}));
    let refused =
        group.enable("welcome", &json!({"version": "0.1.0", "settings": {"hold_hours": "a day"}})).expect(422);
    assert_eq!(refused.pointers(), ["/settings/hold_hours"]);
}
