//! Counters are exact, whatever is killed: on one host with SQLite, and on two hosts with one PostgreSQL.

use crate::thorough;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use usher_tests::{TestHost, plugin, postgres};

const GROUPS: usize = 50;
const WORKERS: usize = 6;
const KILLS: usize = 8;

/// The first answer to every event, with its group.
type Acknowledged = Mutex<BTreeMap<String, (usize, String)>>;

fn events_path(group: usize) -> String {
    format!("/v1/brands/tea/groups/k{group}/events")
}

fn set_up(host: &TestHost) {
    host.put("/v1/brands/tea", &json!({})).expect(201);
    for group in 0..GROUPS {
        host.put(&format!("/v1/brands/tea/groups/k{group}"), &json!({})).expect(201);
    }
    host.upload(&plugin("scripted")).expect(201);
    host.put("/v1/brands/tea/plugins/scripted", &json!({"version": "0.1.0"})).expect(201);
}

/// What one host puts into force, another follows within a moment.
fn wait_until_in_force(host: &TestHost) {
    host.put("/v1/brands/tea/groups/waiting", &json!({}));
    let mut number = 0;
    loop {
        let event = json!({"id": format!("{}-{number}", host.process_id()), "kind": "message.created",
                           "at": "2026-11-22T00:00:00Z", "actor": {"id": "u"}, "text": "sum c 1"});
        let answer = host.post("/v1/brands/tea/groups/waiting/events", &event);
        if answer.status == 200 && answer.json()["plugins"][0]["outcome"] == "findings" {
            return;
        }
        number += 1;
    }
}

/// Every event, a quarter of them twice, in no order: the group, and the event.
fn events(random: &mut StdRng) -> (usize, Vec<(usize, Value)>) {
    let distinct = if thorough() { 10_000 } else { 2_000 };
    let event = |number: usize| {
        let at = format!("2026-11-22T{:02}:{:02}:{:02}Z", number / 3600 % 24, number / 60 % 60, number % 60);
        let event = json!({"id": format!("e-{number}"), "kind": "message.created", "at": at, "actor": {"id": "u"},
               "text": format!("add c 1; sum c 999999999; get last; put last {number}; start t 5000 add t 1")});
        (number % GROUPS, event)
    };
    let mut all: Vec<_> = (0..distinct).chain((0..distinct).filter(|number| number % 4 == 0)).map(event).collect();
    all.shuffle(random);
    (distinct, all)
}

/// Sends what is pending to hosts at random, until one of them is gone or nothing is pending.
fn work(hosts: &[TestHost], seed: u64, pending: &Mutex<Vec<(usize, Value)>>, gone: &AtomicBool, acked: &Acknowledged) {
    let mut random = StdRng::seed_from_u64(seed);
    while !gone.load(Ordering::Relaxed) {
        let Some((group, event)) = pending.lock().unwrap().pop() else { return };
        let host = hosts.choose(&mut random).unwrap();
        let body = event.to_string().into_bytes();
        match host.try_send("POST", &events_path(group), &[("content-type", "application/json")], body) {
            Ok(answer) if answer.status == 200 => {
                let id = event["id"].as_str().unwrap().to_owned();
                let first = acked.lock().unwrap().entry(id).or_insert_with(|| (group, answer.text.clone())).1.clone();
                assert_eq!(first, answer.text, "one event, one decision");
            }
            Ok(answer) => {
                assert_eq!(answer.status, 503, "{}", answer.text);
                pending.lock().unwrap().push((group, event));
            }
            Err(_) => pending.lock().unwrap().push((group, event)),
        }
    }
}

