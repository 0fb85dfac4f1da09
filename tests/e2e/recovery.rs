//! What was acknowledged survives `kill -9`.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use usher_tests::TestHost;

const KILLS: usize = 20;
const GROUPS: usize = 4;

/// Answers that arrived whole, by event: what the host acknowledged.
type Acknowledged = Mutex<BTreeMap<String, (usize, Value, String)>>;

fn path(group: usize) -> String {
    format!("/v1/brands/tea/groups/k{group}/events")
}

/// Sends events until the host is gone.
fn stream(host: &TestHost, round: usize, worker: usize, gone: &AtomicBool, acknowledged: &Acknowledged) {
    for number in 0.. {
        if gone.load(Ordering::Relaxed) {
            return;
        }
        let group = (worker + number) % GROUPS;
        let mut event = host.message(&format!("u-{worker}"), if number % 3 == 0 { "加微信 abc123" } else { "hello" });
        event["id"] = json!(format!("e-{round}-{worker}-{number}"));
        let body = event.to_string().into_bytes();
        match host.try_send("POST", &path(group), &[("content-type", "application/json")], body) {
            Ok(answer) if answer.status == 200 => {
                let id = event["id"].as_str().unwrap().to_owned();
                acknowledged.lock().unwrap().insert(id, (group, event, answer.text));
            }
            Ok(answer) => panic!("{}: {}", answer.status, answer.text),
            Err(_) => return,
        }
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let mut host = TestHost::with_a_group();
    for group in 0..GROUPS {
        host.put(&format!("/v1/brands/tea/groups/k{group}"), &json!({})).expect(201);
    }
    host.put("/v1/brands/tea/plugins/ad-guard", &json!({"version": "0.1.0"})).expect(201);
    let acknowledged = Acknowledged::default();
    let mut random = StdRng::seed_from_u64(20_261_122);
    for round in 0..KILLS {
        let before = acknowledged.lock().unwrap().len();
        let gone = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for worker in 0..4 {
                let (host, gone, acknowledged) = (&host, &gone, &acknowledged);
                scope.spawn(move || stream(host, round, worker, gone, acknowledged));
            }
            // Some events pass first, so that every round has something to lose; then at a random moment.
            while acknowledged.lock().unwrap().len() < before + 8 {
                std::thread::yield_now();
            }
            std::thread::sleep(Duration::from_millis(random.random_range(0..150)));
            host.kill_now();
            gone.store(true, Ordering::Relaxed);
        });
        host.restart();
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= KILLS * 8);
    let mut numbers: BTreeMap<(usize, u64), String> = BTreeMap::new();
    for (id, (group, event, answered)) in &acknowledged {
        let again = host.post(&path(*group), event).expect(200).text;
        assert_eq!(&again, answered, "the same answer for {id}");
        let decision: Value = serde_json::from_str(answered).unwrap();
        let number = decision["sequence"].as_u64().unwrap();
        assert_eq!(numbers.insert((*group, number), id.clone()), None, "number {number} of group {group} twice");
    }
    for group in 0..GROUPS {
        assert_eq!(sequence_in_journal(&host, group), Ok(()), "group {group}");
    }
}

/// Walks a group's whole journal: every number from the newest down to 1, once each.
fn sequence_in_journal(host: &TestHost, group: usize) -> Result<(), String> {
    let (mut expected, mut cursor) = (None, String::new());
    loop {
        let page = host.get(&format!("/v1/brands/tea/decisions?group=k{group}{cursor}")).expect(200).json();
        for decision in page["items"].as_array().unwrap() {
            let number = decision["sequence"].as_u64().unwrap();
            if expected.is_some_and(|expected| expected != number) {
                return Err(format!("{number} where {expected:?} was expected"));
            }
            expected = Some(number - 1);
        }
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None if expected == Some(0) => return Ok(()),
            None => return Err(format!("the journal ends at {expected:?}")),
        }
    }
}
