//! Punishments without a person have a daily cap, per plugin, kind and brand; what is beyond it is held.

use serde_json::{Value, json};
use usher_guests::Guest;
use usher_tests::{Decided, TestHost};

/// Kicks whoever writes.
fn kicker() -> Guest {
    Guest::with_manifest(
        r#"{"name":"kicker","version":"0.1.0","events":["message.created"],"capabilities":["action:kick"]}"#,
    )
    .import("effects", "[constructor]action", "$action (param i32 i32) (result i32)")
    .items("(data (i32.const 256) \"kick\")")
    .check("(drop (call $action (i32.const 256) (i32.const 4)))")
}

fn host_with(cap: &Value, groups: &[&str]) -> TestHost {
    let host = TestHost::start();
    host.put("/v1/brands/tea", &json!({"time_zone": "Asia/Shanghai"})).expect(201);
    for group in groups {
        host.put(&format!("/v1/brands/tea/groups/{group}"), &json!({})).expect(201);
    }
    host.upload(&kicker().component()).expect(201);
    host.put("/v1/brands/tea/plugins/kicker", &json!({"version": "0.1.0", "daily_actions": cap})).expect(201);
    host
}

fn post_in(host: &TestHost, group: &str) -> Decided {
    let event = host.message("u-1", "hello");
    Decided(host.post(&format!("/v1/brands/tea/groups/{group}/events"), &event).expect(200).json())
}

/// How many are done, and how many held.
fn kicks(decided: &Decided) -> (usize, usize) {
    let count = |list: &Value| list.as_array().map_or(0, Vec::len);
    (count(&decided.0["actions"]), count(&decided.0["held_actions"]))
}

#[test]
fn what_is_beyond_the_cap_is_held_for_a_person_over_all_groups_and_across_a_crash() {
    let mut host = host_with(&json!({"kick": 3}), &["g1", "g2"]);
    for group in ["g1", "g2", "g1"] {
        assert_eq!(kicks(&post_in(&host, group)), (1, 0));
    }
    host.restart();
    let held = post_in(&host, "g2");
    assert_eq!((kicks(&held), held.verdict()), ((0, 1), "hold"));
    let action = &held.0["held_actions"][0];
    assert_eq!((&action["kind"], &action["why"], &action["cap"]), (&json!("kick"), &json!("daily-cap"), &json!(3)));
    assert_eq!(
        held.0["actions_of_day"][0],
        json!({"plugin": "kicker", "kind": "kick", "day": "2026-11-22", "count": 3})
    );
    // The next day begins at midnight of the group's time zone: 16:00 UTC.
    host.pass_ms(4 * 3_600_000);
    let tomorrow = post_in(&host, "g1");
    assert_eq!((kicks(&tomorrow), &tomorrow.0["actions_of_day"][0]["day"]), ((1, 0), &json!("2026-11-23")));
    // What it saw then is on record.
    let id = held.0["id"].as_str().unwrap();
    let replayed = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
    assert_eq!(replayed["identical"], true, "{replayed}");
}

#[test]
fn groups_that_decide_at_the_same_time_do_not_go_beyond_the_cap_together() {
    let groups: Vec<String> = (0..8).map(|number| format!("g{number}")).collect();
    let names: Vec<&str> = groups.iter().map(String::as_str).collect();
    let host = host_with(&json!({"kick": 20}), &names);
    let decided: Vec<Decided> = std::thread::scope(|scope| {
        let host = &host;
        let posts = |group| scope.spawn(move || (0..8).map(|_| post_in(host, group)).collect::<Vec<_>>());
        let threads: Vec<_> = names.iter().map(|group| posts(group)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let done: usize = decided.iter().map(|decided| kicks(decided).0).sum();
    let held: usize = decided.iter().map(|decided| kicks(decided).1).sum();
    assert_eq!((done, held), (20, 44));
}

#[test]
fn hard_punishments_have_a_cap_where_nobody_says_one() {
    let env = [("USHER_DAILY_ACTIONS__KICK", "1")];
    let host = TestHost::start_with_env(&["--clock", "events"], &env);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    host.upload(&kicker().component()).expect(201);
    host.enable("kicker", &json!({"version": "0.1.0"})).expect(201);
    assert_eq!(kicks(&post_in(&host, "g1")), (1, 0));
    assert_eq!(kicks(&post_in(&host, "g1")), (0, 1));
}