fn count_exactly(mut hosts: Vec<TestHost>) {
    let mut random = StdRng::seed_from_u64(20_261_122);
    set_up(&hosts[0]);
    hosts.iter().for_each(wait_until_in_force);
    let (distinct, all) = events(&mut random);
    let (total, pending, acked) = (all.len(), Mutex::new(all), Acknowledged::default());
    let mut killed = vec![0; hosts.len()];
    for round in 0..=KILLS {
        // Each of them once, and then any.
        let victim = if round < hosts.len() { round } else { random.random_range(0..hosts.len()) };
        let gone = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for worker in 0..WORKERS {
                let (hosts, pending, gone, acked) = (&hosts, &pending, &gone, &acked);
                scope.spawn(move || work(hosts, (round * WORKERS + worker) as u64, pending, gone, acked));
            }
            if round < KILLS {
                // A share of the events in each round, and then at a random moment.
                let left = total - total * (round + 1) / (KILLS + 2);
                while pending.lock().unwrap().len() > left {
                    std::thread::yield_now();
                }
                std::thread::sleep(Duration::from_millis(random.random_range(0..50)));
                hosts[victim].kill_now();
                gone.store(true, Ordering::Relaxed);
            }
        });
        if round < KILLS {
            killed[victim] += 1;
            hosts[victim].restart();
        }
    }
    assert!(killed.iter().all(|times| *times > 0), "{killed:?}");
    let acked = acked.into_inner().unwrap();
    assert_eq!(acked.len(), distinct);
    let silent = |answer: &&(usize, String)| !answer.1.contains(r#""outcome":"findings""#);
    assert_eq!(acked.values().find(silent), None, "the plugin answers every time");
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (hosts, acked) = (&hosts, &acked);
            scope.spawn(move || {
                (worker..GROUPS).step_by(WORKERS).for_each(|group| check_group(hosts, group, acked));
            });
        }
    });
}

/// The counters are the numbers of distinct events and of timers that fired, the journal has no gap, what was acknowledged
/// is there, and all of it replays.
fn check_group(hosts: &[TestHost], group: usize, acked: &BTreeMap<String, (usize, String)>) {
    let own: Vec<&String> = acked.values().filter(|(of, _)| *of == group).map(|(_, answer)| answer).collect();
    // All timers that were started are due by then.
    let asking = json!({"id": "asking", "kind": "message.created", "at": "2026-11-23T12:00:00Z", "actor": {"id": "u"},
                        "text": "sum c 999999999; sum t 999999999"});
    let asked = hosts[0].post(&events_path(group), &asking).expect(200).json();
    assert_counted(&own);
    let journal = hosts[group % hosts.len()].journal(Some(&format!("k{group}")));
    let fired = journal.iter().filter(|decision| decision["event"].as_str().unwrap().starts_with("timer:")).count();
    assert!(fired > 0 && fired <= own.len(), "one of a name pends at a time");
    assert_eq!(asked["findings"][0]["message"], format!("{} {fired}", own.len()), "group {group}");
    let sequences: Vec<u64> = journal.iter().map(|decision| decision["sequence"].as_u64().unwrap()).collect();
    let all = own.len() as u64 + fired as u64 + 1;
    assert_eq!(sequences, (1..=all).collect::<Vec<_>>(), "no gap and no double in group {group}");
    let by_id: BTreeMap<&str, &Value> =
        journal.iter().map(|decision| (decision["id"].as_str().unwrap(), decision)).collect();
    for answer in own {
        let decision: Value = serde_json::from_str(answer).unwrap();
        assert_eq!(by_id.get(decision["id"].as_str().unwrap()), Some(&&decision), "what was acknowledged is there");
    }
    for (index, id) in by_id.keys().enumerate() {
        let path = format!("/v1/brands/tea/decisions/{id}/replay");
        let replay = hosts[index % hosts.len()].post(&path, &json!({})).expect(200).json();
        assert_eq!(replay["identical"], true, "{replay:#}");
    }
}

/// Each event saw one more than the one before it.
fn assert_counted(answers: &[&String]) {
    let decisions = answers.iter().map(|answer| serde_json::from_str::<Value>(answer).unwrap());
    let mut decisions: Vec<Value> = decisions.collect();
    decisions.sort_by_key(|decision| decision["sequence"].as_u64());
    for (before, decision) in decisions.iter().enumerate() {
        let saw = decision["findings"][0]["message"].as_str().unwrap();
        let next = &decisions[before.saturating_sub(1)];
        assert!(saw.starts_with(&format!("{} ", before + 1)), "{next:#}\n{decision:#}");
    }
}

#[test]
fn one_host_counts_exactly_whatever_is_killed() {
    count_exactly(vec![TestHost::start()]);
}

#[test]
fn two_hosts_on_one_database_count_exactly_whichever_is_killed() {
    let database = postgres();
    count_exactly(vec![TestHost::on(&database), TestHost::on(&database)]);
}
