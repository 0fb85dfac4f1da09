//! Events in: identity, time, shape and limits.

use serde_json::{Value, json};
use usher_tests::TestHost;

const EVENTS: &str = "/v1/brands/tea/groups/g1/events";

#[test]
fn the_same_event_gets_the_same_bytes_and_another_content_is_a_conflict() {
    let host = TestHost::with_ad_guard();
    let event = host.message("u-1", "加微信 abc123");
    let first = host.post_event(&event).expect(200);
    host.enable("ad-guard", &json!({"version": "0.1.0", "mode": "off"})).expect(200);
    let again = host.post_event(&event).expect(200);
    assert_eq!(first.text, again.text, "the stored decision, whatever is in force now");
    let mut other = event.clone();
    other["text"] = json!("hello");
    assert_eq!(host.post_event(&other).expect(409).problem(), "event-id-taken");
    let next = host.post_message("u-1", "hello");
    assert_eq!(next.0["sequence"], 2, "neither a resend nor a conflict uses up a number");
}

#[test]
fn time_in_a_group_never_runs_backwards() {
    let host = TestHost::with_ad_guard();
    let (mut early, late) = (host.message("u-1", "first"), host.message("u-1", "second"));
    let decided = host.post_event(&late).expect(200).json();
    assert_eq!((&decided["at"], &decided["reported_at"]), (&late["at"], &Value::Null));
    let decided = host.post_event(&early).expect(200).json();
    assert_eq!((&decided["at"], &decided["reported_at"]), (&late["at"], &early["at"]));
    early["id"] = json!("other-group");
    host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
    let decided = host.post("/v1/brands/tea/groups/g2/events", &early).expect(200).json();
    assert_eq!(decided["at"], early["at"], "each group has its own time");
}

#[test]
fn an_event_from_the_future_is_refused_by_the_wall_clock() {
    let host = TestHost::start_with(&[]);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    let mut event = host.message("u-1", "hello");
    event["at"] = json!("2999-01-01T00:00:00Z");
    let answer = host.post_event(&event).expect(422);
    assert_eq!((answer.problem().as_str(), answer.pointers()), ("invalid", vec!["/at".to_owned()]));
}

#[test]
fn a_broken_body_says_what_is_broken() {
    let host = TestHost::with_ad_guard();
    let json_type = [("content-type", "application/json")];
    let send = |body: &str| host.send("POST", EVENTS, &json_type, body);
    assert_eq!(send("{").expect(400).problem(), "malformed");
    assert_eq!(send("").expect(400).problem(), "malformed");
    assert_eq!(send("{} {}").expect(422).problem(), "invalid");
    let check = |change: fn(&mut Value), pointer: &str| {
        let mut event = host.message("u-1", "hello");
        change(&mut event);
        let answer = host.post_event(&event).expect(422);
        assert_eq!(
            (answer.problem().as_str(), answer.pointers()),
            ("invalid", vec![pointer.to_owned()]),
            "{}",
            answer.text
        );
    };
    check(|event| event["txt"] = json!("a typo"), "/txt");
    check(|event| event["kind"] = json!("Message"), "/kind");
    check(|event| event["at"] = json!("noon"), "/at");
    check(|event| event["id"] = json!("a b"), "/id");
    check(|event| event["actor"]["role"] = json!("owner"), "/actor/role");
    check(|event| event["media"] = json!(["image", 7]), "/media/1");
    check(|event| event["text"] = json!("长".repeat(30_000)), "/text");
    let answer = host.send("POST", EVENTS, &[("content-type", "text/plain")], "hello").expect(415);
    assert_eq!(answer.problem(), "unsupported-media-type");
    let answer = send(&"x".repeat((1 << 20) + 1)).expect(413);
    assert_eq!(answer.problem(), "too-large");
    assert_eq!(host.post_message("u-1", "hello").verdict(), "allow");
}

#[test]
fn an_event_for_nowhere_is_not_found() {
    let host = TestHost::with_ad_guard();
    let event = host.message("u-1", "hello");
    for path in ["/v1/brands/tea/groups/none/events", "/v1/brands/none/groups/g1/events"] {
        assert_eq!(host.post(path, &event).expect(404).problem(), "not-found");
    }
}

