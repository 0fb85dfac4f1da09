//! A plugin is an adversary: whatever it does ends as its own failure, and its neighbour's answer is right.

use serde_json::json;
use usher_guests::Guest;
use usher_guests::hostile::{Hostile, guests, uploads};
use usher_tests::TestHost;

#[test]
fn whatever_a_plugin_does_is_its_own_failure_and_its_neighbour_is_right() {
    let host = TestHost::with_ad_guard();
    // The first calls fill caches; what grows after them would be a leak.
    host.post_message("u-1", "加微信 abc123");
    for Hostile { what, guest, outcome } in guests() {
        let name = host.upload(&guest.component()).expect(201).json()["name"].as_str().unwrap().to_owned();
        host.enable(&name, &json!({"version": "0.1.0"})).expect(201);
        for _ in 0..3 {
            let decided = host.post_message("u-1", "加微信 abc123");
            assert_eq!(decided.outcome(&name), outcome, "{what}: {}", decided.0["plugins"]);
            assert_eq!(decided.outcome("ad-guard"), "findings", "{what}");
            assert_eq!((decided.verdict(), decided.rules()), ("flag", vec!["contact-solicitation"]), "{what}");
        }
        host.delete(&format!("/v1/brands/tea/groups/g1/plugins/{name}")).expect(204);
        assert_eq!(host.post_message("u-1", "hello").verdict(), "allow", "{what}");
    }
}

#[test]
fn many_hostile_plugins_at_once_leave_the_host_alive_and_its_memory_bounded() {
    let host = TestHost::with_ad_guard();
    for Hostile { guest, .. } in guests() {
        let name = host.upload(&guest.component()).expect(201).json()["name"].as_str().unwrap().to_owned();
        host.enable(&name, &json!({"version": "0.1.0"})).expect(201);
    }
    let send = || host.post_message("u-1", "加微信 abc123");
    let first = send();
    let warm = host.resident_bytes();
    for _ in 0..20 {
        let decided = send();
        assert_eq!(decided.rules(), ["contact-solicitation"]);
        assert_eq!(decided.0["plugins"].as_array().unwrap().len(), first.0["plugins"].as_array().unwrap().len());
    }
    let grown = host.resident_bytes().saturating_sub(warm);
    assert!(grown < 64 << 20, "memory grew by {grown} bytes over 20 events");
    assert_eq!(host.anonymous().get("/healthz").expect(200).text, "ok\n");
}

#[test]
fn what_is_hostile_as_an_upload_is_refused_and_the_host_lives() {
    let small = [
        ("USHER_PLUGINS__FUNCTIONS", "200"),
        ("USHER_PLUGINS__MODULES", "8"),
        ("USHER_PLUGINS__SETUP_FUEL", "20000000"),
        ("USHER_CALLS__MEMORY_BYTES", "1048576"),
        ("USHER_CALLS_MAX__MEMORY_BYTES", "1048576"),
    ];
    let host = TestHost::start_with_env(&["--clock", "events"], &small);
    for usher_guests::hostile::Upload { what, bytes, says } in uploads() {
        let refused = host.upload(&bytes);
        assert_eq!((refused.status, refused.problem().as_str()), (422, "not-a-plugin"), "{what}: {}", refused.text);
        assert!(refused.text.contains(says), "{what}: {}", refused.text);
    }
    assert_eq!(host.get("/v1/plugins").expect(200).json()["items"], json!([]));
}

#[test]
fn what_is_hostile_in_configure_is_not_enabled_and_what_was_in_force_stays() {
    let small = [("USHER_PLUGINS__SETUP_FUEL", "20000000")];
    let host = TestHost::start_with_env(&["--clock", "events"], &small);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    host.upload(&Guest::finder("judge", "0.1.0", "found", 1).component()).expect(201);
    host.enable("judge", &json!({"version": "0.1.0"})).expect(201);
    let deeper = "(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))";
    let cases = [
        ("0.1.1", "(loop $forever (br $forever))", "deadline"),
        ("0.1.2", "(loop $m (br_if $m (i32.ne (i32.const -1) (memory.grow (i32.const 16))))) (unreachable)", "memory"),
        ("0.1.3", "(drop (call $deeper (i32.const 0)))", "stack"),
        ("0.1.4", "(unreachable)", "trap"),
        ("0.1.5", "(return (i32.const -4))", "trap"),
    ];
    for (version, configure, kind) in cases {
        let guest = Guest::finder("judge", version, "found", 1).items(deeper).configure(configure);
        host.upload(&guest.component()).expect(201);
        let refused = host.enable("judge", &json!({"version": version}));
        assert_eq!((refused.status, refused.problem().as_str()), (422, "configure-failed"), "{kind}: {}", refused.text);
        assert!(refused.text.contains(&format!("({kind})")), "{}", refused.text);
        assert_eq!(host.post_message("u-1", "hello").rules(), ["found"], "{kind}");
    }
}
