//! A recorded corpus: every decision of it can be made again, and a backtest of a second version finds what that version
//! would have changed, no more and no less.

use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use usher_tests::{TestHost, plugin};

const EVENTS: usize = 10_000;
const GROUPS: usize = 40;

/// Who asks for replays at the same time.
const READERS: usize = 4;

/// What people say, again and again: flood-guard has something to say to it.
const CHAT: [&str; 4] = [
    "say 大家早上好，今天的活动几点开始，有人知道吗",
    "say 大家早上好，今天的活动几点开始，有人知道吗！",
    "say 收到",
    "say 下午三点在路口集合，记得带上雨伞和水杯，不要迟到",
];

/// Where a decision stands: the group, and the event, or the moment at which a timer fired.
type Place = (String, String);

/// What is in force of a decision.
type Intent = Value;

/// Events of many groups, a second after one another in each of them, some of them late.
fn corpus(random: &mut StdRng) -> Vec<(String, Value)> {
    let event = |number: usize| {
        let (group, index) = (number % GROUPS, number / GROUPS);
        let member = format!("u-{}", random.random_range(0..9));
        // No two timers of a group are due in the same millisecond: odd ones in one version, even ones in the other.
        let due_ms = 2_000 * random.random_range(0..20_u64) + 2 * (index as u64 % 245) + 1;
        let late_s = if random.random_range(0..50) == 0 { 5 } else { 0 };
        let seconds = 100 + index as u64 - late_s;
        let script = match random.random_range(0..9) {
            0 => "add c 1; sum c 600000".to_owned(),
            1 => "sum c 30000; get k".to_owned(),
            2 => format!("put k {index}; put-for 20000 m {member}"),
            3 => format!("get m; start t{index} {due_ms} add c 1 & sum c 60000"),
            4 => format!("start moved {due_ms} put k timer & kick {member}"),
            5 => "stop moved; delete k; latest 1".to_owned(),
            _ => (*CHAT.choose(random).unwrap()).to_owned(),
        };
        let (kind, media, payload) = match random.random_range(0..12) {
            0 => ("message.created", json!(["article"]), json!({})),
            1 => ("redpacket.sent", json!([]), json!({"amount_yuan": 66, "count": 30})),
            2 => ("member.left", json!([]), json!({})),
            _ => ("message.created", json!([]), json!({})),
        };
        let at = format!("2026-11-22T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60);
        let event = json!({"id": format!("e-{index}"), "kind": kind, "at": at, "media": media, "payload": payload,
            "actor": {"id": member}, "text": if kind == "message.created" { script } else { String::new() }});
        (format!("k{group}"), event)
    };
    (0..EVENTS).map(event).collect()
}

/// A host where three plugins are in force, one of them in this version.
fn host(scripted: &str, version: &str) -> TestHost {
    let host = TestHost::start();
    host.put("/v1/brands/tea", &json!({})).expect(201);
    for group in 0..GROUPS {
        host.put(&format!("/v1/brands/tea/groups/k{group}"), &json!({})).expect(201);
    }
    let none_held = json!({"kick": 1_000_000, "mute": 1_000_000, "ban": 1_000_000});
    for (name, file, version) in [
        ("flood-guard", "flood-guard", "0.1.0"),
        ("red-packet", "red-packet", "0.1.0"),
        ("scripted", scripted, version),
    ] {
        host.upload(&plugin(file)).expect(201);
        let enablement = json!({"version": version, "daily_actions": none_held});
        host.put(&format!("/v1/brands/tea/plugins/{name}"), &enablement).expect(201);
    }
    host
}

fn send(host: &TestHost, corpus: &[(String, Value)]) {
    for part in corpus.chunks(500) {
        let lines: Vec<String> =
            part.iter().map(|(group, event)| json!({"group": group, "event": event}).to_string()).collect();
        let headers = [("content-type", "application/x-ndjson")];
        let answers = host.send("POST", "/v1/brands/tea/events/batch", &headers, lines.join("\n")).expect(200).text;
        assert_eq!(answers.lines().count(), part.len());
        let broken = answers.lines().find(|line| line.contains(r#""problem""#));
        assert_eq!(broken, None);
    }
}

/// All decisions of the brand, by where they stand.
fn journal(host: &TestHost) -> BTreeMap<Place, Value> {
    let mut journal = BTreeMap::new();
    for decision in host.journal(None) {
        assert_eq!(journal.insert(place(&decision), decision.clone()), None, "{decision:#}");
    }
    journal
}

/// A timer has another id when another decision started it.
fn place(decision: &Value) -> Place {
    let text = |field: &str| decision[field].as_str().unwrap().to_owned();
    let event = text("event");
    (text("group"), if event.starts_with("timer:") { format!("timer at {}", text("at")) } else { event })
}

fn intent(decision: &Value) -> Intent {
    let fields = ["verdict", "actions", "held_actions", "strikes", "findings"];
    fields.iter().map(|field| ((*field).to_owned(), decision[field].clone())).collect::<serde_json::Map<_, _>>().into()
}

/// What is no news when it is missing: an event that nobody says anything about.
fn says_nothing(intent: &Intent) -> bool {
    *intent == self::intent(&json!({"verdict": "allow", "actions": [], "findings": []}))
}

/// What another version changed: before and after, by where they stand.
fn changes(before: &BTreeMap<Place, Value>, after: &BTreeMap<Place, Value>) -> BTreeMap<Place, [Option<Intent>; 2]> {
    let places = before.keys().chain(after.keys());
    let pair = |place: &Place| {
        let both = [before.get(place).map(intent), after.get(place).map(intent)];
        let changed = match &both {
            [Some(before), Some(after)] => before != after,
            [one, other] => one.iter().chain(other).any(|intent| !says_nothing(intent)),
        };
        changed.then(|| (place.clone(), both))
    };
    places.filter_map(pair).collect()
}

/// Every decision is made again, and comes to the same bytes.
fn replay_all(host: &TestHost, journal: &BTreeMap<Place, Value>) {
    let replay = |decision: &Value| {
        let id = decision["id"].as_str().unwrap();
        let replay = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(replay["identical"], true, "{replay:#}");
    };
    let decisions: Vec<&Value> = journal.values().collect();
    std::thread::scope(|scope| {
        for part in decisions.chunks(decisions.len().div_ceil(READERS)) {
            let replay = &replay;
            scope.spawn(move || part.iter().for_each(|decision| replay(decision)));
        }
    });
}

#[test]
fn a_recorded_corpus_replays_to_the_byte_and_a_second_version_changes_what_its_backtest_says() {
    let corpus = corpus(&mut StdRng::seed_from_u64(20_261_122));
    let live = |scripted: &str, version: &str| {
        let host = host(scripted, version);
        send(&host, &corpus);
        let journal = journal(&host);
        (host, journal)
    };
    let (first, before, after) = std::thread::scope(|scope| {
        let second = scope.spawn(|| live("scripted-next", "0.2.0").1);
        let (first, before) = live("scripted", "0.1.0");
        assert!(before.len() >= EVENTS + 1_000, "{} decisions, timers among them", before.len());
        replay_all(&first, &before);
        (first, before, second.join().unwrap())
    });
    let expected = changes(&before, &after);
    first.upload(&plugin("scripted-next")).expect(201);
    let begun = first.post("/v1/brands/tea/backtests", &json!({"plugin": "scripted", "version": "0.2.0"})).expect(202);
    let stream = first.get(&format!("{}/stream", begun.header("location"))).expect(200).text;
    let mut found = BTreeMap::new();
    for data in stream.split("\n\n").filter(|message| message.contains("event: difference")) {
        let json = data.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        let difference: Value = serde_json::from_str(json).unwrap();
        let both = ["before", "after"].map(|which| difference.get(which).map(intent));
        assert_eq!(found.insert(place(&difference), both), None, "{difference:#}");
    }
    for (place, both) in &expected {
        assert_eq!(found.get(place), Some(both), "{place:?}");
    }
    for (place, both) in &found {
        assert!(expected.contains_key(place), "{place:?} {both:#?}");
    }
    let only = |which: usize| expected.values().filter(|both| both[which].is_none()).count();
    assert!(
        only(0) > 800 && only(1) > 900 && expected.len() > EVENTS / 3,
        "{} {} {}",
        only(0),
        only(1),
        expected.len()
    );
}
