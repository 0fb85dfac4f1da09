//! What a call may use: asked by enablements, allowed by the host, and named where it ends a call.

use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use usher_guests::Guest;
use usher_tests::{TestHost, plugin};

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

#[test]
fn what_a_plugin_may_have_in_a_group_is_named_where_it_is_too_much() {
    let host = TestHost::with_guest(&plugin("scripted"));
    let under = |limits: serde_json::Value, script: &str| {
        host.enable("scripted", &json!({"version": "0.1.0", "limits": limits}));
        let decided = host.post_message("u-1", script);
        assert_eq!(decided.outcome("scripted"), "failed(quota)", "{}", decided.0);
        decided.0["plugins"][0]["failure"]["message"].as_str().unwrap_or_default().to_owned()
    };
    let message = under(json!({"state_entries": 2}), "fill 3 10");
    assert_eq!(message, "the plugin would have more than 2 keys in its memory of the group (`state_entries`)");
    let message = under(json!({"state_bytes": 100}), "fill 1 200");
    assert_eq!(message, "the plugin would have more than 100 bytes in its memory of the group (`state_bytes`)");
    let message = under(json!({"timers_pending": 1}), "start a 500 get k; start b 500 get k");
    assert_eq!(message, "the plugin would have more than 1 timers pending in the group (`timers_pending`)");
}

#[test]
fn the_limits_of_requests_are_named_where_they_end_one() {
    let env = [
        ("USHER_LIMITS__BODY_BYTES", "300"),
        ("USHER_LIMITS__WORD_LIST_BYTES", "400"),
        ("USHER_LIMITS__COMPONENT_BYTES", "500"),
        ("USHER_LIMITS__CHANGES", "0"),
    ];
    let host = TestHost::start_with_env(&["--clock", "events"], &env);
    let refused = host.put("/v1/brands/tea", &json!({})).expect(503);
    assert_eq!((refused.problem().as_str(), refused.text.contains("`limits.changes`")), ("busy", true));
    let host = TestHost::start_with_env(&["--clock", "events"], &env[..3]);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    let long = "x".repeat(600);
    let line = format!("{long}\n");
    let lists = "/v1/brands/tea/word-lists/spam";
    let cases = [
        (host.put("/v1/brands/other", &json!({"name": long})), "`limits.body_bytes`"),
        (host.post_event(&host.message("u-1", &long)), "`limits.body_bytes`"),
        (host.send("PUT", lists, &[("content-type", "text/plain")], long.clone()), "`limits.word_list_bytes`"),
        (host.upload(long.as_bytes()), "`limits.component_bytes`"),
    ];
    for (answer, named) in cases {
        let answer = answer.expect(413);
        assert_eq!(answer.problem(), "too-large");
        assert!(answer.text.contains(named), "{named}: {}", answer.text);
    }
    let batch = [("content-type", "application/x-ndjson")];
    let answer = host.send("POST", "/v1/brands/tea/events/batch", &batch, line).expect(200);
    assert!(answer.text.contains("`limits.body_bytes`"), "{}", answer.text);
    let full = TestHost::start_with_env(&["--clock", "events"], &[("USHER_LIMITS__REQUESTS", "0")]);
    assert!(full.get("/v1/brands").expect(503).text.contains("`limits.requests`"));
}

#[test]
fn a_request_whose_body_does_not_come_is_answered_in_time() {
    let host = TestHost::start_with_env(&["--clock", "events"], &[("USHER_LIMITS__REQUEST_MS", "2000")]);
    let key = host.post("/v1/keys", &json!({"role": "admin"})).expect(201).json();
    let mut slow = TcpStream::connect(host.address()).unwrap();
    write!(
        slow,
        "PUT /v1/brands/tea HTTP/1.1\r\nHost: usher\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: 100\r\nConnection: close\r\n\r\n{{",
        key["secret"].as_str().unwrap()
    )
    .unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("`limits.request_ms`"), "{answer}");
    host.get("/v1/brands/tea").expect(404);
}
