//! What to post: ranked by plugins, and within what no plugin can get wrong.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use usher_tests::{TestHost, plugin};

const RECOMMENDATIONS: &str = "/v1/brands/tea/groups/g1/recommendations";

/// A host whose group ranks contents by their attribute `worth`.
fn host_with(settings: &Value) -> TestHost {
    let host = TestHost::start();
    host.put("/v1/brands/tea", &json!({"name": "茶语"})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({"name": "茶友一群", "kind": "interest"})).expect(201);
    host.enable_guest(&plugin("test-ranker"), settings).expect(201);
    // Somebody has to tell the time.
    host.post_event(&json!({"id": "first", "kind": "group.renamed", "at": host.now(), "payload": {}})).expect(200);
    host
}

/// Contents worth 0, 1, 2, …, each with a title, topic and author of its own.
fn shelf(host: &TestHost, many: u32) {
    for n in 0..many {
        content(host, &format!("c-{n:02}"), &json!({"attributes": {"worth": n.to_string()}}));
    }
}

fn content(host: &TestHost, id: &str, more: &Value) {
    let mut body = json!({"title": format!("标题 {id} {id} {id}"), "topic": id, "author": id, "format": "text"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = host.put(&format!("/v1/brands/tea/contents/{id}"), &body);
    assert!(answer.status < 300, "{}", answer.text);
}

/// What is asked, without exploration.
#[expect(clippy::needless_pass_by_value, reason = "it is written where it is asked")]
fn asked(more: Value) -> Value {
    let mut asked = json!({"slot": "morning", "explore_percent": 0});
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked
}

#[track_caller]
fn run(host: &TestHost, asked: &Value) -> Value {
    host.post(RECOMMENDATIONS, asked).expect(201).json()
}

fn recommended(run: &Value) -> Vec<&str> {
    let rows = run["items"].as_array().unwrap().iter().filter(|row| row["recommended"] == true);
    rows.map(|row| row["content"].as_str().unwrap()).collect()
}

fn row<'r>(run: &'r Value, content: &str) -> &'r Value {
    run["items"].as_array().unwrap().iter().find(|row| row["content"] == content).unwrap()
}

fn happened(host: &TestHost, kind: &str, content: &str, actor: Option<&str>) {
    let mut event = host.message("nobody", "");
    event["kind"] = json!(kind);
    event["actor"] = actor.map_or(Value::Null, |id| json!({"id": id, "name": id}));
    event["payload"] = json!({"content": content, "slot": "morning"});
    if actor.is_none() {
        event.as_object_mut().unwrap().remove("actor");
    }
    event.as_object_mut().unwrap().remove("text");
    host.post_event(&event).expect(200);
}

fn replays(host: &TestHost, run: &Value) {
    let path = format!("/v1/brands/tea/runs/{}/replay", run["id"].as_str().unwrap());
    let again = host.post(&path, &json!({})).expect(200).json();
    assert_eq!((&again["identical"], &again["same_engine"]), (&json!(true), &json!(true)), "{run:#}");
}

#[test]
fn the_best_comes_first_and_explains_itself() {
    let host = host_with(&json!({"reads": 0.7, "favourite": "morning"}));
    shelf(&host, 6);
    (0..9).for_each(|n| happened(&host, "content.read", "c-01", Some(&format!("u-{n}"))));
    let run = run(&host, &asked(json!({"limit": 3})));
    assert_eq!(recommended(&run), ["c-01", "c-05", "c-04"], "{run:#}");
    assert_eq!((&run["ranked"], &run["recommended"], &run["explored"]), (&json!(6), &json!(3), &json!(0)));
    for row in run["items"].as_array().unwrap() {
        let exact = |number: &Value| number.to_string().parse::<f64>().unwrap();
        let points = row["contributions"].as_array().unwrap().iter().map(|one| exact(&one["points"]));
        assert_eq!(points.fold(0.0, |sum, points| sum + points).to_bits(), exact(&row["score"]).to_bits(), "{row:#}");
    }
    assert_eq!(row(&run, "c-03")["fate"], "no_room");
    replays(&host, &run);
}

#[test]
fn nothing_that_was_seen_is_recommended_again() {
    let host = host_with(&json!({}));
    shelf(&host, 9);
    let mut seen = BTreeSet::new();
    for _ in 0..9 {
        let run = run(&host, &asked(json!({"limit": 2, "explore_percent": 50})));
        for content in recommended(&run) {
            assert!(seen.insert(content.to_owned()), "{content} again");
            happened(&host, "content.shown", content, None);
        }
        replays(&host, &run);
    }
    assert_eq!(seen.len(), 9);
    let last = run(&host, &asked(json!({})));
    assert_eq!((&last["recommended"], &last["refused"]), (&json!(0), &json!(9)));
    assert_eq!(row(&last, "c-00")["refused"], "seen");
    // What one member saw, the others and the group have not; what the group saw, every member has.
    content(&host, "new", &json!({}));
    happened(&host, "content.read", "new", Some("u-1"));
    let for_member = |member: &str| recommended(&run(&host, &asked(json!({"member": member})))).len();
    assert_eq!((for_member("u-1"), for_member("u-2")), (0, 1));
    assert_eq!(recommended(&run(&host, &asked(json!({})))), ["new"]);
}

