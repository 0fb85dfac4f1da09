//! A plugin comes into force, changes, and goes.

use serde_json::json;
use usher_guests::{Guest, unsnapshottable};
use usher_tests::TestHost;

/// Version `version` of `judge`, which finds `rule` in every message.
fn judge(version: &str, rule: &str) -> Vec<u8> {
    Guest::finder("judge", version, rule, 2).component()
}

#[test]
fn an_upgrade_takes_effect_at_the_next_event_and_a_rollback_too() {
    let host = TestHost::with_a_group();
    let first = host.enable_guest(&judge("1.0.0", "old"), &json!({})).expect(201);
    assert_eq!((first.json()["revision"].as_u64(), first.header("etag")), (Some(1), "\"1\""));
    assert_eq!(host.post_message("u-1", "hello").rules(), ["old"]);
    host.enable_guest(&judge("2.0.0", "new"), &json!({})).expect(200);
    let decided = host.post_message("u-1", "hello");
    assert_eq!(decided.rules(), ["new"]);
    assert_eq!(decided.0["plugins"][0]["revision"], 2);
    let path = "/v1/brands/tea/groups/g1/plugins/judge";
    let back = host.post(&format!("{path}/rollback"), &json!({})).expect(200).json();
    assert_eq!((back["revision"].as_u64(), back["version"].as_str()), (Some(3), Some("1.0.0")));
    assert_eq!(host.post_message("u-1", "hello").rules(), ["old"]);
    let revisions = host.get(&format!("{path}/revisions")).expect(200).json();
    let versions: Vec<_> = revisions["items"].as_array().unwrap().iter().map(|r| r["version"].clone()).collect();
    assert_eq!(versions, ["1.0.0", "2.0.0", "1.0.0"]);
    host.post(&format!("{path}/rollback"), &json!({"revision": 99})).expect(404);
}

#[test]
fn bad_settings_are_pointed_at_and_the_old_ones_stay_in_force() {
    let host = TestHost::with_ad_guard();
    let settings = json!({"allowed_domains": "example.com", "colour": "red"});
    let answer = host.enable("ad-guard", &json!({"version": "0.1.0", "settings": settings})).expect(422);
    assert_eq!(answer.problem(), "settings-invalid");
    assert!(answer.pointers().contains(&"/settings/allowed_domains".into()), "{:?}", answer.pointers());
    assert!(answer.text.contains("colour"), "{}", answer.text);
    assert_eq!(host.post_message("u-1", "加微信 abc123").verdict(), "flag");
    assert_eq!(host.get("/v1/brands/tea/groups/g1/plugins/ad-guard").expect(200).json()["revision"], 1);
}

#[test]
fn a_plugin_that_refuses_or_fails_to_configure_leaves_the_old_one_in_force() {
    let host = TestHost::with_a_group();
    host.enable_guest(&judge("1.0.0", "old"), &json!({})).expect(201);
    let refuses = Guest::finder("judge", "2.0.0", "new", 2)
        .items("(data (i32.const 512) \"the moon is full\")")
        .configure("(return (call $return_error (i32.const 512) (i32.const 16)))");
    let answer = host.enable_guest(&refuses.component(), &json!({})).expect(422);
    assert_eq!(answer.problem(), "configure-failed");
    assert!(answer.text.contains("the moon is full"), "{}", answer.text);
    let loops = Guest::finder("judge", "3.0.0", "new", 2).configure("(loop $forever (br $forever))");
    let answer = host.enable_guest(&loops.component(), &json!({})).expect(422);
    assert!(answer.text.contains("deadline"), "{}", answer.text);
    let reads = Guest::finder("judge", "4.0.0", "new", 2)
        .configure("(drop (call $finding (i32.const 256) (i32.const 3) (i32.const 1)))");
    let answer = host.enable_guest(&reads.component(), &json!({})).expect(422);
    assert!(answer.text.contains("only `check` sees an event"), "{}", answer.text);
    assert_eq!(host.post_message("u-1", "hello").rules(), ["old"]);
}

