//! What another version or other settings would have decided, before they decide anything.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use usher_tests::{TestHost, plugin};

/// Runs a backtest to its end: how it ended, and all differences.
fn backtest(host: &TestHost, asked: &Value) -> (Value, Vec<Value>) {
    let begun = host.post("/v1/brands/tea/backtests", asked).expect(202);
    let path = begun.header("location").to_owned();
    let mut page = host.get(&path).expect(200).json();
    while page["state"] == "running" {
        page = host.get(&path).expect(200).json();
    }
    let mut differences = page["items"].as_array().cloned().unwrap_or_default();
    while let Some(next) = page["next"].as_str() {
        page = host.get(&format!("{path}?cursor={next}")).expect(200).json();
        differences.extend(page["items"].as_array().cloned().unwrap_or_default());
    }
    (page, differences)
}

#[test]
fn a_backtest_lists_exactly_what_a_live_run_would_have_changed() {
    let host = TestHost::with_ad_guard();
    let texts = ["加微信 abc123", "你好", "看看 https://example.com/a", "加 V❤信 abc123", "今天开会"];
    let (mut before, mut events) = (Vec::new(), Vec::new());
    for round in 0..30 {
        let event = host.message(&format!("u-{}", round % 7), texts[round % texts.len()]);
        before.push(host.post_event(&event).expect(200).json());
        events.push(event);
    }
    let settings = json!({"allowed_domains": ["example.com"]});
    let (ended, differences) =
        backtest(&host, &json!({"plugin": "ad-guard", "version": "0.1.0", "settings": settings}));
    assert_eq!((&ended["state"], &ended["events"]), (&json!("done"), &json!(30)), "{ended:#}");

    // The same events, live, in another group.
    host.put("/v1/brands/tea/groups/g2", &json!({"kind": "interest"})).expect(201);
    let enablement = json!({"version": "0.1.0", "settings": settings});
    host.put("/v1/brands/tea/groups/g2/plugins/ad-guard", &enablement).expect(201);
    let changed = |(event, before): &(&Value, &Value)| {
        let live = host.post("/v1/brands/tea/groups/g2/events", event).expect(200).json();
        ["verdict", "actions", "findings"].iter().any(|part| live[part] != before[part])
    };
    let expected: Vec<&Value> = events.iter().zip(&before).filter(changed).map(|(event, _)| &event["id"]).collect();
    assert_eq!(differences.iter().map(|one| &one["event"]).collect::<Vec<_>>(), expected);
    assert_eq!(expected.len(), 6, "the links");
    assert_ne!(differences[0]["before"]["findings"], differences[0]["after"]["findings"]);
}

#[test]
fn the_same_version_makes_no_difference_whatever_it_remembers() {
    let host = TestHost::with_guest(&plugin("scripted"));
    for (member, script) in [
        ("u1", "put k v; add c 1; start t 1500 add c 5 & sum c 60000 & start again 10000 get k"),
        ("u2", "sum c 60000; strike 1 60000; strikes; label vip"),
        ("u2", "sum c 60000; strikes; labels; count message. 60000"),
        ("u1", "stop again; get k; latest 3; actors message.; delete k"),
        ("u1", "get k; similar 50; fill 3 10"),
    ] {
        host.post_message(member, script);
    }
    let (ended, differences) = backtest(&host, &json!({"plugin": "scripted", "version": "0.1.0", "settings": {}}));
    assert_eq!((&ended["state"], &ended["events"]), (&json!("done"), &json!(6)), "{ended:#}");
    assert_eq!(differences, Vec::<Value>::new());
    // What the backtest did is nowhere to be seen.
    assert_eq!(host.post_message("u2", "sum c 60000; strikes").0["findings"][0]["message"], "6 1");
}

#[test]
fn timers_due_in_the_same_instant_fire_as_they_did() {
    let host = TestHost::with_guest(&plugin("scripted"));
    // The one that was started first has the later name.
    host.post_message("u1", "start b 2500 put k b");
    host.post_message("u1", "start a 1500 put k a");
    host.post_message("u1", "get k");
    assert_eq!(host.post_message("u1", "get k").0["findings"][0]["message"], "a");
    let (ended, differences) = backtest(&host, &json!({"plugin": "scripted", "version": "0.1.0"}));
    assert_eq!((&ended["state"], &ended["events"]), (&json!("done"), &json!(6)), "{ended:#}");
    assert_eq!(differences, Vec::<Value>::new());
}

