//! One plugin, written in each language: it asks everything that the contract offers, and has to be told the same, byte for
//! byte. `tests/conformance/README.md` says what it does.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use usher_tests::{Decided, TestHost, conformance};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

/// A brand, a group, members and word lists with something in every place that a plugin may look at.
fn place() -> TestHost {
    let host = TestHost::start_with_shared_cache();
    host.put("/v1/brands/tea", &json!({"name": "茶语"})).expect(201);
    let group = json!({"name": "茶友一群", "kind": "interest", "size": 120, "labels": ["new", "郑州"],
                       "attributes": {"city": "郑州"}});
    host.put("/v1/brands/tea/groups/g1", &group).expect(201);
    let member = json!({"joined_at": "2026-10-01T00:00:00Z", "labels": ["vip", "kol"], "attributes": {"city": "洛阳"}});
    host.put("/v1/brands/tea/groups/g1/members/u1", &member).expect(201);
    let words = json!({"entries": ["加v信", "兼职"], "allow": ["不兼职"]});
    host.put("/v1/brands/tea/word-lists/words", &words).expect(201);
    host
}

/// What happens, in seconds after the beginning.
fn story() -> Vec<Value> {
    let actor = json!({"id": "u1", "name": "小王", "roles": ["admin", "member"]});
    let stranger = json!({"id": "u2", "name": "李\"四\\😀", "roles": []});
    let message = |second: u32, actor: &Value, text: &str| (second, json!({"actor": actor, "text": text}));
    let everything = json!({"actor": actor, "text": "想做兼职的 ＡＢＣ 加 V❤信 abc123，臺灣不兼职😀", "media": ["image", "voice"],
        "links": ["https://example.com/a?b=c"], "payload": {"mentions": ["u2", "u3"], "amounts": [7], "nested": {"a": [1]}}});
    let packet = json!({"kind": "redpacket.sent", "actor": stranger, "payload": {"amounts": [12.5], "count": 20}});
    let happened = [
        (0, everything),
        message(1, &stranger, "想做兼职的加 V 信 abc123"),
        message(2, &actor, ""),
        (3, packet),
        message(4, &actor, "approve"),
        message(5, &actor, "fail"),
        // The timer comes back five seconds later, and once more it is stopped before.
        message(6, &actor, "act now"),
        message(12, &stranger, "react"),
        message(13, &stranger, "stop"),
        message(30, &actor, "想做兼职的加V信 abc124"),
        message(90, &actor, "很久以后"),
        (91, json!({"text": "nobody said this"})),
    ];
    let event = |(number, (second, mut event)): (u32, (u32, Value))| {
        event["id"] = json!(format!("e-{number}"));
        event["at"] = json!(format!("2026-11-22T12:{:02}:{:02}Z", second / 60, second % 60));
        if event["kind"].is_null() {
            event["kind"] = json!("message.created");
        }
        event
    };
    (1..).zip(happened).map(event).collect()
}

/// The decisions of a component, the timers' among them, a line each; what names the component or measures it is taken out.
fn decisions(component: &[u8]) -> String {
    let host = place();
    host.enable_guest(component, &json!({"greeting": "您好，“世界”"})).expect(201);
    for event in story() {
        host.post_event(&event).expect(200);
    }
    let page = host.get("/v1/brands/tea/decisions?group=g1&limit=100").expect(200).json();
    let mut lines = Vec::new();
    for decision in page["items"].as_array().unwrap().iter().rev() {
        let id = decision["id"].as_str().unwrap();
        let replay = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(replay["identical"], true, "{replay}");
        let mut decision = Decided(decision.clone()).unmeasured().0;
        decision["log"] = replay["log"].clone();
        lines.push(format!("{decision}\n"));
    }
    lines.concat()
}

#[track_caller]
fn conforms(language: &str) {
    let component = conformance(language);
    let expected = std::fs::read_to_string(root().join("expected.ndjson")).unwrap_or_default();
    let found = decisions(&component);
    for (number, (expected, found)) in (1..).zip(expected.lines().zip(found.lines())) {
        assert_eq!(expected, found, "decision {number} in {language}");
    }
    assert_eq!(expected, found, "{language}");
    let refused = place().enable_guest(&component, &json!({"greeting": "refuse"})).expect(422);
    assert_eq!(refused.problem(), "configure-failed");
    assert!(refused.text.contains("refused as asked"), "{}", refused.text);
}

#[test]
fn conformance_in_rust() {
    if std::env::var_os("USHER_GENERATE").is_some() {
        std::fs::write(root().join("expected.ndjson"), decisions(&conformance("rust"))).unwrap();
    }
    conforms("rust");
}

#[test]
fn conformance_in_typescript() {
    conforms("typescript");
}

#[test]
fn conformance_in_python() {
    conforms("python");
}

#[test]
fn conformance_in_c() {
    conforms("c");
}

#[test]
fn conformance_in_zig() {
    conforms("zig");
}

#[test]
fn conformance_in_go() {
    conforms("go");
}

/// When this fails, `host/cli/src/plugin/build/give_back.rs` is of no use any more.
#[test]
fn quickjs_alone_does_not_give_events_back() {
    let alone = std::fs::read(root().join("typescript/build/quickjs.wasm")).unwrap();
    let host = place();
    host.enable_guest(&alone, &json!({"greeting": "x"})).expect(201);
    let decided = host.post_message("u1", "approve");
    assert!(decided.outcome("conformance").starts_with("failed("), "{}", decided.0);
}