#[test]
fn a_version_that_is_not_there_or_not_servable_is_refused() {
    let host = TestHost::with_a_group();
    let answer = host.enable("ad-guard", &json!({"version": "9.9.9"})).expect(422);
    assert_eq!((answer.problem().as_str(), answer.pointers()), ("invalid", vec!["/version".to_owned()]));
    let answer = host.enable("ad-guard", &json!({"version": "0.1.0", "mode": "loud"})).expect(422);
    assert_eq!(answer.pointers(), ["/mode"]);
    let answer = host.enable("ad-guard", &json!({"version": "0.1.0", "canary_percent": 101})).expect(422);
    assert_eq!(answer.pointers(), ["/canary_percent"]);
    let settings = json!({"warning": "长".repeat(30_000)});
    let answer = host.enable("ad-guard", &json!({"version": "0.1.0", "settings": settings})).expect(422);
    assert_eq!(answer.pointers(), ["/settings"]);
    let answer = host.enable("ad-guard", &json!({"version": "0.1.0", "colour": "red"})).expect(422);
    assert_eq!(answer.pointers(), ["/colour"]);
}

#[test]
fn the_most_specific_scope_wins_and_settings_merge() {
    let host = TestHost::with_a_group();
    host.put("/v1/brands/tea/groups/g2", &json!({"kind": "product"})).expect(201);
    let domains = |domains: &[&str]| json!({"version": "0.1.0", "settings": {"allowed_domains": domains}});
    host.put("/v1/brands/tea/plugins/ad-guard", &domains(&["a.example"])).expect(201);
    host.put("/v1/brands/tea/kinds/product/plugins/ad-guard", &domains(&["b.example"])).expect(201);
    let in_force = |group: &str| {
        let listed = host.get(&format!("/v1/brands/tea/groups/{group}/plugins")).expect(200).json();
        (listed["items"][0]["from"].clone(), listed["items"][0]["settings"].clone())
    };
    assert_eq!(in_force("g1"), (json!("brand"), json!({"allowed_domains": ["a.example"]})));
    assert_eq!(in_force("g2"), (json!("kind:product"), json!({"allowed_domains": ["b.example"]})));
    let warning = json!({"version": "0.1.0", "settings": {"warning": "请勿发广告"}});
    host.enable("ad-guard", &warning).expect(201);
    let merged = json!({"allowed_domains": ["a.example"], "warning": "请勿发广告"});
    assert_eq!(in_force("g1"), (json!("group:g1"), merged));
    let decided = host.post_message("u-1", "加微信 abc123");
    assert_eq!(decided.0["actions"][0]["text"], "请勿发广告");
    host.enable("ad-guard", &json!({"version": "0.1.0", "mode": "off"})).expect(200);
    assert_eq!(host.post_message("u-1", "加微信 abc123").0["plugins"], json!([]));
    host.delete("/v1/brands/tea/groups/g1/plugins/ad-guard").expect(204);
    assert_eq!(in_force("g1").0, json!("brand"));
    assert_eq!(host.post_message("u-1", "加微信 abc123").verdict(), "flag");
}

#[test]
fn a_narrower_scope_never_widens_by_silence() {
    let host = TestHost::with_a_group();
    let wide = json!({"version": "0.1.0", "mode": "shadow", "grants": [], "failure_policy": "closed"});
    host.put("/v1/brands/tea/plugins/ad-guard", &wide).expect(201);
    host.enable("ad-guard", &json!({"version": "0.1.0", "settings": {"warning": "请勿发广告"}})).expect(201);
    let decided = host.post_message("u-1", "加微信 abc123");
    assert_eq!((decided.verdict(), decided.outcome("ad-guard").as_str()), ("allow", "failed(capability)"));
    assert_eq!(decided.0["plugins"][0]["mode"], "shadow");
    let in_force = host.get("/v1/brands/tea/groups/g1/plugins").expect(200).json();
    assert_eq!((&in_force["items"][0]["mode"], &in_force["items"][0]["grants"]), (&json!("shadow"), &json!([])));
}

