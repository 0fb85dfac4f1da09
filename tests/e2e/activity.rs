//! The ledger: what members did, counted once and on the right day, whatever is sent twice and whatever is killed.

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use usher_tests::{TestHost, plugin, postgres};

/// An event of `g1`, a second after the last one.
fn event(host: &TestHost, id: &str, kind: &str, actor: &str, payload: &Value) -> Value {
    let mut event = host.message(actor, "");
    event["id"] = json!(id);
    event["kind"] = json!(kind);
    event["payload"] = payload.clone();
    event
}

fn send(host: &TestHost, id: &str, kind: &str, actor: &str, payload: &Value) {
    host.post_event(&event(host, id, kind, actor, payload)).expect(200);
}

/// A member's measures in `g1`, as `sum/days/people`.
fn activity(host: &TestHost, member: &str, query: &str) -> BTreeMap<String, String> {
    let path = format!("/v1/brands/tea/groups/g1/members/{member}/activity{query}");
    let answer = host.get(&path).expect(200).json();
    assert_eq!(answer["member"], member);
    measures(&answer)
}

fn measures(of: &Value) -> BTreeMap<String, String> {
    let line = |one: &Value| format!("{}/{}/{}", one["sum"], one["days"], one["people"]);
    let measures = of["measures"].as_array().unwrap().iter();
    measures.map(|one| (one["measure"].as_str().unwrap().to_owned(), line(one))).collect()
}

fn expected(measures: &[(&str, &str)]) -> BTreeMap<String, String> {
    measures.iter().map(|(measure, line)| ((*measure).to_owned(), (*line).to_owned())).collect()
}

