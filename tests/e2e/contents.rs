//! Contents: kept with revisions, counted by group and segment, and remembered by who has seen them.

use serde_json::{Value, json};
use usher_tests::TestHost;

const BREW: &str = "/v1/brands/tea/contents/brew-101";

fn brew() -> Value {
    json!({"title": "怎样泡茶", "kind": "knowledge", "topic": "brewing", "format": "article", "author": "mei",
           "audience": {"kinds": ["interest"], "segments": []},
           "valid_from": "2026-11-01T00:00:00Z", "valid_until": "2026-12-01T00:00:00Z",
           "attributes": {"url": "https://example.com/brew"}})
}

/// Something that happens to the content `brew-101`, or to another one.
fn send(host: &TestHost, kind: &str, actor: Option<&str>, payload: &Value) {
    let mut event = host.message("-", "");
    event["kind"] = json!(kind);
    event["payload"] = payload.clone();
    match actor {
        Some(actor) => event["actor"] = json!({"id": actor}),
        None => drop(event.as_object_mut().unwrap().remove("actor")),
    }
    host.post_event(&event).expect(200);
}

/// Measures as `measure sum/members`.
fn measures(answer: &Value) -> Vec<String> {
    let line = |one: &Value| format!("{} {}/{}", one["measure"].as_str().unwrap(), one["sum"], one["members"]);
    answer["measures"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn contents_are_documents_that_integrators_keep() {
    let host = TestHost::with_a_group();
    let made = host.put(BREW, &brew()).expect(201);
    assert_eq!(made.header("etag"), "\"1\"");
    let found = host.get(BREW).expect(200).json();
    assert_eq!(
        (&found["id"], &found["revision"], &found["title"]),
        (&json!("brew-101"), &json!(1), &json!("怎样泡茶"))
    );
    host.put(BREW, &json!({"title": "短"})).expect(200);
    let stale = host.send("PUT", BREW, &[("content-type", "application/json"), ("if-match", "\"1\"")], "{}");
    assert_eq!(stale.expect(412).problem(), "precondition-failed");
    host.key("integrator", Some("tea")).put("/v1/brands/tea/contents/offer", &json!({"kind": "product"})).expect(201);
    let page = host.get("/v1/brands/tea/contents?limit=1").expect(200).json();
    assert_eq!((&page["items"][0]["id"], &page["next"]), (&json!("brew-101"), &json!("brew-101")));
    host.key("viewer", Some("tea")).put(BREW, &brew()).expect(403);
    host.put("/v1/brands/other", &json!({})).expect(201);
    host.key("integrator", Some("other")).get(BREW).expect(404);
    host.delete(BREW).expect(204);
    host.get(BREW).expect(404);
    host.delete(BREW).expect(404);
}

#[test]
fn a_content_that_can_not_be_is_refused_at_its_place() {
    let host = TestHost::with_a_group();
    for (field, value, pointer) in [
        ("valid_until", json!("2026-10-01T00:00:00Z"), "/valid_until"),
        ("title", json!("x".repeat(1025)), "/title"),
        ("topic", json!("x".repeat(129)), "/topic"),
        ("subject", json!("brewing"), "/subject"),
        ("valid_from", json!("soon"), "/valid_from"),
    ] {
        let mut content = brew();
        content[field] = value;
        let refused = host.put(BREW, &content).expect(422);
        assert_eq!((refused.problem().as_str(), refused.pointers()), ("invalid", vec![pointer.to_owned()]));
    }
}

#[test]
fn what_becomes_of_a_content_is_counted_by_group_and_by_segment() {
    let host = TestHost::with_a_group();
    host.put("/v1/brands/tea/groups/g1/members/lan", &json!({"attributes": {"segment": "north"}})).expect(201);
    let of = json!({"content": "brew-101"});
    send(&host, "content.shown", None, &of);
    send(&host, "content.shown", Some("lan"), &of);
    send(&host, "content.read", Some("lan"), &of);
    send(&host, "content.read", Some("bo"), &of);
    send(&host, "content.shared", Some("bo"), &json!({"content": "brew-101", "segment": "south"}));
    send(&host, "content.converted", Some("lan"), &json!({"content": "brew-101", "amount_yuan": "35.50"}));
    send(&host, "content.read", Some("bo"), &json!({"content": "another"}));
    send(&host, "content.read", Some("bo"), &json!({}));
    let activity = |query: &str| measures(&host.get(&format!("{BREW}/activity{query}")).expect(200).json());
    let all = ["amount_fen 3550/1", "conversions 1/1", "impressions 2/1", "reads 2/2", "shares 1/1"];
    assert_eq!(activity(""), all);
    assert_eq!(activity("?group=g1"), all);
    assert_eq!(activity("?group=g2"), [""; 0]);
    assert_eq!(activity("?segment=north"), ["amount_fen 3550/1", "conversions 1/1", "impressions 1/1", "reads 1/1"]);
    assert_eq!(activity("?segment=south"), ["shares 1/1"]);
    assert_eq!(activity("?segment=interest"), ["impressions 1/0", "reads 1/1"], "the kind of the group, for all else");
    assert_eq!(activity("?from=2026-10-01&until=2026-11-01"), [""; 0]);
    assert_eq!(host.get(&format!("{BREW}/activity?group=g1&segment=north")).expect(400).problem(), "malformed");
}

#[test]
fn who_has_seen_what_is_remembered() {
    let host = TestHost::with_a_group();
    host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
    send(&host, "content.shown", None, &json!({"content": "posted", "slot": "morning"}));
    send(&host, "content.read", Some("lan"), &json!({"content": "posted"}));
    send(&host, "push.sent", None, &json!({"content": "pushed", "account": "service"}));
    send(&host, "content.shown", Some("lan"), &json!({"content": "own"}));
    let seen = |query: &str| -> Vec<String> {
        let answer = host.get(&format!("/v1/brands/tea/groups/{query}")).expect(200).json();
        let line = |one: &Value| {
            assert_eq!(one["last"], "2026-11-22");
            format!("{} {} {}", one["content"].as_str().unwrap(), one["by_all"], one["members"])
        };
        answer["items"].as_array().unwrap().iter().map(line).collect()
    };
    assert_eq!(seen("g1/seen"), ["own false 1", "posted true 1", "pushed true 0"]);
    assert_eq!(seen("g1/seen?member=lan"), ["own false 1", "posted true 1", "pushed true 0"]);
    assert_eq!(seen("g1/seen?member=bo"), ["posted true 0", "pushed true 0"]);
    assert_eq!(seen("g2/seen?member=lan"), ["own false 1", "posted false 1"], "what they saw themselves, wherever");
    assert_eq!(seen("g2/seen"), [""; 0]);
}
