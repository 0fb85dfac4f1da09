//! Policy A3, as the members and the operators of a group see it: flooding is found, and has consequences that grow.

use serde_json::{Value, json};
use usher_tests::{Decided, TestHost, plugin};

const ADVERTISEMENT: &str = "春茶上市，全场八折，今天下单还送小罐龙井一份，名额只有三十个";

fn flood_guard(settings: &Value) -> TestHost {
    let host = TestHost::with_a_group();
    host.upload(&plugin("flood-guard")).expect(201);
    host.enable("flood-guard", &json!({"version": "0.1.0", "settings": settings})).expect(201);
    host
}

/// A member writes this at a time of the day.
#[track_caller]
fn write(host: &TestHost, clock: &str, member: &str, text: &str) -> Decided {
    let mut event = host.message(member, text);
    event["at"] = json!(format!("2026-11-22T{clock}Z"));
    Decided(host.post_event(&event).expect(200).json())
}

/// The kinds of actions, in order.
fn kinds(decided: &Decided) -> Vec<&str> {
    decided.0["actions"].as_array().unwrap().iter().map(|action| action["kind"].as_str().unwrap()).collect()
}

fn evidence(decided: &Decided, name: &str) -> String {
    let evidence = decided.0["findings"][0]["evidence"].as_array().unwrap();
    let found = evidence.iter().find(|piece| piece["name"] == name);
    found.and_then(|piece| piece["value"].as_str()).unwrap_or_default().to_owned()
}

#[test]
fn the_eleventh_message_in_half_a_minute_is_one_too_many() {
    let host = flood_guard(&json!({}));
    for second in 0..10 {
        let decided = write(&host, &format!("12:00:{second:02}"), "u-7", &format!("第{second}句"));
        assert_eq!((decided.verdict(), decided.outcome("flood-guard").as_str()), ("allow", "abstain"));
    }
    assert_eq!(write(&host, "12:00:10", "u-8", "大家好").verdict(), "allow", "others are not concerned");
    let decided = write(&host, "12:00:29", "u-7", "最后一句");
    assert_eq!((decided.verdict(), decided.rules()), ("flag", vec!["too-many"]));
    assert_eq!((evidence(&decided, "messages"), evidence(&decided, "most")), ("11".into(), "10".into()));
    assert_eq!(kinds(&decided), ["warn"]);
    assert_eq!(decided.0["actions"][0]["member"], "u-7");
    assert_eq!(decided.0["actions"][0]["text"], "请勿刷屏：30秒内发了11条消息，最多10条");
    assert_eq!(write(&host, "12:01:10", "u-7", "缓一缓再说").verdict(), "allow", "the window moves on");
}

#[test]
fn the_same_again_is_found_however_it_is_disguised() {
    let host = flood_guard(&json!({}));
    for (clock, text) in
        [("12:00:00", ADVERTISEMENT), ("12:02:00", "春茶❤上市，全場八折，今天下單還送小罐龍井一份，名額只有三十個")]
    {
        assert_eq!(write(&host, clock, "u-7", text).verdict(), "allow", "{text}");
    }
    let decided = write(&host, "12:04:00", "u-7", &format!("{ADVERTISEMENT}！"));
    assert_eq!((decided.rules(), evidence(&decided, "times")), (vec!["repeated"], "3".into()));
    for second in 0..8 {
        assert_eq!(write(&host, &format!("12:05:{}", 10 + second), "u-8", "好的").verdict(), "allow", "short words");
    }
}

#[test]
fn the_same_from_four_members_is_coordinated() {
    let host = flood_guard(&json!({}));
    for (second, member) in ["u-1", "u-2", "u-3"].iter().enumerate() {
        assert_eq!(write(&host, &format!("12:00:0{second}"), member, ADVERTISEMENT).verdict(), "allow");
        assert_eq!(write(&host, &format!("12:00:1{second}"), "u-9", &format!("说点别的事{second}")).verdict(), "allow");
    }
    let again = write(&host, "12:00:20", "u-3", ADVERTISEMENT);
    assert_eq!(again.verdict(), "allow", "the same three members: {}", again.0);
    let decided = write(&host, "12:00:30", "u-4", ADVERTISEMENT);
    assert_eq!((decided.rules(), evidence(&decided, "members")), (vec!["coordinated"], "4".into()));
    assert_eq!(evidence(&decided, "others"), "u-3 u-2 u-1");
    assert_eq!(write(&host, "12:03:00", "u-5", ADVERTISEMENT).verdict(), "allow", "the window moves on");
}

#[test]
fn a_chain_that_everybody_signs_is_none() {
    let host = flood_guard(&json!({}));
    let mut chain = "#接龙 周六品茶会报名".to_owned();
    for number in 1..=8 {
        chain = format!("{chain}\n{number}. 会员{number}");
        assert_eq!(write(&host, &format!("12:00:0{number}"), &format!("u-{number}"), &chain).verdict(), "allow");
    }
}