#[test]
fn what_was_taken_away_comes_back_as_it_was() {
    let host = TestHost::with_ad_guard();
    host.enable("ad-guard", &json!({"version": "0.1.0", "settings": {"warning": "请勿发广告"}})).expect(200);
    let path = "/v1/brands/tea/groups/g1/plugins/ad-guard";
    host.delete(path).expect(204);
    let back = host.post(&format!("{path}/rollback"), &json!({})).expect(201).json();
    assert_eq!(back["settings"]["warning"], "请勿发广告");
}

#[test]
fn settings_that_fill_the_memory_are_baked_or_configured_all_the_same() {
    let host = TestHost::start_with(&["--clock", "events"]);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    // Takes all the memory there is, so that the snapshot's reader has no page left in the guest's own budget.
    let greedy = Guest::finder("greedy", "1.0.0", "found", 2)
        .configure("(loop $more (br_if $more (i32.ne (i32.const -1) (memory.grow (i32.const 1)))))");
    host.enable_guest(&greedy.component(), &json!({})).expect(201);
    assert_eq!(host.post_message("u-1", "hello").rules(), ["found"]);
}

#[test]
fn shadow_is_recorded_without_effect_and_a_canary_counts_for_its_share() {
    let host = TestHost::with_a_group();
    host.enable("ad-guard", &json!({"version": "0.1.0", "mode": "shadow"})).expect(201);
    let decided = host.post_message("u-1", "加微信 abc123");
    assert_eq!((decided.verdict(), decided.rules()), ("allow", vec![]));
    assert_eq!(decided.0["actions"], json!([]));
    assert_eq!(decided.shadow_rules(), ["contact-solicitation"]);
    assert_eq!(decided.0["shadow"]["verdict"], "flag");
    host.enable("ad-guard", &json!({"version": "0.1.0", "canary_percent": 50})).expect(200);
    let flagged = |member: usize| host.post_message(&format!("u-{member}"), "加微信 abc123").verdict() == "flag";
    let first: Vec<bool> = (0..40).map(flagged).collect();
    let second: Vec<bool> = (0..40).map(flagged).collect();
    assert_eq!(first, second, "a member stays in the share");
    let share = first.iter().filter(|flagged| **flagged).count();
    assert!((8..=32).contains(&share), "{share} of 40");
}

#[test]
fn a_write_on_an_old_revision_is_refused() {
    let host = TestHost::with_ad_guard();
    let path = "/v1/brands/tea/groups/g1/plugins/ad-guard";
    let body = json!({"version": "0.1.0", "mode": "shadow"}).to_string();
    let json_type = ("content-type", "application/json");
    let put = |tag: (&str, &str)| host.send("PUT", path, &[json_type, tag], body.clone());
    assert_eq!(put(("if-match", "\"7\"")).expect(412).problem(), "precondition-failed");
    assert_eq!(put(("if-none-match", "*")).expect(412).problem(), "precondition-failed");
    assert_eq!(put(("if-match", "seven")).expect(400).problem(), "malformed");
    assert_eq!(put(("if-match", "\"1\"")).expect(200).header("etag"), "\"2\"");
    host.send("DELETE", path, &[("if-match", "\"1\"")], "").expect(412);
    host.send("DELETE", path, &[("if-match", "\"2\"")], "").expect(204);
    host.get(path).expect(404);
}

#[test]
fn what_can_not_be_snapshotted_decides_the_same() {
    let host = TestHost::with_a_group();
    let bytes = judge("1.0.0", "found");
    host.enable_guest(&unsnapshottable(&bytes), &json!({})).expect(201);
    assert_eq!(host.post_message("u-1", "hello").rules(), ["found"]);
}