#[test]
fn what_members_do_and_what_is_done_to_them_is_counted_by_day() {
    let host = TestHost::with_a_group();
    // Eight in the evening in Shanghai.
    send(&host, "q1", "message.created", "lan", &json!({}));
    send(&host, "a1", "message.created", "mei", &json!({"reply_to": "q1"}));
    send(&host, "r1", "reaction.added", "lan", &json!({"message": "a1", "emoji": "👍"}));
    send(&host, "r2", "reaction.added", "bo", &json!({"message": "a1", "emoji": "👍"}));
    send(&host, "r3", "reaction.added", "mei", &json!({"message": "a1", "emoji": "👍"}));
    send(&host, "p1", "purchase.made", "lan", &json!({"order": "o-1", "amount_yuan": 19.9}));
    send(&host, "h1", "redpacket.sent", "lan", &json!({"amount_yuan": 88, "count": 10}));
    send(&host, "f1", "fact.offline-help", "mei", &json!({"amount": 3}));
    // Past midnight, five hours later.
    host.pass_ms(5 * 3_600_000);
    send(&host, "m2", "message.created", "mei", &json!({"reply_to": "unknown"}));
    send(&host, "c1", "checkin.done", "mei", &json!({"theme": "早起"}));
    send(&host, "i1", "invite.accepted", "mei", &json!({"member": "xiao"}));
    let mei = [
        ("checkins", "1/1/0"),
        ("fact_offline_help", "3/1/0"),
        ("invites", "1/1/1"),
        ("messages", "2/2/0"),
        ("reactions_received", "2/1/2"),
        ("replies", "1/1/0"),
    ];
    assert_eq!(activity(&host, "mei", ""), expected(&mei));
    let today = activity(&host, "mei", "?from=2026-11-23");
    assert_eq!(today, expected(&[("checkins", "1/1/0"), ("invites", "1/1/1"), ("messages", "1/1/0")]));
    let yesterday = activity(&host, "mei", "?from=2026-11-22&until=2026-11-23");
    assert_eq!(yesterday["messages"], "1/1/0");
    let lan = [
        ("messages", "1/1/0"),
        ("purchase_fen", "1990/1/0"),
        ("purchases", "1/1/0"),
        ("reactions", "1/1/0"),
        ("red_packet_fen", "8800/1/0"),
        ("red_packets", "1/1/0"),
        ("replies_received", "1/1/1"),
    ];
    assert_eq!(activity(&host, "lan", ""), expected(&lan));
    assert_eq!(activity(&host, "nobody", ""), BTreeMap::new());

    let page = host.get("/v1/brands/tea/groups/g1/activity?limit=2").expect(200).json();
    let members = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|item| item["member"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((members(&page), &page["next"]), (vec!["bo".into(), "lan".into()], &json!("lan")));
    assert_eq!(measures(&page["items"][1]), expected(&lan));
    let next = host.get("/v1/brands/tea/groups/g1/activity?limit=2&cursor=lan").expect(200).json();
    assert_eq!((members(&next), &next["next"]), (vec!["mei".into()], &Value::Null));
}

#[test]
fn a_helper_is_known_by_the_people_helped_and_by_the_time_to_answer() {
    let host = TestHost::with_a_group();
    for (number, asker) in ["lan", "bo", "lan", "lan"].iter().enumerate() {
        send(&host, &format!("q{number}"), "message.created", asker, &json!({}));
        host.pass_ms(59_000);
        send(&host, &format!("a{number}"), "message.created", "mei", &json!({"reply_to": format!("q{number}")}));
        // Accepted much later, which is not the helper's fault.
        host.pass_ms(600_000);
        let payload = json!({"question": format!("q{number}"), "answer": format!("a{number}")});
        send(&host, &format!("ok{number}"), "answer.accepted", "mei", &payload);
    }
    send(&host, "ok-own", "answer.accepted", "mei", &json!({"question": "a0"}));
    send(&host, "ok-far", "answer.accepted", "mei", &json!({"question": "elsewhere", "helped": "xiao"}));
    let mei = activity(&host, "mei", "");
    assert_eq!(mei["answers"], "5/1/0");
    assert_eq!(mei["helped"], "5/1/3", "lan three times, bo and xiao once");
    assert_eq!(mei["answers_timed"], "4/1/0", "of the last one the question is not known");
    assert_eq!(mei["answer_ms"], "240000/1/0", "a minute each");
    assert_eq!(activity(&host, "lan", "")["answers_received"], "3/1/1");
}

#[test]
fn an_event_counts_once_however_often_and_however_it_is_sent() {
    let mut host = TestHost::with_a_group();
    let events: Vec<Value> = (0..60)
        .map(|number| {
            let payload = if number % 3 == 0 { json!({}) } else { json!({"reply_to": format!("e{}", number - 1)}) };
            let mut event =
                event(&host, &format!("e{number}"), "message.created", ["lan", "mei"][number % 2], &payload);
            // All in one moment: nothing depends on when they come.
            event["at"] = json!("2026-11-22T12:00:00Z");
            event
        })
        .collect();
    let batch = |host: &TestHost| {
        let lines: Vec<String> =
            events.iter().chain(&events).map(|event| json!({"group": "g1", "event": event}).to_string()).collect();
        let ndjson = [("content-type", "application/x-ndjson")];
        let answer = host.send("POST", "/v1/brands/tea/events/batch", &ndjson, lines.join("\n")).expect(200);
        assert_eq!(answer.text.matches(r#""decision":"#).count(), 120, "{}", answer.text);
    };
    batch(&host);
    let counted = activity(&host, "lan", "");
    assert_eq!(counted, expected(&[("messages", "30/1/0"), ("replies", "20/1/0"), ("replies_received", "20/1/1")]));
    batch(&host);
    for event in &events {
        host.post_event(event).expect(200);
    }
    host.restart();
    batch(&host);
    assert_eq!(activity(&host, "lan", ""), counted);
    let page = host.get("/v1/brands/tea/groups/g1/activity").expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}

#[test]
fn what_a_plugin_blocks_is_no_message_and_its_strikes_are_counted() {
    let host = TestHost::with_a_group();
    let settings = json!({"contact_severity": "severe"});
    host.enable("ad-guard", &json!({"version": "0.1.0", "settings": settings})).expect(201);
    assert_eq!(host.post_message("spammer", "加微信 abc123").verdict(), "block");
    assert_eq!(host.post_message("spammer", "hello").verdict(), "allow");
    let counted = activity(&host, "spammer", "");
    assert_eq!((&*counted["messages"], &*counted["messages_blocked"]), ("1/1/0", "1/1/0"));
    host.enable_guest(&plugin("scripted"), &json!({})).expect(201);
    let struck = host.post_message("spammer", "strike 2 1000");
    assert_eq!(struck.0["strikes"][0]["weight"], 2, "{:#}", struck.0);
    assert_eq!(activity(&host, "spammer", "")["strikes"], "2/1/0");
}

#[test]
fn a_host_that_is_told_not_to_count_does_not() {
    let host = TestHost::start_with_env(&["--clock", "events"], &[("USHER_LEDGER__ENABLED", "false")]);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    send(&host, "m1", "message.created", "lan", &json!({}));
    send(&host, "c1", "content.shown", "lan", &json!({"content": "c"}));
    assert_eq!(activity(&host, "lan", ""), BTreeMap::new());
    let seen = host.get("/v1/brands/tea/groups/g1/seen").expect(200).json();
    assert_eq!(seen["items"], json!([]));
}

#[test]
fn a_window_that_makes_no_sense_is_refused_with_the_reason() {
    let host = TestHost::with_a_group();
    let path = "/v1/brands/tea/groups/g1/members/lan/activity";
    for query in ["?from=2026-11-22&until=2026-11-22", "?from=yesterday", "?from=2000-01-01", "?since=2026-11-22"] {
        assert_eq!(host.get(&format!("{path}{query}")).expect(400).problem(), "malformed", "{query}");
    }
    host.get("/v1/brands/tea/groups/nowhere/activity").expect(404);
    host.put("/v1/brands/other", &json!({})).expect(201);
    host.key("integrator", Some("other")).get(path).expect(404);
}

const GROUPS: usize = 5;
const KILLS: usize = 6;
const EVENTS: usize = 500;

type Pending = Mutex<Vec<(usize, Value)>>;
/// The group, the event, and where in the group's journal it came.
type Decided = Mutex<BTreeMap<String, (usize, Value, u64)>>;

/// Messages, and reactions and replies to earlier ones of their group; a third of all twice, in no order.
fn history(random: &mut StdRng) -> Vec<(usize, Value)> {
    let mut all = Vec::new();
    for number in 0..EVENTS {
        let group = number % GROUPS;
        let earlier = number.checked_sub(GROUPS * random.random_range(1..4));
        let earlier = earlier.map(|earlier| format!("e-{earlier}"));
        let (kind, field) = *[("message.created", "reply_to"), ("reaction.added", "message")].choose(random).unwrap();
        let payload = earlier.map_or(json!({}), |earlier| json!({ field: earlier }));
        let at = format!("2026-11-22T15:{:02}:{:02}Z", 55 + number / 60 % 5, number % 60);
        let actor = format!("u-{}", random.random_range(0..4));
        all.push((
            group,
            json!({"id": format!("e-{number}"), "kind": kind, "at": at, "actor": {"id": actor},
                                "payload": payload}),
        ));
    }
    let again: Vec<_> = all.iter().filter(|_| random.random_bool(0.33)).cloned().collect();
    all.extend(again);
    all.shuffle(random);
    all
}

fn work(hosts: &[TestHost], seed: u64, pending: &Pending, gone: &AtomicBool, decided: &Decided) {
    let mut random = StdRng::seed_from_u64(seed);
    while !gone.load(Ordering::Relaxed) {
        let Some((group, event)) = pending.lock().unwrap().pop() else { return };
        let (host, path) = (hosts.choose(&mut random).unwrap(), format!("/v1/brands/tea/groups/k{group}/events"));
        let json = [("content-type", "application/json")];
        match host.try_send("POST", &path, &json, event.to_string().into_bytes()) {
            Ok(answer) if answer.status == 200 => {
                let sequence = answer.json()["sequence"].as_u64().unwrap();
                let id = event["id"].as_str().unwrap().to_owned();
                decided.lock().unwrap().insert(id, (group, event, sequence));
            }
            Ok(answer) => {
                assert_eq!(answer.status, 503, "{}", answer.text);
                pending.lock().unwrap().push((group, event));
            }
            Err(_) => pending.lock().unwrap().push((group, event)),
        }
    }
}

/// By group and member, each measure's sum and people: what the journal says, told from the decisions.
fn told(decided: &BTreeMap<String, (usize, Value, u64)>) -> BTreeMap<(usize, String, String), (i64, BTreeSet<String>)> {
    let mut told: BTreeMap<_, (i64, BTreeSet<String>)> = BTreeMap::new();
    for (group, event, sequence) in decided.values() {
        let actor = event["actor"]["id"].as_str().unwrap();
        let (given, received, field) = match event["kind"].as_str().unwrap() {
            "message.created" => ("replies", "replies_received", "reply_to"),
            _ => ("reactions", "reactions_received", "message"),
        };
        let mut add = |member: &str, measure: &str, other: Option<&str>| {
            let entry = told.entry((*group, member.to_owned(), measure.to_owned())).or_default();
            entry.0 += 1;
            entry.1.extend(other.map(str::to_owned));
        };
        if given == "replies" {
            add(actor, "messages", None);
        }
        let Some(earlier) = event["payload"][field].as_str().and_then(|earlier| decided.get(earlier)) else { continue };
        let author = earlier.1["actor"]["id"].as_str().unwrap();
        // What came later was not there yet.
        if earlier.2 < *sequence && author != actor {
            add(actor, given, None);
            add(author, received, Some(actor));
        }
    }
    told
}

fn count_exactly(mut hosts: Vec<TestHost>) {
    let mut random = StdRng::seed_from_u64(20_261_122);
    hosts[0].put("/v1/brands/tea", &json!({})).expect(201);
    for group in 0..GROUPS {
        hosts[0].put(&format!("/v1/brands/tea/groups/k{group}"), &json!({})).expect(201);
    }
    let all = history(&mut random);
    let (total, pending, decided) = (all.len(), Mutex::new(all), Decided::default());
    for round in 0..=KILLS {
        let (gone, victim) = (AtomicBool::new(false), random.random_range(0..hosts.len()));
        std::thread::scope(|scope| {
            for worker in 0..6 {
                let (hosts, pending, gone, decided) = (&hosts, &pending, &gone, &decided);
                scope.spawn(move || work(hosts, (round * 6 + worker) as u64, pending, gone, decided));
            }
            if round < KILLS {
                let left = total - total * (round + 1) / (KILLS + 2);
                while pending.lock().unwrap().len() > left {
                    std::thread::yield_now();
                }
                std::thread::sleep(Duration::from_millis(random.random_range(0..30)));
                hosts[victim].kill_now();
                gone.store(true, Ordering::Relaxed);
            }
        });
        if round < KILLS {
            hosts[victim].restart();
        }
    }
    let decided = decided.into_inner().unwrap();
    assert_eq!(decided.len(), EVENTS);
    let mut kept = BTreeMap::new();
    for group in 0..GROUPS {
        let path = format!("/v1/brands/tea/groups/k{group}/activity?from=2026-11-22&until=2026-11-24");
        let page = hosts[group % hosts.len()].get(&path).expect(200).json();
        for item in page["items"].as_array().unwrap() {
            for one in item["measures"].as_array().unwrap() {
                let text = |field: &Value| field.as_str().unwrap().to_owned();
                let key = (group, text(&item["member"]), text(&one["measure"]));
                kept.insert(key, (one["sum"].as_i64().unwrap(), one["people"].as_u64().unwrap()));
            }
        }
    }
    let told = told(&decided).into_iter().map(|(key, (sum, people))| (key, (sum, people.len() as u64)));
    assert_eq!(kept, told.collect());
}

#[test]
fn activity_is_exact_whatever_is_killed() {
    count_exactly(vec![TestHost::start()]);
}

#[test]
fn activity_is_exact_over_two_hosts_on_one_database() {
    let database = postgres();
    count_exactly(vec![TestHost::on(&database), TestHost::on(&database)]);
}
