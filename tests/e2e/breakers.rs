//! A plugin that keeps failing or burns too much is taken out of the way, is tried again, and every decision says so.

use serde_json::{Value, json};
use usher_guests::Guest;
use usher_tests::{Decided, TestHost};

const FEW: [(&str, &str); 4] = [
    ("USHER_BREAKER__CALLS", "6"),
    ("USHER_BREAKER__FAILURES", "3"),
    ("USHER_BREAKER__COOL_DOWN_MS", "10000"),
    ("USHER_BREAKER__PROBES", "2"),
];

/// Traps on messages from `bad`, and says nothing of others.
fn fails_on_bad() -> Guest {
    Guest::named("moody").import("events", "[method]event.text", "$text (param i32 i32)").check(
        "(call $text (local.get $event) (i32.const 64))
             (if (i32.eq (i32.load8_u (i32.load (i32.const 64))) (i32.const 98)) (then (unreachable)))",
    )
}

fn host_with(env: &[(&str, &str)], guest: &Guest, enablement: &Value) -> TestHost {
    let host = TestHost::start_with_env(&["--clock", "events"], env);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    let name = host.upload(&guest.component()).expect(201).json()["name"].as_str().unwrap().to_owned();
    host.enable(&name, enablement).expect(201);
    host
}

fn breaker(host: &TestHost) -> Value {
    host.get("/v1/brands/tea/breakers").expect(200).json()["items"][0].clone()
}

/// How many breakers of the plugin are in which state, as the metrics say.
fn breakers_by_state(host: &TestHost) -> Vec<String> {
    let metrics = host.anonymous().get("/metrics").expect(200).text;
    let of = |line: &str| Some(line.strip_prefix("usher_breakers{plugin=\"moody\",state=\"")?.replace("\"}", ""));
    let mut states: Vec<String> = metrics.lines().filter_map(of).collect();
    states.sort();
    states
}

fn replays_identically(host: &TestHost, decided: &Decided) {
    let id = decided.0["id"].as_str().unwrap();
    let replayed = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
    assert_eq!(replayed["identical"], true, "{replayed}");
}

#[test]
fn a_plugin_that_keeps_failing_is_not_called_until_it_has_cooled_down() {
    let enablement = json!({"version": "0.1.0", "failure_policy": "hold"});
    let host = host_with(&FEW, &fails_on_bad(), &enablement);
    for _ in 0..3 {
        assert_eq!(host.post_message("u-1", "bad").outcome("moody"), "failed(trap)");
    }
    // Open: it is not called, the failure policy speaks, and the decision says why.
    let refused = host.post_message("u-1", "fine");
    assert_eq!((refused.outcome("moody").as_str(), refused.verdict()), ("failed(breaker)", "hold"));
    let failure = &refused.0["plugins"][0]["failure"];
    assert_eq!(
        failure["message"],
        "the breaker is open since 2026-11-22T12:00:03Z, as 3 of the last 3 calls failed (`breaker.failures`); it tries \
         again at 2026-11-22T12:00:13Z"
    );
    assert_eq!((&refused.0["plugins"][0]["fuel"], &breaker(&host)["state"]), (&json!(0), &json!("open")));
    assert_eq!(breaker(&host)["reason"], "3 of the last 3 calls failed (`breaker.failures`)");
    assert!(host.anonymous().get("/metrics").text.contains("usher_breakers{plugin=\"moody\",state=\"open\"} 1"));
    // It tries again by itself, and closes when that ends well.
    host.pass_ms(10_000);
    assert_eq!(host.post_message("u-1", "fine").outcome("moody"), "abstain");
    assert_eq!(breaker(&host)["state"], "half-open");
    assert_eq!(breakers_by_state(&host), ["closed 0", "half-open 1", "open 0"]);
    assert_eq!(host.post_message("u-1", "fine").outcome("moody"), "abstain");
    assert_eq!(breaker(&host)["state"], "closed");
    assert_eq!(breakers_by_state(&host), ["closed 1", "half-open 0", "open 0"]);
    // What the breaker did is on record: long after, the decision is made again to the byte.
    replays_identically(&host, &refused);
}

#[test]
fn a_breaker_is_of_one_brand_and_a_person_can_close_it() {
    let host = host_with(&FEW, &fails_on_bad(), &json!({"version": "0.1.0"}));
    host.put("/v1/brands/other", &json!({})).expect(201);
    host.put("/v1/brands/other/groups/g1", &json!({})).expect(201);
    host.put("/v1/brands/other/plugins/moody", &json!({"version": "0.1.0"})).expect(201);
    for _ in 0..3 {
        host.post_message("u-1", "bad");
    }
    assert_eq!(host.post_message("u-1", "fine").outcome("moody"), "failed(breaker)");
    let other =
        Decided(host.post("/v1/brands/other/groups/g1/events", &host.message("u-1", "fine")).expect(200).json());
    assert_eq!(other.outcome("moody"), "abstain");
    let reset = "/v1/brands/tea/breakers/moody/reset";
    assert_eq!(host.key("moderator", None).post(reset, &json!({})).problem(), "forbidden");
    assert_eq!(host.post(reset, &json!({})).expect(200).json()["state"], "closed");
    assert_eq!(host.post_message("u-1", "fine").outcome("moody"), "abstain");
    assert_eq!(host.post("/v1/brands/tea/breakers/nobody/reset", &json!({})).problem(), "not-found");
}

#[test]
fn a_plugin_that_burns_more_than_its_minute_is_taken_out_too() {
    let spins = Guest::named("spins").check(
        "(local $n i32) (loop $spin (local.set $n (i32.add (local.get $n) (i32.const 1)))
           (br_if $spin (i32.lt_u (local.get $n) (i32.const 100000))))",
    );
    let host = host_with(&[("USHER_BREAKER__FUEL_PER_MINUTE", "2000000")], &spins, &json!({"version": "0.1.0"}));
    let outcomes: Vec<String> = (0..6).map(|_| host.post_message("u-1", "hello").outcome("spins")).collect();
    assert_eq!(outcomes[0], "abstain");
    assert_eq!(outcomes[5], "failed(breaker)", "{outcomes:?}");
    assert!(breaker(&host)["reason"].as_str().unwrap().contains("(`breaker.fuel_per_minute`)"));
}
