//! A plugin is an adversary: whatever it does ends as its own failure, and its neighbour's answer is right.

use serde_json::json;
use usher_guests::Guest;
use usher_tests::TestHost;

/// A hostile guest, what it does, and how its part must end.
struct Hostile {
    what: &'static str,
    guest: Guest,
    outcome: &'static str,
}

const FINDING: (&str, &str, &str) = ("effects", "[constructor]finding", "$finding (param i32 i32 i32) (result i32)");
const LOG: (&str, &str, &str) = ("log", "write", "$log (param i32 i32 i32)");

/// A guest that may ask for the action `warn`.
fn named(name: &str) -> Guest {
    let manifest =
        format!(r#"{{"name":"{name}","version":"0.1.0","events":["message.created"],"capabilities":["action:warn"]}}"#);
    Guest::with_manifest(&manifest).items("(data (i32.const 256) \"rule\")")
}

fn with(guest: Guest, (interface, function, signature): (&str, &str, &str)) -> Guest {
    guest.import(interface, function, signature)
}

fn forever(body: &str) -> String {
    format!("(loop $forever {body} (br $forever))")
}

fn guests() -> Vec<Hostile> {
    let hostile = |what, guest, outcome| Hostile { what, guest, outcome };
    let finding = |name| with(named(name), FINDING);
    let find = "(drop (call $finding (i32.const 256) (i32.const 4) (i32.const 1)))";
    vec![
        hostile("loops for ever", named("loops").check(&forever("")), "failed(deadline)"),
        hostile(
            "grows its memory until refused, then traps",
            named("grows").check(
                "(loop $more (br_if $more (i32.ne (i32.const -1) (memory.grow (i32.const 16))))) (unreachable)",
            ),
            "failed(memory)",
        ),
        hostile(
            "recurses for ever",
            named("recurses")
                .items("(func $deeper (param i32) (result i32) (i32.add (i32.const 1) (call $deeper (local.get 0))))")
                .check("(drop (call $deeper (i32.const 0)))"),
            "failed(stack)",
        ),
        hostile("traps", named("traps").check("(unreachable)"), "failed(trap)"),
        hostile("reads outside its memory", named("wild").check("(drop (i32.load (i32.const -8)))"), "failed(trap)"),
        hostile("divides by zero", named("divides").check("(drop (i32.div_u (i32.const 1) (i32.const 0)))"), "failed(trap)"),
        hostile(
            "writes a log without end",
            with(named("chatters"), LOG).check(&forever("(call $log (i32.const 1) (i32.const 256) (i32.const 4))")),
            "failed(output)",
        ),
        hostile(
            "writes one giant line of log",
            with(named("shouts"), LOG)
                .check("(drop (memory.grow (i32.const 64))) (call $log (i32.const 1) (i32.const 0) (i32.const 4000000))"),
            "failed(output)",
        ),
        hostile("makes findings without end", finding("floods").check(&forever(find)), "failed(output)"),
        hostile(
            "names a giant rule",
            finding("rules").check("(drop (call $finding (i32.const 0) (i32.const 60000) (i32.const 1)))"),
            "failed(bad_argument)",
        ),
        hostile(
            "passes a pointer outside its memory",
            finding("points").check("(drop (call $finding (i32.const -16) (i32.const 4) (i32.const 1)))"),
            "failed(trap)",
        ),
        hostile(
            "passes bytes that are no UTF-8",
            finding("mangles")
                .items("(data (i32.const 512) \"\\ff\\fe\\fd\\fc\")")
                .check("(drop (call $finding (i32.const 512) (i32.const 4) (i32.const 1)))"),
            "failed(trap)",
        ),
        hostile(
            "names a severity that does not exist",
            finding("exaggerates").check("(drop (call $finding (i32.const 256) (i32.const 4) (i32.const 77)))"),
            "failed(trap)",
        ),
        hostile(
            "marks a span outside the text",
            finding("strays")
                .import("effects", "[method]finding.span", "$span (param i32 i32 i32)")
                .check("(call $span (call $finding (i32.const 256) (i32.const 4) (i32.const 1)) (i32.const 5) (i32.const 999999))"),
            "failed(bad_argument)",
        ),
        hostile(
            "says a confidence that is no number",
            finding("doubts")
                .import("effects", "[method]finding.confidence", "$confidence (param i32 f32)")
                .check("(call $confidence (call $finding (i32.const 256) (i32.const 4) (i32.const 1)) (f32.const nan))"),
            "failed(bad_argument)",
        ),
        hostile(
            "forges a handle",
            finding("forges")
                .import("effects", "[method]finding.message", "$message (param i32 i32 i32)")
                .check("(call $message (i32.const 41) (i32.const 256) (i32.const 4))"),
            "failed(trap)",
        ),
        hostile(
            "drops a handle twice",
            finding("drops").import("effects", "[resource-drop]finding", "$drop (param i32)").check(
                "(local.set $event (local.get $event))
                 (call $drop (call $finding (i32.const 256) (i32.const 4) (i32.const 1)))
                 (call $drop (i32.const 2))",
            ),
            "failed(trap)",
        ),
        hostile(
            "keeps the event that it only borrowed",
            named("keeps").check("(return (call $return_ok))"),
            "failed(trap)",
        ),
        hostile(
            "asks for an action that it was not granted",
            named("oversteps")
                .import("effects", "[constructor]action", "$action (param i32 i32) (result i32)")
                .items("(data (i32.const 512) \"kick\")")
                .check("(drop (call $action (i32.const 512) (i32.const 4)))"),
            "failed(capability)",
        ),
        hostile(
            "opens word lists that it never asked for",
            named("pries")
                .import("text", "[static]word-list.open", "$open (param i32 i32 i32)")
                .check("(call $open (i32.const 256) (i32.const 4) (i32.const 64))"),
            "failed(capability)",
        ),
        hostile(
            "uses memory of the group that this host does not serve",
            named("remembers")
                .import("state", "add", "$add (param i32 i32 i32)")
                .check("(call $add (i32.const 256) (i32.const 4) (i32.const 1))"),
            "failed(capability)",
        ),
        hostile(
            "calls the host without end",
            named("calls").import("events", "[method]event.at", "$at (param i32) (result i64)").check(&forever(
                "(drop (call $at (local.get $event)))",
            )),
            "failed(host_calls)",
        ),
        hostile(
            "has the host copy the text without end",
            named("copies")
                .import("events", "[method]event.text", "$text (param i32 i32)")
                .check(&forever("(global.set $bump (i32.const 65536)) (call $text (local.get $event) (i32.const 64))")),
            "failed(host_calls)",
        ),
        hostile(
            "makes findings and then fails",
            finding("regrets").items("(data (i32.const 512) \"sorry\")").check(&format!(
                "{find} (call $drop_event (local.get $event)) (return (call $return_error (i32.const 512) (i32.const 5)))"
            )),
            "failed(error)",
        ),
        hostile(
            "returns an error that is nowhere",
            named("lies").check(
                "(call $drop_event (local.get $event)) (return (call $return_error (i32.const -4) (i32.const 1000)))",
            ),
            "failed(trap)",
        ),
        hostile(
            "returns a giant error",
            named("laments").check(
                "(drop (memory.grow (i32.const 64))) (call $drop_event (local.get $event))
                 (return (call $return_error (i32.const 0) (i32.const 4000000)))",
            ),
            "failed(output)",
        ),
    ]
}

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
