//! `usher send`: the command as people use it.

use serde_json::{Value, json};
use std::path::Path;
use usher_tests::TestHost;

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).display().to_string()
}

#[test]
fn a_file_of_lines_is_sent_and_counted() {
    let host = TestHost::with_ad_guard();
    let sent = host.usher(&["send", &fixture("messages.txt"), "--brand", "tea", "--group", "g1", "--json"]);
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let report: Value = serde_json::from_slice(&sent.stdout).unwrap();
    assert_eq!((&report["events"], &report["verdicts"]), (&json!(15), &json!({"allow": 7, "flag": 8})));
    let again = host.usher(&["send", &fixture("messages.txt"), "--brand", "tea", "--group", "g1"]);
    let table = String::from_utf8(again.stdout).unwrap();
    assert!(table.contains("rule ad-guard/contact-solicitation") && table.contains("15 decided"), "{table}");
    let newest = host.get("/v1/brands/tea/decisions?limit=1").expect(200).json();
    assert_eq!(newest["items"][0]["sequence"], 15, "sending a file again decides nothing twice");
}

#[test]
fn tables_and_events_are_sent_too() {
    let host = TestHost::with_ad_guard();
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let csv = write("chat.csv", "id,TEXT,label\n1,\"加微信 abc123, 快\",1\n2,hello,0\n");
    let event = host.message("u-1", "加微信 abc123");
    let ndjson = write("events.ndjson", &format!("{event}\n"));
    let flagged = |file: &str| {
        let sent = host.usher(&["send", file, "--brand", "tea", "--group", "g1", "--json"]);
        let report: Value = serde_json::from_slice(&sent.stdout).unwrap();
        report["verdicts"]["flag"].as_u64()
    };
    assert_eq!(flagged(&csv), Some(1));
    assert_eq!(flagged(&ndjson), Some(1));
}

#[test]
fn what_went_wrong_is_said_in_one_line() {
    let host = TestHost::with_ad_guard();
    let said = |arguments: &[&str]| {
        let sent = host.usher(arguments);
        assert!(!sent.status.success());
        String::from_utf8(sent.stderr).unwrap()
    };
    let file = fixture("messages.txt");
    let wrong_key = said(&["send", &file, "--brand", "tea", "--group", "g1", "--key", "wrong"]);
    assert!(wrong_key.contains("401") && wrong_key.lines().count() == 1, "{wrong_key}");
    let nowhere = said(&["send", &file, "--brand", "tea", "--group", "none"]);
    assert!(nowhere.contains("404"), "{nowhere}");
    let no_file = said(&["send", "none.txt", "--brand", "tea", "--group", "g1"]);
    assert!(no_file.contains("`none.txt`"), "{no_file}");
}
