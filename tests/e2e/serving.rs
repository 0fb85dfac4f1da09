//! The host as a process: health, numbers, logs, limits of the surface, and a graceful end.

use serde_json::json;
use usher_tests::TestHost;

#[test]
fn a_host_says_how_it_is() {
    let host = TestHost::with_ad_guard();
    host.post_message("u-1", "加微信 abc123");
    let anyone = host.anonymous();
    assert_eq!(anyone.get("/healthz").expect(200).text, "ok\n");
    assert_eq!(anyone.get("/readyz").expect(200).text, "ready\n");
    let metrics = anyone.get("/metrics").expect(200).text;
    assert!(metrics.contains(r#"usher_decisions_total{verdict="flag"} 1"#), "{metrics}");
    assert!(metrics.contains(r#"usher_plugin_calls_total{plugin="ad-guard",outcome="findings"} 1"#), "{metrics}");
}

#[test]
fn every_problem_has_a_page_and_every_wrong_turn_is_a_problem() {
    let host = TestHost::start();
    let anyone = host.anonymous();
    assert_eq!(anyone.get("/nowhere").expect(404).problem(), "not-found");
    assert_eq!(anyone.delete("/healthz").expect(405).problem(), "method-not-allowed");
    assert_eq!(host.put("/v1/brands/tea", &json!({"time_zone": "Mars/Base"})).expect(422).pointers(), ["/time_zone"]);
    assert_eq!(host.put("/v1/brands/a%20b", &json!({})).expect(400).problem(), "malformed");
    let page = anyone.get("/problems/settings-invalid").expect(200).text;
    assert!(page.contains("What was in force stays in force"), "{page}");
    assert_eq!(anyone.get("/problems/none").expect(404).problem(), "not-found");
}

#[test]
fn the_log_never_holds_what_members_wrote() {
    let mut host = TestHost::with_ad_guard();
    host.post_message("secret-member", "secret-words 加微信 abc123");
    let mut broken = host.message("secret-member", "secret-words");
    broken["secret-field"] = json!("secret-words");
    host.post_event(&broken).expect(422);
    host.stop();
    let log = host.log();
    assert!(log.contains("request answered"), "the log is on: {log}");
    assert!(!log.contains("secret-"), "{log}");
}

#[test]
fn asked_to_stop_a_host_ends_well_and_has_everything() {
    let mut host = TestHost::with_ad_guard();
    let event = host.message("u-1", "hello");
    let answered = host.post_event(&event).expect(200).text;
    assert!(host.stop().success());
    host.restart();
    assert_eq!(host.post_event(&event).expect(200).text, answered);
}

#[test]
fn two_hosts_never_share_one_data_folder() {
    let host = TestHost::start();
    let second = host.second_on_the_same_data();
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("another"), "{said}");
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    use std::io::{Read, Write};
    let host = TestHost::start_with_env(&["--clock", "events"], &[("USHER_LIMITS__HEADER_MS", "300")]);
    let mut half = std::net::TcpStream::connect(host.address()).unwrap();
    half.write_all(b"GET /healthz HTTP/1.1\r\nhost: us").unwrap();
    half.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let mut rest = Vec::new();
    half.read_to_end(&mut rest).unwrap();
    assert!(!String::from_utf8_lossy(&rest).contains("200 OK"));
    assert_eq!(host.anonymous().get("/healthz").expect(200).text, "ok\n");
}

#[test]
fn a_key_taken_back_ends_its_stream() {
    use std::io::{BufRead, BufReader, Write};
    let host = TestHost::with_ad_guard();
    let key = host.post("/v1/keys", &json!({"role": "viewer", "brand": "tea"})).expect(201).json();
    let mut stream = std::net::TcpStream::connect(host.address()).unwrap();
    let secret = key["secret"].as_str().unwrap();
    write!(
        stream,
        "GET /v1/brands/tea/decisions/stream HTTP/1.1\r\nHost: usher\r\nAuthorization: Bearer {secret}\r\n\r\n"
    )
    .unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.find(String::is_empty).unwrap();
    host.delete(&format!("/v1/keys/{}", key["id"].as_str().unwrap())).expect(204);
    host.post_message("u-1", "hello");
    assert!(!lines.any(|line| line.starts_with("data: ")), "nothing is told to a key that was taken back");
}
