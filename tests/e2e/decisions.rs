//! Decisions can be found again.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use usher_tests::TestHost;

fn ids(host: &TestHost, query: &str) -> Vec<String> {
    let page = host.get(&format!("/v1/brands/tea/decisions{query}")).expect(200).json();
    page["items"].as_array().unwrap().iter().map(|decision| decision["event"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn decisions_are_listed_newest_first_and_filtered() {
    let host = TestHost::with_ad_guard();
    host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
    host.post_message("u-1", "hello");
    host.post_message("u-2", "加微信 abc123");
    host.post_message("u-1", "见 https://cheap.example.net/buy");
    let event = host.message("u-1", "elsewhere");
    host.post("/v1/brands/tea/groups/g2/events", &event).expect(200);
    assert_eq!(ids(&host, ""), ["m-4", "m-3", "m-2", "m-1"]);
    assert_eq!(ids(&host, "?group=g1"), ["m-3", "m-2", "m-1"]);
    assert_eq!(ids(&host, "?verdict=flag"), ["m-3", "m-2"]);
    assert_eq!(ids(&host, "?plugin=ad-guard&rule=link"), ["m-3"]);
    assert_eq!(ids(&host, "?rule=contact-solicitation"), ["m-2"]);
    assert_eq!(ids(&host, "?member=u-1&group=g1"), ["m-3", "m-1"]);
    assert_eq!(ids(&host, "?since=2026-11-22T12:00:03Z"), ["m-4", "m-3"]);
    assert_eq!(ids(&host, "?verdict=block"), Vec::<String>::new());
    for query in ["?verdict=maybe", "?limit=0", "?limit=101", "?colour=red", "?cursor=here"] {
        let answer = host.get(&format!("/v1/brands/tea/decisions{query}")).expect(400);
        assert_eq!(answer.problem(), "malformed", "{query}");
    }
}

#[test]
fn pages_follow_one_another_without_gap_or_double() {
    let host = TestHost::with_ad_guard();
    for _ in 0..7 {
        host.post_message("u-1", "hello");
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = host.get(&format!("/v1/brands/tea/decisions?limit=3{cursor}")).expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|d| d["sequence"].as_u64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
}

#[test]
fn a_decision_is_read_as_it_was_answered() {
    let host = TestHost::with_ad_guard();
    let event = host.message("u-1", "加微信 abc123");
    let answered = host.post_event(&event).expect(200);
    let id = answered.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(host.get(&format!("/v1/brands/tea/decisions/{id}")).expect(200).text, answered.text);
    host.get(&format!("/v1/brands/tea/decisions/dec_{}", "0".repeat(32))).expect(404);
    host.get("/v1/brands/tea/decisions/none").expect(400);
}

#[test]
fn decisions_can_be_watched_as_they_are_made() {
    let host = TestHost::with_ad_guard();
    let secret = host.post("/v1/keys", &json!({"role": "viewer", "brand": "tea"})).expect(201).json();
    let mut stream = TcpStream::connect(host.address()).unwrap();
    write!(
        stream,
        "GET /v1/brands/tea/decisions/stream HTTP/1.1\r\nHost: usher\r\nAuthorization: Bearer {}\r\n\r\n",
        secret["secret"].as_str().unwrap()
    )
    .unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.next().unwrap().contains("200"));
    lines.find(String::is_empty).unwrap();
    host.post_message("u-1", "加微信 abc123");
    let data = lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned)).unwrap();
    let decision: Value = serde_json::from_str(&data).unwrap();
    assert_eq!((&decision["event"], &decision["verdict"]), (&json!("m-1"), &json!("flag")));
}

#[test]
fn a_decision_can_be_made_again_whatever_changed_since() {
    let host = TestHost::with_a_group();
    host.put("/v1/brands/tea/word-lists/ads", &json!({"entries": ["刷单"]})).expect(201);
    let settings = json!({"word_lists": [{"name": "ads", "severity": "high"}]});
    host.enable("ad-guard", &json!({"version": "0.1.0", "settings": settings})).expect(201);
    host.post_message("u-9", "the last event before");
    let (early, late) = (host.message("u-1", "刷单，加微信 abc123"), host.message("u-1", "hello"));
    host.post_event(&late).expect(200);
    let decided = host.post_event(&early).expect(200).json();
    assert_eq!(decided["verdict"], "hold");
    host.put("/v1/brands/tea/word-lists/ads", &json!({"entries": ["别的"]})).expect(200);
    host.enable("ad-guard", &json!({"version": "0.1.0", "mode": "shadow", "grants": []})).expect(200);
    host.put("/v1/brands/tea", &json!({"combining": {"verdicts": {"high": "allow"}}})).expect(200);
    let path = format!("/v1/brands/tea/decisions/{}/replay", decided["id"].as_str().unwrap());
    let replayed = host.post(&path, &json!({})).expect(200).json();
    assert_eq!(replayed["identical"], true, "{replayed}");
    assert_eq!(replayed["decision"]["findings"], decided["findings"]);
    assert!(replayed["cost"]["fuel"].as_u64().unwrap() > 0);
    host.post("/v1/brands/tea/decisions/dec_00000000000000000000000000000000/replay", &json!({})).expect(404);
}
