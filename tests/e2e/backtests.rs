//! What another version or other settings would have decided, before they decide anything.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use usher_tests::{Client, TestHost, plugin, postgres};

/// Starts a backtest: where it can be looked at.
fn begin(host: &Client, asked: &Value) -> String {
    host.post("/v1/brands/tea/backtests", asked).expect(202).header("location").to_owned()
}

/// How a backtest ended, and the first of its differences.
fn when_over(host: &Client, path: &str) -> Value {
    loop {
        let page = host.get(path).expect(200).json();
        if page["state"] != "running" {
            return page;
        }
        std::thread::yield_now();
    }
}

/// The events of a stream to its end: their names, numbers and data.
fn watch(host: &Client, path: &str, after: Option<&str>) -> Vec<(String, Option<u64>, Value)> {
    let headers: Vec<_> = after.map(|number| ("last-event-id", number)).into_iter().collect();
    let text = host.send("GET", &format!("{path}/stream"), &headers, "").expect(200).text;
    let message = |message: &str| {
        let field = |name: &str| message.lines().find_map(|line| line.strip_prefix(name));
        let number = field("id: ").map(|number| number.parse().unwrap());
        Some((field("event: ")?.to_owned(), number, serde_json::from_str(field("data: ")?).unwrap()))
    };
    text.split("\n\n").filter_map(message).collect()
}

