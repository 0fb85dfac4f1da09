//! Several hosts on one PostgreSQL.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use usher_tests::{Answer, Client, TestHost, plugin, postgres};

const GROUPS: usize = 8;

/// How long another host may take to see a change; far more than it does.
const SEEN_WITHIN: Duration = Duration::from_secs(20);

/// Asks until the answer is right: what another host changed is seen a little later.
#[track_caller]
fn soon(ask: impl Fn() -> Answer, right: impl Fn(&Answer) -> bool) -> Answer {
    let started = Instant::now();
    loop {
        let answer = ask();
        if right(&answer) {
            return answer;
        }
        assert!(started.elapsed() < SEEN_WITHIN, "{answer:?}");
        std::thread::yield_now();
    }
}

fn event(id: &str, text: &str) -> Value {
    json!({"id": id, "kind": "message.created", "at": "2026-11-22T12:00:00Z", "actor": {"id": "u-1"}, "text": text})
}

fn events(group: usize) -> String {
    format!("/v1/brands/tea/groups/k{group}/events")
}

/// Two hosts, and through the first of them: a brand with its groups, and ad-guard for all of them.
fn two_hosts() -> [TestHost; 2] {
    let database = postgres();
    let hosts = [TestHost::on(&database), TestHost::on(&database)];
    hosts[0].put("/v1/brands/tea", &json!({})).expect(201);
    for group in 0..GROUPS {
        hosts[0].put(&format!("/v1/brands/tea/groups/k{group}"), &json!({})).expect(201);
    }
    hosts[0].upload(&plugin("ad-guard")).expect(201);
    hosts
}

#[test]
fn events_sent_to_two_hosts_at_random_make_one_journal() {
    let hosts = two_hosts();
    hosts[0].put("/v1/brands/tea/plugins/ad-guard", &json!({"version": "0.1.0"})).expect(201);
    let acknowledged: Mutex<BTreeMap<String, (usize, String)>> = Mutex::default();
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (hosts, acknowledged) = (&hosts, &acknowledged);
            scope.spawn(move || {
                let mut random = StdRng::seed_from_u64(worker);
                for number in 0..60 {
                    // Neighbours send some of the same events, also at the same time.
                    let id = format!("e-{}-{number}", worker / 2);
                    let group = number % GROUPS;
                    let answer = send(&hosts[random.random_range(0..2)], &events(group), &event(&id, "hello"));
                    let mut acknowledged = acknowledged.lock().unwrap();
                    if let Some((_, first)) = acknowledged.insert(id, (group, answer.clone())) {
                        assert_eq!(first, answer, "one event, one decision");
                    }
                }
            });
        }
    });
    let acknowledged = acknowledged.into_inner().unwrap();
    assert_eq!(acknowledged.len(), 4 * 60);
    let mut journal: BTreeMap<(usize, u64), String> = BTreeMap::new();
    for (group, answer) in acknowledged.values() {
        let decision: Value = serde_json::from_str(answer).unwrap();
        let sequence = decision["sequence"].as_u64().unwrap();
        assert_eq!(journal.insert((*group, sequence), answer.clone()), None, "number {sequence} of {group} twice");
        for host in &hosts {
            let path = format!("/v1/brands/tea/decisions/{}", decision["id"].as_str().unwrap());
            assert_eq!(&host.get(&path).expect(200).text, answer);
        }
    }
    for group in 0..GROUPS {
        let numbers: Vec<u64> = journal.keys().filter(|key| key.0 == group).map(|key| key.1).collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "no gap in group {group}");
    }
}

/// Sends until the host has an answer: others may keep coming first.
fn send(host: &Client, path: &str, event: &Value) -> String {
    loop {
        let answer = host.post(path, event);
        match answer.status {
            200 => return answer.text,
            503 => assert_eq!(answer.problem(), "busy"),
            _ => panic!("{answer:?}"),
        }
    }
}

