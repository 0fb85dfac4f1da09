//! What is taken as a plugin, and what is not.

use serde_json::json;
use usher_guests::Guest;
use usher_tests::{TestHost, plugin};

#[test]
fn an_upload_tells_what_the_plugin_is() {
    let host = TestHost::start();
    let answer = host.upload(&plugin("ad-guard")).expect(201);
    let facts = answer.json();
    assert_eq!((facts["name"].as_str(), facts["version"].as_str()), (Some("ad-guard"), Some("0.1.0")));
    assert_eq!(facts["hooks"], json!(["check"]));
    assert!(facts["digest"].as_str().unwrap().starts_with("sha256:"));
    assert!(facts["manifest"]["settings_schema"]["properties"].is_object());
    assert_eq!(answer.header("location"), "/v1/plugins/ad-guard/versions/0.1.0");
    host.upload(&plugin("ad-guard")).expect(200);
    assert_eq!(host.get("/v1/plugins").expect(200).json()["items"][0]["versions"], json!(["0.1.0"]));
    host.get("/v1/plugins/ad-guard").expect(200);
    assert_eq!(host.get("/v1/plugins/ad-guard/versions/0.1.0").expect(200).json()["digest"], facts["digest"]);
    host.get("/v1/plugins/ad-guard/versions/9.9.9").expect(404);
}

#[test]
fn a_version_never_changes() {
    let host = TestHost::start();
    host.upload(&Guest::finder("judge", "1.0.0", "a", 1).component()).expect(201);
    let answer = host.upload(&Guest::finder("judge", "1.0.0", "b", 1).component()).expect(409);
    assert_eq!(answer.problem(), "conflict");
    host.upload(&Guest::finder("judge", "1.0.1", "b", 1).component()).expect(201);
}

#[test]
fn what_is_no_plugin_is_refused_with_the_reason() {
    let host = TestHost::start();
    let good = Guest::named("guest").component();
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    let wasi = wat_component(r#"(component (import "wasi:cli/environment@0.2.0" (instance)))"#);
    let other_contract = wat_component(r#"(component (import "usher:plugin/events@0.2.0" (instance)))"#);
    let misspelt = wat_component(r#"(component (import "usher:plugin/evnets@0.1.0" (instance)))"#);
    let cases: [(&str, Vec<u8>, &str); 12] = [
        ("nothing", Vec::new(), "no WebAssembly: a plugin is a component"),
        ("text", b"hello, this is text".to_vec(), "no WebAssembly: a plugin is a component"),
        ("a core module", b"\0asm\x01\0\0\0".to_vec(), "core wasm module"),
        ("half a component", good[..good.len() / 2].to_vec(), "no valid WebAssembly component"),
        ("a flipped bit", flipped, ""),
        ("an empty component", b"\0asm\x0d\0\x01\0".to_vec(), "does not export `usher:plugin/plugin@0.1.0`"),
        ("wasi", wasi, "wasi:cli/environment@0.2.0"),
        ("another contract", other_contract, "contract 0.2.0"),
        ("a misspelt import", misspelt, "usher:plugin/evnets@0.1.0"),
        ("no manifest", Guest::with_manifest("{").component(), "manifest"),
        ("a bad name", Guest::with_manifest(r#"{"name":"Bad Name","version":"0.1.0"}"#).component(), "`name`"),
        ("describe traps", Guest::named("guest").describe("(unreachable)").component(), "`describe` failed (trap)"),
    ];
    for (what, bytes, expect) in cases {
        let answer = host.upload(&bytes).expect(422);
        assert_eq!(answer.problem(), "not-a-plugin", "{what}");
        assert!(answer.text.contains(expect), "{what}: {}", answer.text);
    }
    assert_eq!(host.get("/v1/plugins").expect(200).json()["items"], json!([]));
    let huge = vec![0_u8; (32 << 20) + 1];
    assert_eq!(host.upload(&huge).expect(413).problem(), "too-large");
    host.send("POST", "/v1/plugins", &[], good).expect(415);
}

#[test]
fn a_version_in_force_can_not_be_deleted() {
    let mut host = TestHost::with_ad_guard();
    let path = "/v1/plugins/ad-guard/versions/0.1.0";
    assert_eq!(host.delete(path).expect(409).problem(), "conflict");
    let decided = host.post_message("u-1", "加微信 abc123");
    host.delete("/v1/brands/tea/groups/g1/plugins/ad-guard").expect(204);
    host.delete(path).expect(204);
    host.get(path).expect(404);
    host.delete(path).expect(404);
    assert_eq!(host.get("/v1/plugins").expect(200).json()["items"], json!([]));
    assert_eq!(host.enable("ad-guard", &json!({"version": "0.1.0"})).expect(422).pointers(), ["/version"]);
    for _ in 0..2 {
        let replay = format!("/v1/brands/tea/decisions/{}/replay", decided.0["id"].as_str().unwrap());
        let replayed = host.post(&replay, &json!({})).expect(200).json();
        assert_eq!(replayed["identical"], true, "it is still there for this: {replayed:#}");
        host.restart();
    }
    let other = Guest::finder("ad-guard", "0.1.0", "other", 1).component();
    assert_eq!(host.upload(&other).expect(409).problem(), "conflict", "a version never changes, deleted or not");
    host.upload(&plugin("ad-guard")).expect(201);
    host.get(path).expect(200);
    host.enable("ad-guard", &json!({"version": "0.1.0"})).expect(201);
}

fn wat_component(wat: &str) -> Vec<u8> {
    usher_guests::parse(wat)
}