#[test]
fn a_backtest_fails_when_another_plugin_of_that_time_can_not_be_made_ready() {
    let mut host = TestHost::with_guest(&plugin("scripted"));
    host.upload(&plugin("ad-guard")).expect(201);
    host.enable("ad-guard", &json!({"version": "0.1.0"})).expect(201);
    let found = host.post_message("u1", "加微信 abc123").0;
    let joined = host.message("u1", "");
    let joined = json!({"id": joined["id"], "kind": "reaction.added", "at": joined["at"], "actor": {"id": "u1"}});
    let unwanted = host.post_event(&joined).expect(200).json();
    assert_eq!((found["plugins"].as_array().map(Vec::len), &unwanted["plugins"]), (Some(2), &json!([])));
    let digest = host.get("/v1/plugins/ad-guard/versions/0.1.0").expect(200).json()["digest"].clone();
    host.kill();
    host.forget_compiled_of(digest.as_str().unwrap());
    host.restart_with_env(&[("USHER_COMPILE__CODE_BYTES", "1000")]);

    let (ended, differences) = backtest(&host, &json!({"plugin": "scripted", "version": "0.1.0"}));
    assert_eq!((&ended["state"], differences.len()), (&json!("failed"), 0), "{ended:#}");
    let reason = ended["reason"].as_str().unwrap();
    assert!(reason.contains("code_bytes") && reason.contains("ad-guard"), "{reason}");
    // Nor can a decision be made again that it had a part in; one that it had none in can.
    let replay = |decision: &Value| {
        host.post(&format!("/v1/brands/tea/decisions/{}/replay", decision["id"].as_str().unwrap()), &json!({}))
    };
    assert_eq!(replay(&found).expect(409).problem(), "conflict");
    assert_eq!(replay(&unwanted).expect(200).json()["identical"], true);
    let without = host.post_message("u1", "加微信 abc123");
    assert_eq!(without.outcome("ad-guard"), "failed(unavailable)");
    assert_eq!(replay(&without.0).expect(200).json()["identical"], true);
}

#[test]
fn a_backtest_keeps_to_its_groups_and_its_time() {
    let host = TestHost::with_ad_guard();
    host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
    for _ in 0..10 {
        host.post_message("u-1", "加微信 abc123");
    }
    let asked = |groups: Value| {
        json!({"plugin": "ad-guard", "version": "0.1.0", "settings": {"contact_severity": "high"}, "groups": groups,
               "from": "2026-11-22T12:00:03Z", "to": "2026-11-22T12:00:07Z"})
    };
    let (ended, differences) = backtest(&host, &asked(json!(["g1"])));
    assert_eq!((&ended["state"], &ended["events"]), (&json!("done"), &json!(4)), "{ended:#}");
    let found: BTreeSet<_> = differences.iter().filter_map(|one| one["event"].as_str()).collect();
    assert_eq!(found, ["m-3", "m-4", "m-5", "m-6"].into());
    assert_eq!(backtest(&host, &asked(json!(["g2"]))).0["events"], 0);
}

#[test]
fn a_backtest_that_can_not_be_is_refused() {
    let host = TestHost::with_ad_guard();
    let check = |asked: &Value, pointer: &str| {
        assert_eq!(host.post("/v1/brands/tea/backtests", asked).expect(422).pointers(), [pointer]);
    };
    check(&json!({"plugin": "ad-guard", "version": "9.9.9"}), "/version");
    check(&json!({"plugin": "ad-guard", "version": "0.1.0", "groups": ["none"]}), "/groups");
    check(&json!({"plugin": "ad-guard", "version": "0.1.0", "settings": {"colour": 1}}), "/settings");
    host.get("/v1/brands/tea/backtests/bt_00000000000000000000000000000000").expect(404);
    let viewer = host.key("viewer", Some("tea"));
    viewer.post("/v1/brands/tea/backtests", &json!({"plugin": "ad-guard", "version": "0.1.0"})).expect(403);
}