/// So many messages, several of them in one request.
fn record(host: &Client, group: &str, events: usize) {
    let lines: Vec<String> = (0..events)
        .map(|number| {
            let at = format!("2026-11-22T{:02}:{:02}:{:02}Z", 10 + number / 3600, number / 60 % 60, number % 60);
            let event = json!({"id": format!("r-{number}"), "kind": "message.created", "at": at,
                "actor": {"id": "u"}, "text": "add c 1; sum c 999999999"});
            json!({"group": group, "event": event}).to_string()
        })
        .collect();
    let headers = [("content-type", "application/x-ndjson")];
    let answers = host.send("POST", "/v1/brands/tea/events/batch", &headers, lines.join("\n")).expect(200).text;
    assert_eq!(answers.matches(r#""decision""#).count(), events);
}

/// Runs a backtest to its end: how it ended, and all differences.
fn backtest(host: &TestHost, asked: &Value) -> (Value, Vec<Value>) {
    let path = begin(host, asked);
    let mut page = when_over(host, &path);
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
        host.pass_ms(9_000);
    }
    let (ended, differences) = backtest(&host, &json!({"plugin": "scripted", "version": "0.1.0", "settings": {}}));
    assert_eq!((&ended["state"], &ended["events"]), (&json!("done"), &json!(7)), "{ended:#}");
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
fn a_timer_that_a_timer_starts_fires_inside_a_backtest_too() {
    let host = TestHost::with_guest(&plugin("scripted"));
    host.post_message("u1", "start t 1500 add c 1 & start again 10000 sum c 99999999");
    host.pass_ms(60_000);
    host.post_message("u1", "sum c 99999999");
    let (ended, differences) = backtest(&host, &json!({"plugin": "scripted", "version": "0.1.0"}));
    assert_eq!((&ended["state"], &ended["events"]), (&json!("done"), &json!(4)), "{ended:#}");
    assert_eq!(differences, Vec::<Value>::new());
    // Of the second version, both wait twice as long, and the first one adds twice as much.
    host.upload(&plugin("scripted-next")).expect(201);
    let (_, differences) = backtest(&host, &json!({"plugin": "scripted", "version": "0.2.0"}));
    let saw = |one: &Value, which: &str| one[which]["findings"][0]["message"].clone();
    let seen: Vec<_> =
        differences.iter().map(|one| (one["at"].clone(), saw(one, "before"), saw(one, "after"))).collect();
    let expected = [
        ("12:00:12.5Z", json!("1"), Value::Null),
        ("12:00:24Z", Value::Null, json!("2")),
        ("12:01:02Z", json!("1"), json!("2")),
    ];
    assert_eq!(seen, expected.map(|(at, before, after)| (json!(format!("2026-11-22T{at}")), before, after)));
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
    assert_eq!((&ended["total"], &ended["warmed_up"]), (&json!(4), &json!(2)));
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
    check(&json!({"plugin": "ad-guard", "version": "0.1.0", "limits": {"fuel": 1_000_000_000}}), "/limits/fuel");
    let (early, late) = ("2026-11-22T12:00:00Z", "2026-11-22T12:00:01Z");
    check(&json!({"plugin": "ad-guard", "version": "0.1.0", "warm_up_from": early}), "/warm_up_from");
    check(&json!({"plugin": "ad-guard", "version": "0.1.0", "from": early, "warm_up_from": late}), "/warm_up_from");
    host.get("/v1/brands/tea/backtests/bt_00000000000000000000000000000000").expect(404);
    let viewer = host.key("viewer", Some("tea"));
    viewer.post("/v1/brands/tea/backtests", &json!({"plugin": "ad-guard", "version": "0.1.0"})).expect(403);
}

#[test]
fn a_backtest_begins_with_what_was_remembered_by_then() {
    let host = TestHost::with_guest(&plugin("scripted"));
    host.post_message("u1", "start t 4500 add c 10 & sum c 99999999");
    for _ in 0..6 {
        host.post_message("u1", "add c 1; sum c 99999999");
    }
    let from = |more: Value| {
        let mut asked = json!({"plugin": "scripted", "version": "0.1.0", "from": "2026-11-22T12:00:05Z"});
        asked.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        asked
    };
    let (ended, differences) = backtest(&host, &from(json!({})));
    assert_eq!((&ended["state"], differences.len()), (&json!("done"), 0), "{differences:#?}");
    assert_eq!((&ended["warmed_up"], &ended["events"], &ended["total"]), (&json!(4), &json!(4), &json!(4)));
    // With less of a past the sums are smaller, and nobody started the timer.
    let (ended, differences) = backtest(&host, &from(json!({"warm_up_from": "2026-11-22T12:00:04Z"})));
    assert_eq!((&ended["warmed_up"], differences.len()), (&json!(1), 4), "{differences:#?}");
    assert_eq!(differences[0]["after"]["findings"][0]["message"], "2");
    assert_eq!((differences[1].get("after"), differences[1].get("before").is_some()), (None, true));
}

#[test]
fn a_backtest_grants_and_limits_what_is_in_force_unless_it_says_otherwise() {
    let host = TestHost::with_a_group();
    host.upload(&plugin("scripted")).expect(201);
    let enablement = json!({"version": "0.1.0", "grants": ["state"], "limits": {"state_changes": 2},
        "failure_policy": "hold"});
    host.enable("scripted", &enablement).expect(201);
    for script in ["put a 1; put b 1", "put a 1; put b 1; put c 1", "label vip"] {
        host.post_message("u1", script);
    }
    let tried = |more: Value| {
        let mut asked = json!({"plugin": "scripted", "version": "0.1.0"});
        asked.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        backtest(&host, &asked).1
    };
    assert_eq!(tried(json!({})), Vec::<Value>::new(), "what failed fails again, and holds");
    let changed = |differences: &[Value]| {
        let event = |one: &Value| (one["event"].clone(), one["after"]["verdict"].clone());
        differences.iter().map(event).collect::<Vec<_>>()
    };
    let both = [(json!("m-2"), json!("allow")), (json!("m-3"), json!("allow"))];
    assert_eq!(changed(&tried(json!({"limits": {"state_changes": 3}}))), both[..1]);
    assert_eq!(changed(&tried(json!({"grants": ["state", "action:label"]}))), both[1..]);
    assert_eq!(changed(&tried(json!({"failure_policy": "open"}))), both);
}

#[test]
fn a_backtest_is_watched_as_it_goes_and_by_who_comes_again() {
    let host = TestHost::with_ad_guard();
    for number in 0..12 {
        host.post_message("u-1", if number % 2 == 0 { "加微信 abc123" } else { "你好" });
    }
    let asked = json!({"plugin": "ad-guard", "version": "0.1.0", "settings": {"contact_severity": "high"}});
    let path = begin(&host, &asked);
    let messages = watch(&host, &path, None);
    let (name, _, ended) = messages.last().unwrap();
    assert_eq!(
        (name.as_str(), &ended["state"], &ended["events"], &ended["total"]),
        ("ended", &json!("done"), &json!(12), &json!(12))
    );
    let found: Vec<_> = messages.iter().filter(|(name, ..)| name == "difference").collect();
    assert_eq!(found.iter().map(|(_, number, _)| *number).collect::<Vec<_>>(), (0..6).map(Some).collect::<Vec<_>>());
    let page = host.get(&path).expect(200).json();
    assert_eq!(
        found.iter().map(|(.., data)| data).collect::<Vec<_>>(),
        page["items"].as_array().unwrap().iter().collect::<Vec<_>>()
    );
    let first = host.get(&format!("{path}?limit=4")).expect(200).json();
    assert_eq!((first["items"].as_array().map(Vec::len), &first["next"]), (Some(4), &json!("4")));
    let again = watch(&host, &path, Some("3"));
    assert_eq!(again.iter().map(|(_, number, _)| *number).collect::<Vec<_>>(), [Some(4), Some(5), None]);
    host.send("GET", &format!("{path}/stream"), &[("last-event-id", "x")], "").expect(400);
}

#[test]
fn a_backtest_that_is_ended_keeps_what_it_found_until_it_is_forgotten() {
    let host = TestHost::with_guest(&plugin("scripted"));
    record(&host, "g1", 3_000);
    host.upload(&plugin("scripted-next")).expect(201);
    let path = begin(&host, &json!({"plugin": "scripted", "version": "0.2.0"}));
    let operator = host.key("operator", Some("tea"));
    operator.delete(&path).expect(403);
    host.delete(&path).expect(202);
    let ended = when_over(&host, &path);
    assert_eq!(ended["state"], "cancelled", "{ended:#}");
    assert!(ended["events"].as_u64() < Some(3_000), "{ended:#}");
    let (name, _, last) = watch(&host, &path, None).pop().unwrap();
    assert_eq!((name.as_str(), &last["state"]), ("ended", &json!("cancelled")));
    host.delete(&path).expect(204);
    host.get(&path).expect(404);
    host.delete(&path).expect(404);
}

#[test]
fn what_a_backtest_found_survives_a_restart_and_one_that_was_under_way_has_failed() {
    let mut host = TestHost::with_guest(&plugin("scripted"));
    record(&host, "g1", 1_500);
    host.upload(&plugin("scripted-next")).expect(201);
    let asked = json!({"plugin": "scripted", "version": "0.2.0", "to": "2026-11-22T10:00:05Z"});
    let done = begin(&host, &asked);
    let before = when_over(&host, &done);
    assert_eq!((&before["state"], &before["differing"]), (&json!("done"), &json!(5)), "{before:#}");
    let under_way = begin(&host, &json!({"plugin": "scripted", "version": "0.2.0"}));
    host.kill();
    host.restart();
    assert_eq!(host.get(&done).expect(200).json(), before);
    let failed = host.get(&under_way).expect(200).json();
    assert_eq!(failed["state"], "failed", "{failed:#}");
    assert!(failed["reason"].as_str().unwrap().contains("start it again"), "{failed:#}");
    let listed = host.get("/v1/brands/tea/backtests").expect(200).json();
    let states: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["failed", "done"], "the newest first");
    host.delete(&under_way).expect(204);
}

#[test]
fn a_backtest_is_read_and_ended_through_any_host() {
    let database = postgres();
    let [a, b] = [TestHost::on(&database), TestHost::on(&database)];
    a.put("/v1/brands/tea", &json!({})).expect(201);
    a.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    a.enable_guest(&plugin("scripted"), &json!({})).expect(201);
    record(&a, "g1", 2_000);
    a.upload(&plugin("scripted-next")).expect(201);
    let short = json!({"plugin": "scripted", "version": "0.2.0", "to": "2026-11-22T10:00:05Z"});
    let path = begin(&a, &short);
    let messages = watch(&b, &path, None);
    assert_eq!(messages.iter().filter(|(name, ..)| name == "difference").count(), 5);
    assert_eq!(when_over(&a, &path), when_over(&b, &path));
    let path = begin(&a, &json!({"plugin": "scripted", "version": "0.2.0"}));
    b.delete(&path).expect(202);
    assert_eq!(when_over(&b, &path)["state"], "cancelled");
    assert_eq!(when_over(&a, &path)["state"], "cancelled");
}

#[test]
fn only_the_last_backtests_are_kept() {
    let host = TestHost::with_ad_guard();
    host.post_message("u-1", "你好");
    let asked = json!({"plugin": "ad-guard", "version": "0.1.0"});
    let paths: Vec<String> =
        (0..17).map(|_| begin(&host, &asked)).inspect(|path| drop(when_over(&host, path))).collect();
    host.get(&paths[0]).expect(404);
    for path in &paths[1..] {
        host.get(path).expect(200);
    }
}
