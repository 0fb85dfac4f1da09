//! What a call may use: asked by enablements, allowed by the host, and named where it ends a call.

use serde_json::json;
use usher_guests::Guest;
use usher_tests::TestHost;

/// Works for a while: some half a million instructions.
fn works(name: &str) -> Vec<u8> {
    let spin = "(local $n i32) (loop $spin (local.set $n (i32.add (local.get $n) (i32.const 1)))
                (br_if $spin (i32.lt_u (local.get $n) (i32.const 100000))))";
    Guest::named(name).check(spin).component()
}

#[test]
fn an_enablement_asks_for_what_a_call_may_use_and_narrower_scopes_inherit_it() {
    let host = TestHost::with_a_group();
    host.upload(&works("works")).expect(201);
    let tight = json!({"version": "0.1.0", "limits": {"fuel": 1000, "log_lines": 3}});
    host.put("/v1/brands/tea/plugins/works", &tight).expect(201);
    let decided = host.post_message("u-1", "hello");
    assert_eq!(decided.outcome("works"), "failed(deadline)");
    let message = decided.0["plugins"][0]["failure"]["message"].as_str().unwrap_or_default();
    assert_eq!(message, "the plugin used up its budget of 1000 instructions (`fuel`)");
    // The group says one thing and inherits the other.
    host.enable("works", &json!({"version": "0.1.0", "limits": {"fuel": 5_000_000}})).expect(201);
    assert_eq!(host.post_message("u-1", "hello").outcome("works"), "abstain");
    let in_force = host.get("/v1/brands/tea/groups/g1/plugins").expect(200).json();
    assert_eq!(in_force["items"][0]["limits"], json!({"fuel": 5_000_000, "log_lines": 3}));
    // What was decided under other limits is made again under those.
    let id = decided.0["id"].as_str().unwrap_or_default();
    let replayed = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
    assert_eq!(replayed["identical"], true, "{replayed}");
}

#[test]
fn more_than_the_host_allows_is_refused_with_the_ceiling_in_words() {
    let env = [("USHER_CALLS__FUEL", "2000"), ("USHER_CALLS_MAX__FUEL", "3000")];
    let host = TestHost::start_with_env(&["--clock", "events"], &env);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    host.upload(&works("works")).expect(201);
    let refused = host.enable("works", &json!({"version": "0.1.0", "limits": {"fuel": 3001}}));
    assert_eq!((refused.status, refused.problem()), (422, "invalid".to_owned()));
    assert_eq!(refused.pointers(), ["/limits/fuel"]);
    assert!(refused.text.contains("at most 3000 on this host"), "{}", refused.text);
    let unknown = host.enable("works", &json!({"version": "0.1.0", "limits": {"fule": 1}}));
    assert_eq!(unknown.status, 422, "{}", unknown.text);
    // Where nothing is asked, the host's default holds.
    host.enable("works", &json!({"version": "0.1.0"})).expect(201);
    assert_eq!(host.post_message("u-1", "hello").outcome("works"), "failed(deadline)");
}

#[test]
fn a_plugin_that_can_not_be_called_under_its_limits_is_not_enabled() {
    let host = TestHost::with_a_group();
    let large = Guest::named("large").configure("(drop (memory.grow (i32.const 320)))");
    host.upload(&large.component()).expect(201);
    let refused = host.enable("large", &json!({"version": "0.1.0", "limits": {"memory_bytes": 16_777_216}}));
    assert_eq!((refused.status, refused.problem()), (422, "configure-failed".to_owned()));
    assert!(refused.text.contains("(`memory_bytes`)"), "{}", refused.text);
    host.enable("large", &json!({"version": "0.1.0"})).expect(201);
    assert_eq!(host.post_message("u-1", "hello").outcome("large"), "abstain");
}
