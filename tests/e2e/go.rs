//! A plugin in Go: its runtime has a clock, a scheduler and a garbage collector, and wants an operating system. What of that
//! reaches a plugin, and that it holds.

use serde_json::{Value, json};
use std::fs;
use std::sync::OnceLock;
use usher_tests::{Decided, TestHost, author_in};

/// `go/plugin.go`, built as an author builds it; once for all tests.
fn component() -> &'static [u8] {
    static BUILT: OnceLock<Vec<u8>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let desk = tempfile::tempdir().unwrap();
        for arguments in [&["plugin", "new", "w", "--lang", "go"][..], &["plugin", "build", "w"]] {
            if arguments[1] == "build" {
                fs::write(desk.path().join("w/src/plugin.go"), include_str!("go/plugin.go")).unwrap();
            }
            let done = author_in(desk.path(), arguments);
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
        fs::read(desk.path().join("w/build/plugin.wasm")).unwrap()
    })
}

/// A group where it is in force, with room for a lot of garbage.
fn place() -> TestHost {
    let host = TestHost::with_a_group_and_shared_cache();
    host.upload(component()).expect(201);
    host.enable("go-at-work", &json!({"version": "0.1.0", "limits": {"fuel": 500_000_000}})).expect(201);
    host
}

fn failure(decided: &Decided) -> String {
    decided.0["plugins"][0]["failure"]["message"].as_str().unwrap_or_default().to_owned()
}

fn evidence(decided: &Decided, name: &str) -> String {
    let evidence = decided.0["findings"][0]["evidence"].as_array().cloned().unwrap_or_default();
    let found = evidence.iter().find(|evidence| evidence["name"] == name);
    found.and_then(|found| found["value"].as_str()).unwrap_or_else(|| panic!("{}", decided.0)).to_owned()
}

#[test]
fn a_panic_says_what_and_where() {
    let host = place();
    let failed = failure(&host.post_message("u-1", "panic"));
    assert!(failed.contains("panicked at w/src/plugin.go:37: runtime error: index out of range [5]"), "{failed}");
    let stuck = failure(&host.post_message("u-1", "deadlock"));
    assert!(stuck.contains("fatal error: all goroutines are asleep - deadlock!"), "{stuck}");
    // The next one is as fresh as any.
    assert_eq!(evidence(&host.post_message("u-1", "one two"), "fields"), "2");
}

#[test]
fn the_time_is_the_events_and_passes_when_somebody_waits() {
    let host = place();
    let decided = host.post_message("u-1", "sleep");
    assert_eq!(evidence(&decided, "now").replace(' ', "T").replace("T+0000TUTC", "Z"), host.now());
    assert_eq!(evidence(&decided, "slept"), "1h0m0s");
}

#[test]
fn what_is_printed_goes_to_the_log_and_there_is_nothing_to_open() {
    let host = place();
    host.post_message("u-1", "print");
    let lines = host.get("/v1/brands/tea/plugins/go-at-work/logs").expect(200).json();
    let lines: Vec<(&Value, &Value)> =
        lines["items"].as_array().unwrap().iter().map(|line| (&line["level"], &line["message"])).collect();
    let told = [("info", "to standard output"), ("error", "to standard error, 没有结尾")];
    assert_eq!(json!(lines), json!(told));
    let decided = host.post_message("u-1", "open");
    assert_eq!((evidence(&decided, "refused"), evidence(&decided, "environment")), ("true".to_owned(), "0".to_owned()));
    let cut = host.post_message("u-1", "cut");
    assert_eq!(cut.0["findings"][0]["message"], "没\u{fffd}", "{}", cut.0);
}

#[test]
fn what_is_random_is_so_again() {
    let host = place();
    let numbers = ["random 1", "random 2"].map(|text| evidence(&host.post_message("u-1", text), "number"));
    assert_eq!(numbers[0], numbers[1]);
}

#[test]
fn goroutines_and_collected_garbage_do_not_disturb_what_the_host_hands_out() {
    let host = place();
    let text = |word: &str, bytes: usize| format!("{word} {}", "茶".repeat(bytes / 3));
    let together = host.post_message("u-1", &text("together", 3000));
    let id = together.0["event"].as_str().unwrap().len();
    assert_eq!(evidence(&together, "bytes"), (50 * ("together ".len() + 3000 + id)).to_string());
    let collected = host.post_message("u-1", &text("collect", 2400));
    assert_eq!(evidence(&collected, "bytes"), (1500 * ("collect ".len() + 2400)).to_string());
    assert_eq!(evidence(&collected, "collected"), "true");
    assert_eq!(evidence(&collected, "kept"), "1999");
}

/// A plugin in Go that passes a short test is not thereby sound.
#[test]
#[ignore = "it takes two minutes: `cargo xtask test --thorough twenty_thousand`"]
fn it_holds_for_twenty_thousand_calls() {
    let desk = tempfile::tempdir().unwrap();
    fs::write(desk.path().join("plugin.wasm"), component()).unwrap();
    let case = format!("[[event]]\nmember = \"u1\"\ntext = \"{}\"\n", "几句话 ".repeat(400));
    fs::write(desk.path().join("long.toml"), case).unwrap();
    let done = author_in(desk.path(), &["plugin", "bench", "plugin.wasm", "long.toml", "--calls", "20000", "--json"]);
    let figures: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert!(done.status.success(), "{figures}");
    // Each of them went the same way.
    let fuel = &figures["call"]["fuel"];
    assert_eq!(fuel["median"], fuel["most"], "{figures}");
}
