//! What authors do on their own machine, with the command that they have.

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use usher_guests::{Guest, GuestHook};
use usher_tests::{TestHost, author, plugin};

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A file, and where it is.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        fs::write(&path, content).unwrap();
        path.display().to_string()
    }
}

fn said(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(both).unwrap()
}

#[track_caller]
fn well(arguments: &[&str]) -> String {
    let output = author(arguments);
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

#[track_caller]
fn badly(arguments: &[&str]) -> String {
    let output = author(arguments);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    said(&output)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_cases_of_the_bundled_plugins_go_as_they_should() {
    let desk = Desk::new();
    for name in ["ad-guard", "flood-guard", "red-packet"] {
        let component = desk.file(&format!("{name}.wasm"), plugin(name));
        let cases = root().join("plugins").join(name).join("cases").display().to_string();
        well(&["plugin", "test", &component, &cases]);
    }
}

#[test]
fn a_component_is_described_before_it_is_sent_anywhere() {
    let desk = Desk::new();
    let component = desk.file("red-packet.wasm", plugin("red-packet"));
    let told = well(&["plugin", "check", &component]);
    assert!(told.starts_with("red-packet 0.1.0 is a plugin\n"), "{told}");
    assert!(told.contains("timers") && told.contains("action:kick"), "{told}");
    let facts: Value = serde_json::from_str(&well(&["plugin", "check", &component, "--json"])).unwrap();
    assert_eq!((&facts["name"], &facts["hooks"]), (&json!("red-packet"), &json!(["check"])));
}

#[test]
fn what_is_no_plugin_is_told_with_what_to_do() {
    let desk = Desk::new();
    let missing = badly(&["plugin", "check", "/nowhere/a.wasm"]);
    assert!(missing.contains("`/nowhere/a.wasm` can't be read"), "{missing}");
    let text = desk.file("text.wasm", "hello");
    assert!(badly(&["plugin", "check", &text]).contains("these bytes are no WebAssembly: a plugin is a component"));
    let module = desk.file("module.wasm", b"\0asm\x01\0\0\0");
    assert!(badly(&["plugin", "check", &module]).contains("`wasm-tools component new`"));
    let manifest = r#"{"name":"Ad Guard","version":"1","summary":"","events":[],"capabilities":[],"settings_schema":{"type":"object"}}"#;
    let misnamed = desk.file("misnamed.wasm", Guest::with_manifest(manifest).component());
    let told = badly(&["plugin", "check", &misnamed]);
    assert!(told.contains("`name`: a name has lower-case letters"), "{told}");
}

#[test]
fn one_event_shows_all_that_the_plugin_did() {
    let desk = Desk::new();
    let component = desk.file("scripted.wasm", plugin("scripted"));
    let told = well(&["plugin", "run", &component, "--text", "put k v;start t 1000 x;get k"]);
    for line in ["outcome  findings", "verdict  flag", r#""message":"v""#, "memory ", "timer ", "fuel "] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    let failed = badly(&["plugin", "run", &component, "--text", "fail"]);
    assert!(failed.contains("failed   error: as the script says"), "{failed}");
    let settings = desk.file("settings.json", r#"{"colour":"red"}"#);
    let refused = badly(&["plugin", "run", &component, "--text", "x", "--settings", &settings]);
    assert!(refused.contains("at /settings"), "{refused}");
}

#[test]
fn a_story_that_goes_another_way_is_shown_place_by_place() {
    let desk = Desk::new();
    let component = desk.file("scripted.wasm", plugin("scripted"));
    let story = r#"
        [members.u1]
        joined_at = "2026-01-01T00:00:00Z"
        [[event]]
        member = "u1"
        text = "add c 2; start t 5000 kick u1"
        [[event]]
        after = "10s"
        member = "u1"
        text = "sum c 60000"
        fired = [{ actions = [{ kind = "kick", member = "u2" }] }]
        expect = { findings = [{ rule = "saw", message = "3" }], verdict = "flag" }
    "#;
    let case = desk.file("story.toml", story);
    let told = badly(&["plugin", "test", &component, &case]);
    for line in [
        "event 2, fired[0].actions[0].member:",
        r#"- expected "u2""#,
        r#"+ came     "u1""#,
        "event 2, findings[0].message:",
        "0 of 1 cases went as they should",
    ] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    assert!(!told.contains('\u{1b}'), "colour is for terminals");
    let right = desk.file("story.toml", story.replace("u2", "u1").replace('3', "2"));
    well(&["plugin", "test", &component, &right]);
    let typo = desk.file("typo.toml", "[[event]]\ntxet = 'a'");
    let told = badly(&["plugin", "test", &component, &typo]);
    assert!(told.contains("typo.toml` is no case") && told.contains("unknown field `txet`"), "{told}");
}

#[test]
fn a_plugin_goes_into_a_host_and_into_force() {
    let (desk, host) = (Desk::new(), TestHost::with_a_group());
    let component = desk.file("scripted.wasm", plugin("scripted"));
    let pushed = host.usher(&["plugin", "push", &component]);
    assert!(said(&pushed).contains("scripted 0.1.0 is on http://"), "{}", said(&pushed));
    let enable = ["plugin", "enable", "scripted", "0.1.0", "--brand", "tea", "--group", "g1"];
    let enabled = host.usher(&enable);
    assert!(said(&enabled).contains("in force at /v1/brands/tea/groups/g1, revision 1"), "{}", said(&enabled));
    assert_eq!(host.post_message("u1", "get k").rules(), ["saw"]);
    let off = host.usher(&[&enable[..], &["--mode", "off"]].concat());
    assert!(off.status.success(), "{}", said(&off));
    assert_eq!(host.post_message("u1", "get k").rules(), [] as [&str; 0]);
}

#[test]
fn a_table_is_judged_row_by_row() {
    let desk = Desk::new();
    let guest = Guest::scorer("talkers", GuestHook::SCORE, "messages@30d", "talks");
    let component = desk.file("talkers.wasm", guest.component());
    let told = well(&["plugin", "check", &component]);
    assert!(told.contains("hooks     score") && told.contains("columns   messages@30d"), "{told}");
    let rows = r#"
        [[row]]
        id = "u1"
        "messages@30d" = 12
        expect = { score = 12, contributions = { talks = 12.0 }, excluded = [] }
    "#;
    let case = desk.file("rows.toml", rows);
    assert!(well(&["plugin", "test", &component, &case]).contains("1 of 1 cases went as they should"));
    let shown = well(&["plugin", "run", &component, "--table", &case]);
    assert!(shown.contains("u1           12.0\n             12.0 for talks"), "{shown}");
    let wrong = desk.file("wrong.toml", rows.replace("score = 12", "score = 13"));
    let told = badly(&["plugin", "test", &component, &wrong]);
    assert!(told.contains("row 1, score:\n       - expected 13.0\n       + came     12.0"), "{told}");
    // What is not known is NaN, and NaN is no number of points.
    let unknown = desk.file("unknown.toml", "[[row]]\nid = 'u2'");
    let told = badly(&["plugin", "run", &component, "--table", &unknown]);
    assert!(told.contains("failed   error: the points of row 0 are NaN"), "{told}");
    let story = desk.file("story.toml", "[[row]]\nlikes = 3");
    let told = badly(&["plugin", "test", &component, &story]);
    assert!(told.contains("row 1: the manifest does not name the column `likes`; it names messages@30d"), "{told}");
}

#[test]
fn a_plugin_that_asks_for_a_column_that_does_not_exist_is_told_which_there_are() {
    let desk = Desk::new();
    let guest = Guest::scorer("likers", GuestHook::SCORE, "likes@30d", "liked");
    let told = badly(&["plugin", "check", &desk.file("likers.wasm", guest.component())]);
    assert!(told.contains("`columns`: `likes@30d` is no column of a table of members"), "{told}");
    assert!(told.contains("messages, messages_blocked"), "{told}");
}
