//! Plugins change while events stream through: nothing is lost, nothing is mixed, and what is old goes.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use usher_guests::Guest;
use usher_tests::{Decided, TestHost};

const PATH: &str = "/v1/brands/tea/groups/g1/plugins/judge";

/// Finds `rule` once for each byte of its settings, so that a decision shows both the version and the settings.
fn judge(version: &str, rule: &str) -> Vec<u8> {
    let find = format!("(drop (call $finding (i32.const 256) (i32.const {}) (i32.const 1)))", rule.len());
    Guest::finder("judge", version, rule, 1)
        .items("(global $settings (mut i32) (i32.const 0))")
        .configure("(global.set $settings (local.get $len))")
        .check(&format!(
            "(loop $again {find}
               (global.set $settings (i32.sub (global.get $settings) (i32.const 1)))
               (br_if $again (i32.gt_s (global.get $settings) (i32.const 0))))"
        ))
        .component()
}

/// What a revision stands for: a rule, and how often it is found.
type Meant = (String, usize);

fn settings(number: usize) -> Value {
    json!({ "fill": "x".repeat(number % 5) })
}

fn meant(enablement: &Value) -> Meant {
    let rule = if enablement["version"] == "1.0.0" { "old" } else { "new" };
    (rule.to_owned(), enablement["settings"].to_string().len())
}

/// What the metrics say, as a whole number.
fn metric(host: &TestHost, name: &str) -> usize {
    let metrics = host.get("/metrics").expect(200).text;
    let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.unwrap_or_default().parse().unwrap()
}

/// Sends events until told to stop, and once more.
fn stream(host: &TestHost, stop: &AtomicBool, decided: &Mutex<Vec<Decided>>) {
    loop {
        let last = stop.load(Ordering::Acquire);
        let decision = host.post_message("u-1", "hello");
        decided.lock().unwrap().push(decision);
        if last {
            return;
        }
    }
}

/// Upgrades, changes settings and rolls back, and says what each revision stands for.
fn change(host: &TestHost, decided: &Mutex<Vec<Decided>>) -> BTreeMap<u64, Meant> {
    let mut revisions = BTreeMap::new();
    for number in 0..24 {
        let answer = match number % 3 {
            0 => host.enable("judge", &json!({"version": "1.0.0", "settings": settings(number)})),
            1 => host.enable("judge", &json!({"version": "2.0.0", "settings": settings(number)})),
            _ => host.post(&format!("{PATH}/rollback"), &json!({})),
        };
        assert!(answer.status < 300, "{}", answer.text);
        let enablement = answer.json();
        revisions.insert(enablement["revision"].as_u64().unwrap(), meant(&enablement));
        // Each revision is in force for a few events; three may still be under way on the one before.
        let seen = decided.lock().unwrap().len();
        while decided.lock().unwrap().len() < seen + 4 {
            thread::yield_now();
        }
    }
    revisions
}

#[test]
fn plugins_change_under_load_and_no_event_is_lost_or_meets_two_versions() {
    let limits = [("USHER_LIMITS__SNAPSHOTS_CACHED", "2")];
    let host = TestHost::start_with_env(&["--clock", "events"], &limits);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    for group in ["g1", "g2"] {
        host.put(&format!("/v1/brands/tea/groups/{group}"), &json!({})).expect(201);
    }
    host.upload(&judge("1.0.0", "old")).expect(201);
    host.upload(&judge("2.0.0", "new")).expect(201);
    host.enable("judge", &json!({"version": "1.0.0"})).expect(201);
    host.put("/v1/brands/tea/groups/g2/plugins/judge", &json!({"version": "1.0.0"})).expect(201);
    let (stop, decided) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let mut revisions = thread::scope(|scope| {
        let streams: Vec<_> = (0..3).map(|_| scope.spawn(|| stream(&host, &stop, &decided))).collect();
        let revisions = change(&host, &decided);
        stop.store(true, Ordering::Release);
        for stream in streams {
            stream.join().unwrap();
        }
        revisions
    });
    revisions.insert(1, ("old".into(), "{}".len()));
    let decided = decided.into_inner().unwrap();

    let mut sequences: Vec<u64> = decided.iter().map(|decided| decided.0["sequence"].as_u64().unwrap()).collect();
    sequences.sort_unstable();
    assert!(sequences.into_iter().eq(1..=decided.len() as u64), "an event was lost");
    let mut plans = BTreeMap::new();
    for decided in &decided {
        let report = &decided.0["plugins"][0];
        let revision = report["revision"].as_u64().unwrap();
        let (rule, count) = &revisions[&revision];
        assert_eq!(report["version"] == "1.0.0", rule == "old", "{report}");
        assert_eq!(decided.rules(), vec![rule.as_str(); *count], "revision {revision}");
        let plan = plans.entry(decided.0["plan"].to_string()).or_insert(revision);
        assert_eq!(*plan, revision, "a plan of two revisions");
    }
    assert_eq!(plans.len(), revisions.len(), "each revision was met, under its own plan");

    // Side by side: the other group never left the first version.
    let elsewhere = json!({"id": "m-0", "kind": "message.created", "at": "2026-11-22T12:00:00Z", "text": "hello"});
    let elsewhere = Decided(host.post("/v1/brands/tea/groups/g2/events", &elsewhere).expect(200).json());
    assert_eq!((&elsewhere.0["plugins"][0]["version"], elsewhere.rules()), (&json!("1.0.0"), vec!["old"; 2]));
    // The snapshots that two plans hold, and two that were used lately.
    assert!(metric(&host, "usher_snapshots") <= 4, "{} snapshots", metric(&host, "usher_snapshots"));
    for old in [&decided[0], &decided[decided.len() / 2]] {
        let id = old.0["id"].as_str().unwrap();
        let replayed = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(replayed["identical"], true);
    }
}
