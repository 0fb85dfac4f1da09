//! Plugins change while events stream through: nothing is lost, nothing is mixed, and what is old goes.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use usher_guests::Guest;
use usher_tests::{Decided, TestHost};

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
/// Groups that events stream through, all while things change.
const GROUPS: [&str; 2] = ["g1", "g2"];

/// Connections for each of them.
const CONNECTIONS: usize = 8;

/// What was decided in a group, as it came.
type Decisions = [Mutex<Vec<Decided>>; 2];

/// Sends events to a group until told to stop, and once more.
fn stream(host: &TestHost, group: usize, stop: &AtomicBool, decided: &Decisions) {
    loop {
        let last = stop.load(Ordering::Acquire);
        let event = host.message("u-1", "hello");
        let answer = host.post(&format!("/v1/brands/tea/groups/{}/events", GROUPS[group]), &event).expect(200);
        decided[group].lock().unwrap().push(Decided(answer.json()));
        if last {
            return;
        }
    }
}

/// Waits until a group decided so many events more than now.
fn meets(decided: &Decisions, group: usize, more: usize) {
    let seen = decided[group].lock().unwrap().len();
    while decided[group].lock().unwrap().len() < seen + more {
        thread::yield_now();
    }
}

fn path(group: usize) -> String {
    format!("/v1/brands/tea/groups/{}/plugins/judge", GROUPS[group])
}

/// Upgrades, changes settings, rolls back and resets in one group while both are under load, and says what each of its
/// revisions stands for. What is in force in the other one stays.
fn change(host: &TestHost, decided: &Decisions) -> BTreeMap<u64, Meant> {
    let mut revisions = BTreeMap::new();
    for number in 0..24 {
        let (version, settings) = (if number % 4 == 1 { "2.0.0" } else { "1.0.0" }, settings(number));
        let answer = match number % 4 {
            0 | 1 => host.put(&path(0), &json!({"version": version, "settings": settings})),
            2 => host.post(&format!("{}/rollback", path(0)), &json!({})),
            // Back to what the whole brand has, which is the newer version without settings.
            _ => host.delete(&path(0)),
        };
        assert!(answer.status < 300, "{}", answer.text);
        if answer.status != 204 {
            let enablement = answer.json();
            revisions.insert(enablement["revision"].as_u64().unwrap(), meant(&enablement));
        }
        // It is in force for a few events; one of each connection may still be under way on what was before.
        meets(decided, 0, CONNECTIONS + 2);
        meets(decided, 1, 1);
    }
    revisions
}

/// None was lost, and each was decided by one version with its settings.
fn whole(decided: &[Decided], meant: impl Fn(&Value) -> Meant) -> BTreeMap<String, Meant> {
    let mut sequences: Vec<u64> = decided.iter().map(|decided| decided.0["sequence"].as_u64().unwrap()).collect();
    sequences.sort_unstable();
    assert!(sequences.into_iter().eq(1..=decided.len() as u64), "an event was lost");
    let mut plans = BTreeMap::new();
    for decided in decided {
        let report = &decided.0["plugins"][0];
        let (rule, count) = meant(report);
        assert_eq!(report["version"] == "1.0.0", rule == "old", "{report}");
        assert_eq!(decided.rules(), vec![rule.as_str(); count], "{report}");
        let plan = plans.entry(decided.0["plan"].to_string()).or_insert((rule.clone(), count));
        assert_eq!(*plan, (rule, count), "a plan of two revisions");
    }
    plans
}

#[test]
fn plugins_change_under_load_and_no_event_is_lost_or_meets_two_versions() {
    let limits = [("USHER_LIMITS__SNAPSHOTS_CACHED", "2")];
    let host = TestHost::start_with_env(&["--clock", "events"], &limits);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    for group in GROUPS {
        host.put(&format!("/v1/brands/tea/groups/{group}"), &json!({})).expect(201);
    }
    host.upload(&judge("1.0.0", "old")).expect(201);
    host.upload(&judge("2.0.0", "new")).expect(201);
    host.put("/v1/brands/tea/plugins/judge", &json!({"version": "2.0.0"})).expect(201);
    host.put(&path(1), &json!({"version": "1.0.0", "settings": {"fill": "x"}})).expect(201);
    let (stop, decided) = (AtomicBool::new(false), Decisions::default());
    let revisions = thread::scope(|scope| {
        let connections = (0..2 * CONNECTIONS).map(|number| {
            let (host, stop, decided) = (&host, &stop, &decided);
            scope.spawn(move || stream(host, number % 2, stop, decided))
        });
        let connections: Vec<_> = connections.collect();
        let revisions = change(&host, &decided);
        stop.store(true, Ordering::Release);
        for connection in connections {
            connection.join().unwrap();
        }
        revisions
    });
    let [changing, steady] = decided.map(|decided| decided.into_inner().unwrap());

    // A report names the revision of the narrowest scope that has something to say: the brand's is 1, and so is the
    // group's first. They differ in their version.
    let brand = ("new".to_owned(), "{}".len());
    let plans = whole(&changing, |report| {
        let own = revisions.get(&report["revision"].as_u64().unwrap());
        let own = own.filter(|(rule, _)| (rule == "old") == (report["version"] == "1.0.0"));
        own.unwrap_or(&brand).clone()
    });
    let met: BTreeSet<&Meant> = plans.values().collect();
    assert!(revisions.values().chain([&brand]).all(|meant| met.contains(meant)), "each was met: {met:?}");
    // Side by side: the other group, under load all the time, never left its version.
    let other = ("old".to_owned(), json!({"fill": "x"}).to_string().len());
    assert_eq!(whole(&steady, |_| other.clone()).len(), 1);
    // The snapshots that two plans hold, and two that were used lately.
    assert!(host.metric("usher_snapshots") <= 4, "{} snapshots", host.metric("usher_snapshots"));
    for old in [&changing[0], &changing[changing.len() / 2], &steady[0]] {
        let id = old.0["id"].as_str().unwrap();
        let replayed = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(replayed["identical"], true);
    }
}
