//! Another version beside the one in force: in shadow, or for a share of members, while all others have what they had.

use serde_json::{Value, json};
use usher_tests::{TestHost, plugin};

/// Version 1 of `scripted` is in force, and version 2 on trial. What is added counts twice in version 2, and timers wait
/// twice as long.
fn host(trial: &Value) -> TestHost {
    let host = TestHost::with_guest(&plugin("scripted"));
    host.upload(&plugin("scripted-next")).expect(201);
    host.enable("scripted", &json!({"version": "0.1.0", "trial": trial})).expect(200);
    host
}

fn assert_all_replay(host: &TestHost) {
    for decision in host.journal(Some("g1")) {
        let id = decision["id"].as_str().unwrap();
        let replay = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(replay["identical"], true, "{replay:#}");
    }
}

/// Which versions met the event, each in which mode and whether on trial.
fn met(decision: &Value) -> Vec<(&str, &str, bool)> {
    let all = decision["plugins"].as_array().unwrap().iter();
    all.map(|one| (one["version"].as_str().unwrap(), one["mode"].as_str().unwrap(), one["on_trial"] == true)).collect()
}

/// What the plugin saw, as it counts, and as it would count if the trial were over.
fn saw(decision: &Value) -> (&str, Option<&str>) {
    let tried = decision.get("trial").map(|trial| trial["findings"][0]["message"].as_str().unwrap_or("nothing"));
    (decision["findings"][0]["message"].as_str().unwrap_or("nothing"), tried)
}

#[test]
fn a_version_on_trial_in_shadow_is_compared_and_changes_nothing() {
    let host = host(&json!({"version": "0.2.0"}));
    let first = host.post_message("u1", "add c 1; sum c 60000; start t 1500 add c 10 & sum c 60000").0;
    assert_eq!(met(&first), [("0.1.0", "enforce", false), ("0.2.0", "shadow", true)]);
    assert_eq!((saw(&first), first.get("shadow")), (("1", Some("2")), None));
    // It reads what the version in force remembers, and adds its own to it for itself alone.
    assert_eq!(saw(&host.post_message("u1", "add c 1; sum c 60000").0), ("2", Some("3")));
    let same = host.post_message("u1", "sum c 60000; strike 1 60000").0;
    assert_eq!((saw(&same), same["plugins"].as_array().map(Vec::len)), (("12", None), Some(2)));
    assert_eq!(saw(&host.post_message("u1", "strikes").0), ("1", None), "it struck once");
    let fired = &host.journal(Some("g1"))[2];
    assert_eq!((saw(fired), &fired["at"]), (("12", Some("22")), &json!("2026-11-22T12:00:02.5Z")));
    assert_all_replay(&host);
    // The trial is over: what was remembered is there.
    host.enable("scripted", &json!({"version": "0.2.0"})).expect(200);
    let after = host.post_message("u1", "add c 1; sum c 60000").0;
    assert_eq!((saw(&after), met(&after)), (("14", None), vec![("0.2.0", "enforce", false)]));
}

#[test]
fn a_share_of_members_is_decided_by_the_version_on_trial_and_nobody_else_meets_it() {
    let host = host(&json!({"version": "0.2.0", "canary_percent": 40}));
    let (mut sum, mut tried) = (0, Vec::new());
    for number in 0..24 {
        let decision = host.post_message(&format!("u{}", number % 12), "add c 1; sum c 600000").0;
        let [(version, "enforce", on_trial)] = met(&decision)[..] else { panic!("{decision:#}") };
        assert_eq!(on_trial, version == "0.2.0");
        // Both count in the same memory, each as it does.
        sum += if on_trial { 2 } else { 1 };
        assert_eq!(saw(&decision), (sum.to_string().as_str(), None));
        tried.push(on_trial);
    }
    assert_eq!(tried[..12], tried[12..], "a member stays with a version");
    let share = tried[..12].iter().filter(|on_trial| **on_trial).count();
    assert!((1..12).contains(&share), "{share} of 12");
    let nobody = json!({"id": "nobody", "kind": "message.created", "at": host.now(), "text": "get k"});
    let nobody = host.post_event(&nobody).expect(200).json();
    assert_eq!(met(&nobody), [("0.1.0", "enforce", false)]);
    // A timer comes back to the version that started it.
    for number in 0..12 {
        host.post_message(&format!("u{number}"), &format!("start t{number} 1000000 get k"));
    }
    host.pass_ms(3_000_000);
    host.post_message("u0", "get k");
    let journal = host.journal(Some("g1"));
    let fired: Vec<_> = journal.iter().filter(|one| one["event"].as_str().unwrap().starts_with("timer:")).collect();
    let by_trial = fired.iter().filter(|one| met(one)[0].2).count();
    assert_eq!((fired.len(), by_trial), (12, share));
    assert_all_replay(&host);
}