#[test]
fn a_batch_is_answered_line_by_line_in_order() {
    let host = TestHost::with_ad_guard();
    host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
    let line = |group: &str, text: &str| json!({"group": group, "event": host.message("u-1", text)}).to_string();
    let lines = [
        line("g1", "加微信 abc123"),
        "not json".to_owned(),
        line("g2", "no plugin here: 加微信 abc123"),
        line("nowhere", "hello"),
        String::new(),
        line("g1", "hello"),
    ];
    let ndjson = [("content-type", "application/x-ndjson")];
    let answer = host.send("POST", "/v1/brands/tea/events/batch", &ndjson, lines.join("\n")).expect(200);
    let answers: Vec<Value> = answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 5, "{}", answer.text);
    let verdicts: Vec<_> = answers.iter().map(|a| a["decision"]["verdict"].as_str().unwrap_or("-")).collect();
    assert_eq!(verdicts, ["flag", "-", "allow", "-", "allow"]);
    let problems: Vec<_> = answers.iter().map(|a| a["problem"]["code"].as_str().unwrap_or("-")).collect();
    assert_eq!(problems, ["-", "malformed", "-", "not-found", "-"]);
    assert_eq!((&answers[0]["decision"]["sequence"], &answers[4]["decision"]["sequence"]), (&json!(1), &json!(2)));
    host.post("/v1/brands/tea/events/batch", &json!({})).expect(415);
}

#[test]
fn many_events_of_one_group_at_once_are_numbered_without_gap_or_double() {
    let host = TestHost::with_ad_guard();
    let events: Vec<Value> = (0..200).map(|i| host.message(&format!("u-{}", i % 7), "hello")).collect();
    let mut numbers: Vec<u64> = std::thread::scope(|scope| {
        let workers: Vec<_> = events
            .chunks(25)
            .map(|chunk| {
                let send = |event| host.post_event(event).expect(200).json()["sequence"].as_u64().unwrap();
                scope.spawn(move || chunk.iter().map(send).collect::<Vec<_>>())
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=200).collect::<Vec<u64>>());
}

#[test]
fn what_a_member_record_says_reaches_the_plugin_that_may_read_it() {
    use usher_guests::Guest;
    let host = TestHost::with_a_group();
    let manifest = r#"{"name":"newcomers","version":"0.1.0","events":["message.created"],"capabilities":["members"]}"#;
    // Finds `known` when the member's record says when they joined.
    let guest = Guest::with_manifest(manifest)
        .import("events", "[method]event.actor", "$actor (param i32 i32)")
        .import("events", "[method]member.joined-at", "$joined (param i32 i32)")
        .import("events", "[resource-drop]member", "$drop_member (param i32)")
        .import("effects", "[constructor]finding", "$finding (param i32 i32 i32) (result i32)")
        .items("(data (i32.const 256) \"known\")")
        .check(
            "(call $actor (local.get $event) (i32.const 64))
             (call $joined (i32.load (i32.const 68)) (i32.const 96))
             (call $drop_member (i32.load (i32.const 68)))
             (if (i32.load8_u (i32.const 96))
               (then (drop (call $finding (i32.const 256) (i32.const 5) (i32.const 1)))))",
        );
    host.enable_guest(&guest.component(), &json!({})).expect(201);
    assert_eq!(host.post_message("u-1", "hello").outcome("newcomers"), "abstain");
    let record = json!({"name": "小王", "joined_at": "2026-01-01T00:00:00Z"});
    host.put("/v1/brands/tea/groups/g1/members/u-1", &record).expect(201);
    assert_eq!(host.post_message("u-1", "hello").rules(), ["known"]);
    assert_eq!(host.post_message("u-2", "hello").outcome("newcomers"), "abstain");
    let listed = host.get("/v1/brands/tea/groups/g1/members").expect(200).json();
    assert_eq!(listed["items"][0]["id"], "u-1");
    host.enable("newcomers", &json!({"version": "0.1.0", "grants": []})).expect(200);
    assert_eq!(host.post_message("u-1", "hello").outcome("newcomers"), "failed(capability)");
}