#[test]
fn validity_audience_duplicates_and_variety_are_kept_whatever_the_ranking() {
    let host = host_with(&json!({}));
    let worth = |id: &str, worth: u32, more: Value| {
        let mut body = json!({"attributes": {"worth": worth.to_string()}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        content(&host, id, &body);
    };
    worth("early", 99, json!({"valid_from": "2026-11-23T00:00:00Z"}));
    worth("late", 98, json!({"valid_until": "2026-11-22T00:00:00Z"}));
    worth("others", 97, json!({"audience": {"kinds": ["product"]}}));
    worth("no", 96, json!({"attributes": {"worth": "96", "may": "no"}}));
    worth("a-1", 50, json!({"title": "今天下午三点开会，请大家准时", "topic": "会议"}));
    worth("a-2", 49, json!({"title": "今天下午三点开会，请大家准时!", "topic": "会议"}));
    worth("a-3", 48, json!({"topic": "会议"}));
    worth("a-4", 47, json!({"topic": "会议"}));
    worth("b-1", 10, json!({"format": "article", "author": "甲"}));
    worth("b-2", 9, json!({"format": "image", "author": "甲"}));
    worth("b-3", 8, json!({"format": "image"}));
    let variety = json!({"per_topic": 2, "per_author": 1, "per_format": 2, "window_days": 3});
    let run = run(&host, &asked(json!({"limit": 9, "variety": variety})));
    assert_eq!(recommended(&run), ["a-1", "a-3", "b-1", "b-3"], "{run:#}");
    let said = |content: &str| {
        let row = row(&run, content);
        row["fate"].as_str().or(row["refused"].as_str()).unwrap().to_owned()
    };
    let told = ["early", "late", "others", "no", "a-2", "a-4", "b-2"].map(said);
    let expected = [
        "not_yet_valid",
        "no_longer_valid",
        "other_audience",
        "excluded",
        "duplicate",
        "enough_of_topic",
        "enough_of_author",
    ];
    assert_eq!(told, expected);
    assert_eq!(row(&run, "no")["remarks"], json!([{"by": "test-ranker", "text": "may not"}]));
    replays(&host, &run);
}

#[test]
fn what_was_seen_lately_counts_for_variety() {
    let host = host_with(&json!({}));
    for id in ["a", "b", "c"] {
        content(&host, id, &json!({"topic": "茶"}));
    }
    content(&host, "d", &json!({"topic": "器"}));
    happened(&host, "content.shown", "a", None);
    let variety = json!({"per_topic": 1, "window_days": 3});
    let asked = |at: &str| asked(json!({"limit": 9, "variety": variety, "at": at}));
    assert_eq!(recommended(&run(&host, &asked("2026-11-22T13:00:00Z"))), ["d"]);
    assert_eq!(recommended(&run(&host, &asked("2026-11-26T13:00:00Z"))), ["b", "d"]);
}

#[test]
fn the_share_of_exploration_is_as_asked_and_its_draws_repeat() {
    let host = host_with(&json!({}));
    shelf(&host, 20);
    let mut explored = 0;
    for n in 0..200 {
        let at = format!("2026-11-22T13:{:02}:{:02}Z", n / 60, n % 60);
        let asked = asked(json!({"limit": 2, "explore_percent": 25, "at": at}));
        let first = run(&host, &asked);
        explored += first["explored"].as_u64().unwrap();
        if n % 50 == 0 {
            assert_eq!(recommended(&run(&host, &asked)), recommended(&first));
            replays(&host, &first);
        }
    }
    assert!((75..=125).contains(&explored), "{explored} of 400");
}

#[test]
fn no_quota_is_ever_broken() {
    let host = host_with(&json!({}));
    host.put("/v1/brands/tea/groups/g1", &json!({"kind": "interest", "time_zone": "America/New_York"})).expect(200);
    shelf(&host, 3);
    let mut chance = StdRng::seed_from_u64(11);
    let mut pushed: BTreeMap<(&str, String), u32> = BTreeMap::new();
    for _ in 0..120 {
        // In no order, over a change of the clocks and the end of a year.
        let (month, day) = (chance.random_range(10..15), chance.random_range(1..29));
        let (year, month) = if month > 12 { (2027, month - 12) } else { (2026, month) };
        let at = format!("{year}-{month:02}-{day:02}T{:02}:30:00Z", chance.random_range(5..24));
        let (account, window) = if chance.random_bool(0.5) {
            ("service", at[..7].to_owned())
        } else {
            ("subscription", at[..10].to_owned()) // after five in the morning UTC, it is the same day in New York
        };
        let run = run(&host, &asked(json!({"account": account, "at": at, "limit": 1})));
        let reserved = run["quota"]["reserved"].as_bool().unwrap();
        assert_eq!(recommended(&run).len(), usize::from(reserved), "{run:#}");
        *pushed.entry((account, window)).or_default() += u32::from(reserved);
    }
    for ((account, window), pushes) in &pushed {
        let limit = if *account == "service" { 4 } else { 1 };
        assert!(*pushes <= limit, "{account} in {window}: {pushes}");
        assert!(*account == "service" || *pushes == 1, "a day without a push has room for one");
    }
    assert!(pushed.values().any(|pushes| *pushes == 4));
}

#[test]
fn a_quota_that_is_used_up_says_until_when() {
    let host = host_with(&json!({}));
    shelf(&host, 2);
    let asked = |at: &str, account: &str| asked(json!({"account": account, "at": at}));
    // A day of Shanghai begins at 16:00 UTC.
    assert_eq!(run(&host, &asked("2026-11-22T15:59:00Z", "subscription"))["quota"]["reserved"], true);
    assert_eq!(run(&host, &asked("2026-11-22T16:00:00Z", "subscription"))["quota"]["reserved"], true);
    let full = run(&host, &asked("2026-11-22T16:01:00Z", "subscription"));
    let told =
        json!({"account": "subscription", "limit": 1, "from": "2026-11-23", "until": "2026-11-24", "reserved": false});
    assert_eq!(
        (&full["quota"], &full["recommended"], &row(&full, "c-01")["fate"]),
        (&told, &json!(0), &json!("quota_used_up"))
    );
    replays(&host, &full);
    assert_eq!(run(&host, &asked("2026-11-22T16:01:00Z", "mention_all"))["quota"]["reserved"], true);
    assert_eq!(run(&host, &asked("2026-11-24T15:59:00Z", "mention_all"))["quota"]["reserved"], false);
    assert_eq!(run(&host, &asked("2026-11-24T16:00:00Z", "mention_all"))["quota"]["reserved"], true);
    // Members have quotas of their own, and nothing to recommend takes none.
    let for_member =
        json!({"slot": "morning", "account": "subscription", "member": "u-1", "at": "2026-11-22T16:01:00Z"});
    assert_eq!(run(&host, &for_member)["quota"]["reserved"], true);
    for id in ["c-00", "c-01"] {
        happened(&host, "content.shown", id, None);
    }
    assert_eq!(run(&host, &asked("2026-12-01T16:00:00Z", "subscription"))["quota"], Value::Null);
}

#[test]
fn the_same_key_gets_the_same_run_and_takes_one_push() {
    let host = host_with(&json!({}));
    shelf(&host, 3);
    let keyed = |more: Value| {
        let mut keyed = asked(json!({"account": "subscription", "idempotency_key": "k-1"}));
        keyed.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        keyed
    };
    let first = run(&host, &keyed(json!({})));
    host.post_message("u-1", "later");
    assert_eq!(run(&host, &keyed(json!({}))), first);
    assert_eq!(host.post(RECOMMENDATIONS, &keyed(json!({"limit": 1}))).expect(409).problem(), "conflict");
    assert_eq!(run(&host, &keyed(json!({"idempotency_key": "k-2"})))["quota"]["reserved"], false);
}

#[test]
fn what_can_not_be_asked_is_pointed_at() {
    let host = host_with(&json!({}));
    let pointers = |more: Value| host.post(RECOMMENDATIONS, &asked(more)).expect(422).pointers();
    assert_eq!(pointers(json!({"slot": ""})), ["/slot"]);
    assert_eq!(pointers(json!({"limit": 0})), ["/limit"]);
    assert_eq!(pointers(json!({"explore_percent": 101})), ["/explore_percent"]);
    assert_eq!(pointers(json!({"variety": {"per_topic": 0}})), ["/variety"]);
    assert_eq!(pointers(json!({"idempotency_key": ""})), ["/idempotency_key"]);
    assert_eq!(pointers(json!({"account": "newspaper"})), ["/account"]);
    assert_eq!(pointers(json!({"plugins": ["nobody"]})), ["/plugins"]);
    assert_eq!(host.post(RECOMMENDATIONS, &json!({})).expect(422).problem(), "invalid");
    host.delete("/v1/brands/tea/groups/g1/plugins/test-ranker").expect(204);
    assert_eq!(host.post(RECOMMENDATIONS, &asked(json!({}))).expect(409).problem(), "conflict");
    assert_eq!(host.key("viewer", None).post(RECOMMENDATIONS, &asked(json!({}))).expect(403).problem(), "forbidden");
}