#[test]
fn other_settings_are_tried_as_another_version_is() {
    let host = TestHost::with_ad_guard();
    let trial = json!({"version": "0.1.0", "settings": {"contact_severity": "high"}});
    host.enable("ad-guard", &json!({"version": "0.1.0", "settings": {}, "trial": trial})).expect(200);
    let in_force = host.get("/v1/brands/tea/groups/g1/plugins").expect(200).json();
    assert_eq!(in_force["items"][0]["trial"], trial);
    let decision = host.post_message("u-1", "加微信 abc123").0;
    assert_eq!((&decision["verdict"], &decision["trial"]["verdict"]), (&json!("flag"), &json!("hold")));
    assert_eq!(host.post_message("u-1", "你好").0.get("trial"), None);
    let (ended, found) = (host.get("/metrics").expect(200).text, "usher_trial_calls_total{plugin=\"ad-guard\"");
    assert!(ended.lines().any(|line| line.starts_with(found) && line.contains("differs=\"yes\"")), "{ended}");
}

#[test]
fn a_version_on_trial_that_fails_takes_nothing_out_of_the_way_but_itself() {
    let host = host(&json!({"version": "0.2.0"}));
    let decision = host.post_message("u1", "say trouble; get k").0;
    assert_eq!(saw(&decision), ("-", Some("nothing")));
    for _ in 0..20 {
        host.post_message("u1", "say trouble; get k");
    }
    let decision = host.post_message("u1", "say trouble; get k").0;
    assert_eq!(decision["plugins"][1]["failure"]["kind"], "breaker", "{decision:#}");
    assert_eq!(saw(&decision), ("-", None), "what did not speak is not compared");
    let breakers = host.get("/v1/brands/tea/breakers").expect(200).json();
    let states: Vec<_> =
        breakers["items"].as_array().unwrap().iter().map(|one| (&one["on_trial"], &one["state"])).collect();
    assert_eq!(states, [(&Value::Null, &json!("closed")), (&json!("0.2.0"), &json!("open"))]);
    host.post("/v1/brands/tea/breakers/scripted/reset", &json!({})).expect(200);
    assert_eq!(saw(&host.post_message("u1", "say trouble; get k").0).1, Some("nothing"));
    assert_all_replay(&host);
}

#[test]
fn a_trial_stands_beside_what_counts_and_where_it_was_said() {
    let host = host(&json!({"version": "0.2.0"}));
    let versions = |said: &Value| {
        host.enable("scripted", said).expect(200);
        met(&host.post_message("u1", "get k").0).len()
    };
    let trial = json!({"version": "0.2.0"});
    assert_eq!(versions(&json!({"version": "0.1.0", "trial": trial})), 2);
    assert_eq!(versions(&json!({"version": "0.1.0", "trial": trial, "mode": "shadow"})), 1);
    assert_eq!(versions(&json!({"version": "0.1.0", "trial": trial, "mode": "off"})), 0);
    host.put("/v1/brands/tea/plugins/scripted", &json!({"version": "0.1.0", "trial": trial})).expect(201);
    assert_eq!(versions(&json!({"version": "0.1.0"})), 1, "a version of the group's own is tried there or nowhere");
    host.delete("/v1/brands/tea/groups/g1/plugins/scripted").expect(204);
    assert_eq!(met(&host.post_message("u1", "get k").0).len(), 2);
}

#[test]
fn a_trial_that_can_not_be_is_refused_and_one_that_is_keeps_its_version() {
    let host = TestHost::with_guest(&plugin("scripted"));
    let refused = |trial: Value, pointer: &str| {
        let enablement = json!({"version": "0.1.0", "trial": trial});
        let answer = host.put("/v1/brands/tea/groups/g1/plugins/scripted", &enablement).expect(422);
        assert_eq!(answer.pointers(), [pointer], "{}", answer.text);
    };
    refused(json!({"version": "0.2.0"}), "/trial/version");
    host.upload(&plugin("scripted-next")).expect(201);
    refused(json!({"version": "0.2.0", "canary_percent": 0}), "/trial/canary_percent");
    refused(json!({"version": "0.2.0", "settings": []}), "/trial/settings");
    host.enable("scripted", &json!({"version": "0.1.0", "trial": {"version": "0.2.0"}})).expect(200);
    host.delete("/v1/plugins/scripted/versions/0.2.0").expect(409);
    host.upload(&plugin("ad-guard")).expect(201);
    let wrong = json!({"version": "0.1.0", "trial": {"version": "0.1.0", "settings": {"colour": 1}}});
    let answer = host.put("/v1/brands/tea/groups/g1/plugins/ad-guard", &wrong).expect(422);
    assert_eq!(answer.pointers(), ["/trial/settings"], "{}", answer.text);
}

#[test]
fn a_backtest_knows_nothing_of_a_trial() {
    let host = host(&json!({"version": "0.2.0"}));
    for _ in 0..5 {
        host.post_message("u1", "add c 1; sum c 60000; start t 2000 sum c 60000");
    }
    let asked = json!({"plugin": "scripted", "version": "0.1.0"});
    let begun = host.post("/v1/brands/tea/backtests", &asked).expect(202);
    let stream = host.get(&format!("{}/stream", begun.header("location"))).expect(200).text;
    assert!(stream.contains("\"state\":\"done\"") && !stream.contains("event: difference"), "{stream}");
}