#[test]
fn what_is_in_force_survives_a_restart() {
    let mut host = TestHost::with_a_group();
    let list = json!({"entries": ["刷单"]});
    host.put("/v1/brands/tea/word-lists/ads", &list).expect(201);
    let settings = json!({"word_lists": [{"name": "ads", "severity": "severe"}]});
    host.enable("ad-guard", &json!({"version": "0.1.0", "settings": settings})).expect(201);
    host.restart();
    assert_eq!(host.post_message("u-1", "刷单").verdict(), "block");
}

#[test]
fn a_failure_policy_speaks_for_a_plugin_that_fails() {
    let host = TestHost::with_a_group();
    let traps = Guest::named("traps").check("(unreachable)").component();
    host.upload(&traps).expect(201);
    for (policy, verdict) in [("open", "allow"), ("hold", "hold"), ("closed", "block")] {
        host.enable("traps", &json!({"version": "0.1.0", "failure_policy": policy}));
        let decided = host.post_message("u-1", "hello");
        assert_eq!((decided.verdict(), decided.outcome("traps").as_str()), (verdict, "failed(trap)"));
    }
}

#[test]
fn a_group_maps_severities_as_it_likes() {
    let host = TestHost::with_ad_guard();
    let combining = json!({"verdicts": {"medium": "block"}});
    host.put("/v1/brands/tea/groups/g1", &json!({"kind": "interest", "combining": combining})).expect(200);
    assert_eq!(host.post_message("u-1", "加微信 abc123").verdict(), "block");
}

/// A guest whose settings have one thing, and one only.
fn with_one_setting() -> Vec<u8> {
    let schema = json!({"type": "object", "minProperties": 1, "maxProperties": 1});
    let manifest = json!({"name": "one", "version": "1.0.0", "summary": "One.", "events": ["message.created"],
        "capabilities": [], "settings_schema": schema});
    Guest::with_manifest(&manifest.to_string()).component()
}

#[test]
fn what_stands_on_a_wider_scope_is_not_left_alone_with_settings_that_do_not_fit() {
    let host = TestHost::with_a_group();
    host.upload(&with_one_setting()).expect(201);
    let (brand, group) = ("/v1/brands/tea/plugins/one", "/v1/brands/tea/groups/g1/plugins/one");
    host.put(brand, &json!({"version": "1.0.0", "settings": {"a": 1}})).expect(201);
    host.put(group, &json!({"version": "1.0.0"})).expect(201);
    let refused = host.delete(brand).expect(422);
    assert_eq!(refused.problem(), "settings-invalid");
    assert!(refused.text.contains("group `g1`"), "{}", refused.text);
    assert_eq!(host.post_message("u-1", "hello").outcome("one"), "abstain");
    host.delete(group).expect(204);
    host.delete(brand).expect(204);
}

#[test]
fn a_group_does_not_become_of_a_kind_whose_settings_do_not_fit() {
    let host = TestHost::with_a_group();
    host.upload(&with_one_setting()).expect(201);
    host.enable("one", &json!({"version": "1.0.0", "settings": {"a": 1}})).expect(201);
    host.put("/v1/brands/tea/kinds/product/plugins/one", &json!({"version": "1.0.0", "settings": {"b": 1}}))
        .expect(201);
    let refused = host.put("/v1/brands/tea/groups/g1", &json!({"name": "茶友一群", "kind": "product"})).expect(422);
    assert_eq!(refused.problem(), "settings-invalid");
    assert!(refused.text.contains("group `g1`"), "{}", refused.text);
    assert_eq!(host.get("/v1/brands/tea/groups/g1").expect(200).json()["kind"], "interest");
    host.put("/v1/brands/tea/groups/g1", &json!({"name": "另一个名字", "kind": "interest"})).expect(200);
    host.put("/v1/brands/tea/groups/g2", &json!({"kind": "product"})).expect(201);
}
