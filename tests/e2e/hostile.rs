//! A plugin is an adversary: whatever it does ends as its own failure, and its neighbour's answer is right.

use serde_json::json;
use usher_guests::Guest;
use usher_guests::hostile::{Hostile, guests, uploads};
use usher_tests::{TestHost, plugin};

/// The list that one of the hostile guests looks into.
fn with_a_list(host: &TestHost) {
    host.put("/v1/brands/tea/word-lists/rule", &json!({"entries": ["1"]})).expect(201);
}

#[test]
fn whatever_a_plugin_does_is_its_own_failure_and_its_neighbour_is_right() {
    let host = TestHost::with_ad_guard();
    with_a_list(&host);
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
    with_a_list(&host);
    for Hostile { guest, .. } in guests() {
        let name = host.upload(&guest.component()).expect(201).json()["name"].as_str().unwrap().to_owned();
        host.enable(&name, &json!({"version": "0.1.0"})).expect(201);
    }
    let send = || host.post_message("u-1", "加微信 abc123");
    // Threads, slots and caches fill with the first few, and differently when the machine is busy.
    let first = send();
    for _ in 0..4 {
        send();
    }
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

/// Settings under which what is hostile shows itself soon.
const SMALL: [(&str, &str); 5] = [
    ("USHER_PLUGINS__FUNCTIONS", "200"),
    ("USHER_PLUGINS__MODULES", "8"),
    ("USHER_PLUGINS__SETUP_FUEL", "20000000"),
    ("USHER_CALLS__MEMORY_BYTES", "1048576"),
    ("USHER_CALLS_MAX__MEMORY_BYTES", "1048576"),
];

/// A host with a good plugin in force, and the memory that it has then.
fn host_with_a_judge(env: &[(&str, &str)]) -> (TestHost, u64) {
    let judge = Guest::finder("judge", "0.1.0", "found", 1).component();
    let host = TestHost::with_guest_and_env(&judge, &["--clock", "events"], env);
    judges(&host, "nothing yet");
    let resident = host.resident_bytes();
    (host, resident)
}

#[track_caller]
fn judges(host: &TestHost, after: &str) {
    assert_eq!(host.post_message("u-1", "hello").rules(), ["found"], "{after}");
}

#[track_caller]
fn gave_its_memory_back(host: &TestHost, before: u64) {
    let grown = host.resident_bytes().saturating_sub(before);
    assert!(grown < 48 << 20, "memory grew by {grown} bytes");
}

#[test]
fn what_is_hostile_as_an_upload_is_refused_and_the_host_and_its_neighbours_live() {
    let (host, before) = host_with_a_judge(&SMALL);
    for usher_guests::hostile::Upload { what, bytes, says } in uploads() {
        let refused = host.upload(&bytes);
        assert_eq!((refused.status, refused.problem().as_str()), (422, "not-a-plugin"), "{what}: {}", refused.text);
        assert!(refused.text.contains(says), "{what}: {}", refused.text);
        judges(&host, what);
    }
    assert_eq!(host.get("/v1/plugins").expect(200).json()["items"].as_array().map(Vec::len), Some(1));
    gave_its_memory_back(&host, before);
}

#[test]
fn a_real_plugin_with_a_flipped_bit_is_refused_or_another_plugin_and_the_host_lives() {
    let host = TestHost::with_ad_guard();
    let good = plugin("ad-guard");
    host.post_message("u-1", "加微信 abc123");
    let before = host.resident_bytes();
    for number in 0..48 {
        let mut bytes = good.clone();
        let at = number * (good.len() - 1) / 47;
        bytes[at] ^= 1 << (number % 8);
        // Bits of code and data that still say something are another plugin of the same name and version.
        let answer = host.upload(&bytes);
        assert!(matches!(answer.status, 201 | 409 | 422), "byte {at}: {}", answer.text);
        if answer.status != 201 {
            answer.problem();
        }
        let decided = host.post_message("u-1", "加微信 abc123");
        assert_eq!((decided.verdict(), decided.rules()), ("flag", vec!["contact-solicitation"]), "byte {at}");
    }
    gave_its_memory_back(&host, before);
}

#[test]
fn what_is_hostile_in_configure_is_not_enabled_and_what_was_in_force_stays() {
    let (host, before) = host_with_a_judge(&SMALL);
    let cases = [
        ("loop", "(loop $forever (br $forever))", "(deadline)", "(`plugins.setup_fuel`)"),
        ("grow", GROWS, "(memory)", "(`calls_max.memory_bytes`)"),
        ("deep", "(drop (call $deeper (i32.const 0)))", "(stack)", "(`stack_bytes`)"),
        ("trap", "(unreachable)", "(trap)", ""),
        ("lost", "(return (i32.const -4))", "(trap)", ""),
        ("fill", "(loop $m (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br $m))", "(deadline)", ""),
    ];
    for nests in [false, true] {
        for (name, configure, kind, setting) in cases {
            let name = if nests { format!("nested-{name}") } else { name.to_owned() };
            let mut guest = Guest::finder(&name, "0.1.0", "found", 1).items(DEEPER).configure(configure);
            guest.nests = nests;
            host.upload(&guest.component()).expect(201);
            let refused = host.enable(&name, &json!({"version": "0.1.0"}));
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (422, "configure-failed"),
                "{name}: {}",
                refused.text
            );
            assert!(refused.text.contains(kind) && refused.text.contains(setting), "{}", refused.text);
            judges(&host, &name);
        }
    }
    gave_its_memory_back(&host, before);
}

const DEEPER: &str = "(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))";

const GROWS: &str = "(loop $m (br_if $m (i32.ne (i32.const -1) (memory.grow (i32.const 16))))) (unreachable)";