#[test]
fn a_group_that_another_host_made_is_there_at_once() {
    let database = postgres();
    let [a, b] = [TestHost::on(&database), TestHost::on(&database)];
    for round in 0..5 {
        a.put(&format!("/v1/brands/b{round}"), &json!({})).expect(201);
        a.put(&format!("/v1/brands/b{round}/groups/g"), &json!({})).expect(201);
        b.post(&format!("/v1/brands/b{round}/groups/g/events"), &event("e", "hello")).expect(200);
        a.put(&format!("/v1/brands/b{round}/groups/h"), &json!({})).expect(201);
        let line = json!({"group": "h", "event": event("e", "hello")}).to_string();
        let path = format!("/v1/brands/b{round}/events/batch");
        let answer = b.send("POST", &path, &[("content-type", "application/x-ndjson")], line).expect(200);
        assert_eq!(answer.json()["decision"]["verdict"], "allow", "{}", answer.text);
    }
    assert_eq!(b.post("/v1/brands/b0/groups/other/events", &event("e", "hello")).expect(404).problem(), "not-found");
}

/// Whoever commits knows the new head at once, and the other has to read it first: without turns, one of them would lose
/// again and again.
#[test]
fn a_hot_group_sent_to_two_hosts_turns_nobody_away() {
    let hosts = two_hosts();
    let taken: Mutex<BTreeMap<u64, String>> = Mutex::default();
    std::thread::scope(|scope| {
        for worker in 0..120_usize {
            let (hosts, taken) = (&hosts, &taken);
            scope.spawn(move || {
                for number in 0..20 {
                    let id = format!("e-{worker}-{number}");
                    let decided = hosts[worker % 2].post(&events(0), &event(&id, "早上好")).expect(200).json();
                    let before = taken.lock().unwrap().insert(decided["sequence"].as_u64().unwrap(), id);
                    assert_eq!(before, None);
                }
            });
        }
    });
    let taken = taken.into_inner().unwrap();
    assert_eq!(taken.into_keys().collect::<Vec<_>>(), (1..=2400).collect::<Vec<_>>());
}

#[test]
fn what_one_host_changes_is_in_force_on_the_other() {
    let [a, b] = two_hosts();
    // The plugin was uploaded to the first, and is enabled through the second.
    b.put("/v1/brands/tea/groups/k0/plugins/ad-guard", &json!({"version": "0.1.0"})).expect(201);
    let number = std::cell::Cell::new(0);
    let verdict = |host: &TestHost, text: &str, expected: &str| {
        let ask = || {
            number.set(number.get() + 1);
            host.post(&events(0), &event(&format!("e-{}", number.get()), text)).expect(200)
        };
        soon(ask, |answer| answer.json()["verdict"] == expected);
    };
    verdict(&a, "加微信 abc123", "flag");
    a.delete("/v1/brands/tea/groups/k0/plugins/ad-guard").expect(204);
    verdict(&b, "加微信 abc123", "allow");

    let settings = json!({"word_lists": [{"name": "ads", "severity": "severe"}]});
    a.put("/v1/brands/tea/plugins/ad-guard", &json!({"version": "0.1.0", "settings": settings})).expect(201);
    b.put("/v1/brands/tea/word-lists/ads", &json!({"entries": ["博彩"], "allow": []})).expect(201);
    verdict(&a, "博彩", "block");
    verdict(&b, "博彩", "block");
    b.delete("/v1/brands/tea/word-lists/ads").expect(204);
    verdict(&a, "博彩", "allow");
}

#[test]
fn a_key_that_one_host_takes_back_is_of_no_use_on_the_other() {
    let [a, b] = two_hosts();
    let made = a.post("/v1/keys", &json!({"role": "viewer"})).expect(201).json();
    let viewer = b.with_key(made["secret"].as_str().unwrap());
    soon(|| viewer.get("/v1/brands"), |answer| answer.status == 200);
    a.delete(&format!("/v1/keys/{}", made["id"].as_str().unwrap())).expect(204);
    soon(|| viewer.get("/v1/brands"), |answer| answer.status == 401);
}

#[test]
fn the_settings_are_shown_without_the_password() {
    let host = TestHost::start();
    let url = "postgres://usher:s3cret@db.example/usher";
    let shown = host.usher(&["serve", "--print-config", "--database-url", url]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("database_url = \"postgres://usher@db.example:5432/usher\""), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    let refused = host.usher(&["serve", "--database-url", "postgres:/usher:s3cret@db.example"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("not of the form postgres://") && !said.contains("s3cret"), "{said}");
}