#[test]
fn a_message_that_fills_the_screen_is_found() {
    let host = flood_guard(&json!({"too_long": {"most_lines": 10}}));
    let wall = write(&host, "12:00:00", "u-7", &"茶\n".repeat(11));
    assert_eq!((wall.rules(), evidence(&wall, "lines")), (vec!["too-long"], "12".into()));
    assert_eq!(write(&host, "12:01:00", "u-8", &"茶".repeat(801)).rules(), ["too-long"]);
    assert_eq!(write(&host, "12:02:00", "u-9", &"茶".repeat(800)).verdict(), "allow");
}

#[test]
fn who_floods_again_is_muted_and_a_host_that_is_killed_remembers() {
    let mut host = flood_guard(&json!({}));
    let wall = "茶".repeat(801);
    assert_eq!(kinds(&write(&host, "12:00:00", "u-7", &wall)), ["warn"]);
    let at_once = write(&host, "12:00:05", "u-7", &format!("水{wall}"));
    assert_eq!((at_once.rules(), kinds(&at_once)), (vec!["too-long"], vec![]), "one burst, one warning");
    assert_eq!(kinds(&write(&host, "12:20:00", "u-7", &wall)), ["warn"]);
    host.kill();
    host.restart();
    let third = write(&host, "12:40:00", "u-7", &wall);
    assert_eq!(kinds(&third), ["mute"]);
    assert_eq!(third.0["actions"][0]["lasts_ms"], 600_000);
    assert!(third.0["actions"][0]["text"].as_str().unwrap().ends_with("禁言10分钟"), "{}", third.0);
    assert_eq!(kinds(&write(&host, "12:41:00", "u-8", &wall)), ["warn"], "each member has a ladder of their own");
    host.restart();
    let mut tomorrow = host.message("u-7", &wall);
    tomorrow["at"] = json!("2026-11-24T12:00:00Z");
    assert_eq!(
        kinds(&Decided(host.post_event(&tomorrow).expect(200).json())),
        ["warn"],
        "what is long ago is forgotten"
    );
}

#[test]
fn many_floods_in_the_group_are_told_to_the_group_once() {
    let host = flood_guard(&json!({"alarm": {"floods": 3}}));
    let wall = "茶".repeat(801);
    let told: Vec<_> = (0..6)
        .map(|minute| {
            kinds(&write(&host, &format!("12:0{minute}:00"), &format!("u-{minute}"), &wall)).contains(&"notify")
        })
        .collect();
    assert_eq!(told, [false, false, true, false, false, false]);
}

#[test]
fn the_owner_may_and_the_operator_decides_what_follows() {
    let steps = json!([{"floods": 1, "action": "delete"}, {"floods": 2, "action": "kick"}]);
    let host = flood_guard(&json!({"escalation": {"steps": steps}, "too_many": {"severity": "none"}}));
    let wall = "茶".repeat(801);
    let mut event = host.message("boss", &wall);
    event["actor"]["roles"] = json!(["owner"]);
    assert_eq!(host.post_event(&event).expect(200).json()["verdict"], "allow");
    assert_eq!(kinds(&write(&host, "12:01:00", "u-7", &wall)), ["delete"]);
    assert_eq!(kinds(&write(&host, "12:01:01", "u-7", &format!("水{wall}"))), ["delete"], "each message of a flood");
    assert_eq!(kinds(&write(&host, "12:02:00", "u-7", &wall)), ["kick"]);
}

#[test]
fn steps_that_could_never_be_reached_are_refused() {
    let host = TestHost::with_a_group();
    host.upload(&plugin("flood-guard")).expect(201);
    let refused = |steps: Value| {
        let settings = json!({"escalation": {"steps": steps}});
        host.enable("flood-guard", &json!({"version": "0.1.0", "settings": settings})).problem()
    };
    assert_eq!(refused(json!([{"floods": 2, "action": "warn"}, {"floods": 2, "action": "kick"}])), "configure-failed");
    assert_eq!(refused(json!([{"floods": 1, "action": "mute"}])), "settings-invalid");
}

#[test]
fn what_was_found_can_be_found_again() {
    let host = flood_guard(&json!({}));
    for (clock, member) in [("12:00:00", "u-1"), ("12:00:01", "u-2"), ("12:00:02", "u-3"), ("12:00:03", "u-4")] {
        let decided = write(&host, clock, member, ADVERTISEMENT);
        let path = format!("/v1/brands/tea/decisions/{}/replay", decided.0["id"].as_str().unwrap());
        let again = host.post(&path, &json!({})).expect(200).json();
        assert_eq!(again["identical"], true, "{again}");
    }
}

#[test]
fn no_flood_is_too_large_to_be_found() {
    let host = flood_guard(&json!({"too_many": {"window_ms": 600_000}}));
    for second in 0..60 {
        let text = format!("{second}{}", "加微信abc ".repeat(5_000));
        let decided = write(&host, &format!("12:00:{second:02}"), &format!("u-{}", second % 20), &text);
        assert_eq!(decided.outcome("flood-guard"), "findings", "{second}: {}", decided.0["plugins"]);
    }
    let decided = write(&host, "12:05:00", "u-99", "大家好，我是新来的，请多关照");
    assert_eq!(decided.outcome("flood-guard"), "abstain");
}
