//! Policy A7, as a group sees it: a grace period after joining, one reminder, then a warning.

use serde_json::json;
use usher_tests::Story;

#[test]
fn a_member_is_reminded_after_a_day_though_nobody_speaks_and_warned_a_day_later() {
    let mut group = Story::of("nickname-format", &json!({}), &json!({}));
    let named = |name: &str| json!({"text": "大家好", "actor": {"name": name}});
    let joined = group.happens("22T12:00:00", "u-1", json!({"kind": "member.joined", "actor": {"name": "小王"}}));
    assert_eq!(joined.rules(), [] as [&str; 0]);
    assert_eq!(group.happens("22T13:00:00", "u-1", named("小王")).rules(), [] as [&str; 0]);
    group.kill();
    group.restart();
    group.happens("23T18:00:00", "u-2", named("老李-郑州-餐饮"));
    let reminder = "@小王 请把群昵称改为“名称-地区-职业”，方便大家认识你。".to_owned();
    assert_eq!(group.said_for("nickname-reminded"), [("2026-11-23T12:00:00Z".to_owned(), vec![reminder])]);
    assert_eq!(group.happens("24T11:59:59", "u-1", named("小王")).rules(), [] as [&str; 0]);
    let warned = group.happens("24T12:00:00", "u-1", named("小王"));
    assert_eq!((warned.verdict(), warned.rules()), ("flag", vec!["nickname-warned"]));
    assert_eq!(warned.0["actions"][0]["kind"], "warn");
    assert_eq!(group.happens("26T12:00:00", "u-1", named("小王")).rules(), [] as [&str; 0]);
}

#[test]
fn who_takes_a_good_name_in_time_hears_nothing() {
    let group = Story::of("nickname-format", &json!({}), &json!({"regions": ["郑州", "洛阳"]}));
    group.happens("22T12:00:00", "u-1", json!({"kind": "member.joined", "actor": {"name": "小王+火星+餐饮"}}));
    let payload = json!({"from": "小王+火星+餐饮", "to": "小王+郑州+餐饮"});
    group.happens("22T13:00:00", "u-1", json!({"kind": "member.renamed", "payload": payload}));
    group.happens("25T12:00:00", "u-2", json!({"text": "早", "actor": {"name": "老李 洛阳 教师"}}));
    assert_eq!(group.said_for("nickname-reminded"), []);
}
