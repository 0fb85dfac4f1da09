//! The loop of an author: cases that are brought up to date, what calls cost, and what a plugin writes on a host.

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Output;
use usher_guests::Guest;
use usher_tests::{TestHost, author_in, plugin};

fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.as_slice(), output.stderr.as_slice()].concat()).unwrap()
}

/// A guest that writes what it was told to its log.
fn talker(line: &str) -> Vec<u8> {
    Guest::named("talker")
        .import("log", "write", "$log (param i32 i32 i32)")
        .items(&format!("(data (i32.const 256) {line:?})"))
        .check(&format!("(call $log (i32.const 1) (i32.const 256) (i32.const {}))", line.len()))
        .component()
}

#[test]
fn cases_are_brought_up_to_date_and_stay_as_they_are_elsewhere() {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join("scripted.wasm"), plugin("scripted")).unwrap();
    let case = "# Why it is so.\n[[event]]\nmember = 'u1' # who\ntext = \"get k\"\nexpect = { findings = [{ message = 'old' }] }\n";
    fs::create_dir(desk.path().join("cases")).unwrap();
    let path = desk.path().join("cases/story.toml");
    fs::write(&path, case).unwrap();
    let told = said(&author_in(desk.path(), &["plugin", "test", "scripted.wasm", "--update"]));
    assert!(told.contains("updated cases/story.toml") && told.contains("1 of 1 cases"), "{told}");
    assert_eq!(fs::read_to_string(&path).unwrap(), case.replace("'old'", "\"-\""));
    let again = author_in(desk.path(), &["plugin", "test", "scripted.wasm"]);
    assert!(again.status.success(), "{}", said(&again));
    fs::write(&path, case.replace("get k", "fail")).unwrap();
    let failed = author_in(desk.path(), &["plugin", "test", "scripted.wasm", "--update"]);
    assert!(!failed.status.success() && said(&failed).contains("as the script says"), "{}", said(&failed));
}

#[test]
fn what_calls_cost_is_told_against_the_limits() {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join("scripted.wasm"), plugin("scripted")).unwrap();
    let case = "[[event]]\nmember = 'u1'\ntext = 'add c 2'\n[[event]]\nmember = 'u1'\ntext = 'sum c 60000'\n";
    fs::write(desk.path().join("story.toml"), case).unwrap();
    let bench = ["plugin", "bench", "scripted.wasm", "story.toml", "--calls", "3"];
    let told = said(&author_in(desk.path(), &bench));
    for line in ["2 decisions, each made 3 times", "fuel ", "50,000,000  0 %", "calls into the host", "dearest: event-"]
    {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    let figures: Value =
        serde_json::from_str(&said(&author_in(desk.path(), &[&bench[..], &["--json"]].concat()))).unwrap();
    assert_eq!(figures["decisions"].as_array().map(Vec::len), Some(2));
    let call = &figures["call"];
    assert!(call["fuel"]["most"].as_u64() > Some(0) && call["host_calls"]["limit"] == 10_000, "{call}");
    assert_eq!(call["memory_bytes"]["median"].as_u64().map(|bytes| bytes % 65_536), Some(0), "{call}");
}

#[test]
fn a_plugin_s_log_is_read_by_those_who_run_it_and_is_kept_nowhere_else() {
    let host = TestHost::with_guest(&talker("something that a member wrote"));
    host.post_message("u1", "hello");
    let path = "/v1/brands/tea/plugins/talker/logs";
    let page = host.get(path).expect(200).json();
    let line = &page["items"][0];
    assert_eq!((&line["event"], &line["level"], &line["number"]), (&json!("m-1"), &json!("info"), &json!(1)));
    assert_eq!(line["message"], "something that a member wrote");
    assert!(!host.log().contains("something that a member wrote"));
    assert_eq!(host.key("operator", Some("tea")).get(path).expect(200).json(), page);
    for role in ["viewer", "moderator", "integrator"] {
        assert_eq!(host.key(role, None).get(path).expect(403).problem(), "forbidden", "{role}");
    }
    let told = said(&host.usher(&["plugin", "logs", "talker", "--brand", "tea"]));
    assert!(told.contains("g1/m-1 info  something that a member wrote"), "{told}");
    assert_eq!(host.get("/v1/brands/tea/plugins/nobody/logs").expect(200).json()["items"], json!([]));
    host.get("/v1/brands/coffee/plugins/talker/logs").expect(404);
}

#[test]
fn a_log_is_followed_from_its_last_lines_on() {
    let host = TestHost::with_guest(&talker("spoken"));
    host.post_message("u1", "before");
    let mut following = host.usher_running(&["plugin", "logs", "talker", "--brand", "tea", "--follow", "--json"]);
    let mut lines = BufReader::new(following.stdout.take().unwrap()).lines();
    let mut event = || {
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        line["event"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(event(), "m-1");
    // The first line came, so it follows.
    host.post_message("u1", "after");
    assert_eq!(event(), "m-2");
    following.kill().unwrap();
    following.wait().unwrap();
}

#[test]
fn a_trap_shows_where_it_happened_and_the_decision_does_not() {
    let guest = Guest::named("traps").items("(func $third_word unreachable)").check("(call $third_word)");
    let host = TestHost::with_guest(&guest.component());
    let decided = host.post_message("u1", "hello");
    assert!(!decided.0.to_string().contains("third_word"), "{}", decided.0);
    let page = host.get("/v1/brands/tea/plugins/traps/logs").expect(200).json();
    assert!(page["items"][0]["message"].as_str().unwrap().ends_with("\n  third_word"), "{page}");
    let id = decided.0["id"].as_str().unwrap();
    let replayed = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
    assert_eq!(replayed["identical"], true, "{replayed}");
    assert_eq!(replayed["usage"][0]["plugin"], "traps");
}

#[test]
fn builds_of_one_version_live_beside_each_other_while_it_is_developed() {
    let host = TestHost::with_a_group();
    let upload = |line: &str, query: &str| {
        host.send("POST", &format!("/v1/plugins{query}"), &[("content-type", "application/wasm")], talker(line))
    };
    let first = upload("one", "?development=true").expect(201).json();
    let second = upload("two", "?development=true").expect(201).json();
    let version = |facts: &Value| facts["version"].as_str().unwrap_or_default().to_owned();
    assert!(version(&first).starts_with("0.1.0-dev-") && version(&first) != version(&second), "{first} {second}");
    upload("two", "?development=true").expect(200);
    upload("one", "").expect(201);
    assert_eq!(upload("two", "").expect(409).problem(), "conflict");
    assert_eq!(upload("two", "?developement=true").expect(400).problem(), "malformed");
    host.enable("talker", &json!({"version": version(&second)})).expect(201);
    host.post_message("u1", "hello");
    let page = host.get("/v1/brands/tea/plugins/talker/logs").expect(200).json();
    assert_eq!((&page["items"][0]["message"], &page["items"][0]["version"]), (&json!("two"), &second["version"]));
}
