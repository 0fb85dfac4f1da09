//! Policy A15, as a group sees it: check-ins are counted by the group's days, and streaks are praised.

use serde_json::json;
use usher_tests::{Decided, Story};

fn streak(decided: &Decided) -> &str {
    decided.0["findings"][0]["evidence"][0]["value"].as_str().unwrap_or_default()
}

#[test]
fn three_days_in_a_row_are_praised_and_a_day_is_that_of_the_group() {
    let mut group = Story::of("check-in", &json!({"name": "早起群"}), &json!({}));
    let check_in = json!({"text": "早起打卡", "actor": {"name": "小王"}});
    assert_eq!(streak(&group.happens("22T00:30:00", "u-1", check_in.clone())), "1");
    // Half past eleven in the evening there: the same day.
    assert_eq!(group.happens("22T15:30:00", "u-1", check_in.clone()).rules(), [] as [&str; 0]);
    // Half an hour after midnight.
    assert_eq!(streak(&group.happens("22T16:30:00", "u-1", check_in.clone())), "2");
    group.kill();
    group.restart();
    let third = group.happens("24T01:00:00", "u-1", check_in.clone());
    assert_eq!((streak(&third), third.verdict()), ("3", "allow"));
    assert_eq!(third.0["actions"][0]["text"], "恭喜小王连续打卡3天！");
    // Others count for themselves, and a missed day begins anew.
    assert_eq!(streak(&group.happens("24T01:00:01", "u-2", check_in.clone())), "1");
    assert_eq!(streak(&group.happens("26T01:00:00", "u-1", check_in)), "1");
}

#[test]
fn what_is_not_about_the_weeks_theme_is_told_so_and_the_theme_can_be_changed_meanwhile() {
    let themes = |name: &str| json!({"themes": [{"from": "2026-11-16", "name": name}]});
    let group = Story::of("check-in", &json!({}), &themes("阅读"));
    let off = group.happens("22T12:00:00", "u-1", json!({"text": "跑步打卡", "actor": {"name": "小王"}}));
    assert_eq!(off.rules(), ["check-in-off-theme"]);
    assert_eq!(off.0["actions"][0]["text"], "@小王 本周打卡主题是“阅读”哦。");
    group.enable("check-in", &json!({"version": "0.1.0", "settings": themes("跑步")})).expect(200);
    assert_eq!(group.happens("22T12:00:01", "u-1", json!({"text": "跑步打卡"})).rules(), ["check-in"]);
}
