//! Candidates: scored, chosen, explained, compared with the run before, and made again.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use usher_tests::{Answer, TestHost, plugin};

const SCORES: &str = "/v1/brands/tea/groups/g1/scores";

/// A host whose group scores members by their attribute `bonus`.
fn host_with(settings: &Value) -> TestHost {
    let host = TestHost::start();
    host.put("/v1/brands/tea", &json!({"name": "茶语"})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({"name": "茶友一群", "kind": "interest"})).expect(201);
    host.enable_guest(&plugin("test-scorer"), settings).expect(201);
    // Somebody has to tell the time.
    host.post_event(&json!({"id": "first", "kind": "group.renamed", "at": host.now(), "payload": {}})).expect(200);
    host
}

fn by_bonus() -> TestHost {
    host_with(&json!({"points": {"attribute:bonus": 1.0}}))
}

/// A member whose attributes say what they are worth.
fn member(host: &TestHost, id: &str, attributes: &Value) {
    let answer = host.put(&format!("/v1/brands/tea/groups/g1/members/{id}"), &json!({"attributes": attributes}));
    assert!(answer.status < 300, "{}", answer.text);
}

fn worth(host: &TestHost, id: &str, bonus: u32) {
    member(host, id, &json!({"bonus": bonus.to_string()}));
}

/// The run and all its rows.
#[track_caller]
fn whole(host: &TestHost, answer: &Answer) -> (Value, Vec<Value>) {
    let run = answer.json();
    let path = format!("/v1/brands/tea/runs/{}", run["id"].as_str().unwrap());
    let (mut rows, mut next) = (run["items"].as_array().unwrap().clone(), run["next"].clone());
    while let Some(cursor) = next.as_str() {
        let page = host.get(&format!("{path}?cursor={cursor}")).expect(200).json();
        rows.extend(page["items"].as_array().unwrap().iter().cloned());
        next = page["next"].clone();
    }
    (run, rows)
}

fn chosen(rows: &[Value]) -> Vec<&str> {
    let chosen = rows.iter().filter(|row| row["chosen"] == true);
    chosen.map(|row| row["member"].as_str().unwrap()).collect()
}

fn row<'r>(rows: &'r [Value], member: &str) -> &'r Value {
    rows.iter().find(|row| row["member"] == member).unwrap()
}

/// Numbers as they were written: a parser may miss the last bit.
fn exact(number: &Value) -> f64 {
    number.to_string().parse().unwrap()
}

fn replays(host: &TestHost, run: &Value) {
    let path = format!("/v1/brands/tea/runs/{}/replay", run["id"].as_str().unwrap());
    let again = host.post(&path, &json!({})).expect(200).json();
    assert_eq!((&again["identical"], &again["same_engine"]), (&json!(true), &json!(true)), "{run:#}");
}

#[test]
fn members_are_ranked_and_every_score_is_the_sum_of_its_contributions() {
    let settings = json!({"points": {"attribute:bonus": 0.1, "member_days": 0.3, "messages@30d": 7.7},
        "standing": {"attribute:bonus": 12.3}});
    let host = host_with(&settings);
    let mut chance = StdRng::seed_from_u64(7);
    for n in 0..150 {
        let joined = format!("2026-{:02}-01T00:00:00Z", chance.random_range(1..11));
        let body = json!({"joined_at": joined, "attributes": {"bonus": chance.random_range(0..1000).to_string()}});
        host.put(&format!("/v1/brands/tea/groups/g1/members/u-{n}"), &body).expect(201);
    }
    let answer = host.post(SCORES, &json!({"top": 10})).expect(201);
    let (run, rows) = whole(&host, &answer);
    assert_eq!((&run["members"], &run["chosen"], rows.len()), (&json!(150), &json!(10), 150), "{run:#}");
    assert_eq!(answer.header("location"), format!("/v1/brands/tea/runs/{}", run["id"].as_str().unwrap()));
    for row in &rows {
        let points = row["contributions"].as_array().unwrap().iter().map(|one| exact(&one["points"]));
        assert_eq!(points.fold(0.0, |sum, points| sum + points).to_bits(), exact(&row["score"]).to_bits(), "{row:#}");
    }
    let scores: Vec<f64> = rows.iter().map(|row| exact(&row["score"])).collect();
    assert!(
        scores[..10].windows(2).all(|pair| pair[0] >= pair[1])
            && scores[10..].windows(2).all(|pair| pair[0] >= pair[1])
    );
    assert!(rows[..10].iter().all(|row| row["why"] == "entered") && rows[10]["why"] == "no_room");
    replays(&host, &run);
    let listed = host.get("/v1/brands/tea/runs?group=g1&kind=score&series=test-scorer").expect(200).json();
    assert_eq!(listed["items"][0]["id"], run["id"]);
    assert_eq!(host.get("/v1/brands/tea/runs?kind=rank").expect(200).json()["items"], json!([]));
}

#[test]
fn what_a_run_was_made_of_is_kept_with_it() {
    let host = by_bonus();
    (0..5).for_each(|n| worth(&host, &format!("u-{n}"), n * 10));
    let (run, rows) = whole(&host, &host.post(SCORES, &json!({"threshold": 20})).expect(201));
    assert_eq!(chosen(&rows), ["u-4", "u-3", "u-2"]);
    // Everything changes, and the run does not.
    worth(&host, "u-1", 1000);
    host.put("/v1/brands/tea/groups/g1/candidates/u-4", &json!({"stand": "exclude", "reason": "x"})).expect(201);
    host.enable("test-scorer", &json!({"version": "0.1.0", "settings": {"points": {"member_days": 1.0}}})).expect(200);
    replays(&host, &run);
    let again = host.get(&format!("/v1/brands/tea/runs/{}", run["id"].as_str().unwrap())).expect(200).json();
    assert_eq!(again["items"], json!(rows));
}

#[test]
fn nobody_flickers_over_thirty_runs() {
    let host = by_bonus();
    let mut chance = StdRng::seed_from_u64(3);
    // Near the threshold for entering, and never as far down as that for leaving.
    let asked = json!({"threshold": {"enter": 60, "leave": 40}});
    let mut moves: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..30 {
        (0..12).for_each(|n| worth(&host, &format!("u-{n}"), chance.random_range(45..75)));
        let (run, _) = whole(&host, &host.post(SCORES, &asked).expect(201));
        let changes =
            host.get(&format!("/v1/brands/tea/runs/{}/changes", run["id"].as_str().unwrap())).expect(200).json();
        for row in changes["items"].as_array().unwrap() {
            *moves.entry(row["member"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert_eq!(moves.len(), 12, "all entered at some time");
    assert!(moves.values().all(|moves| *moves == 1), "and nobody left: {moves:?}");
    // With one threshold, they come and go.
    let mut came_and_went = 0;
    for _ in 0..10 {
        (0..12).for_each(|n| worth(&host, &format!("u-{n}"), chance.random_range(45..75)));
        let (run, _) = whole(&host, &host.post(SCORES, &json!({"threshold": 60, "series": "naive"})).expect(201));
        came_and_went += run["left"].as_u64().unwrap();
    }
    assert!(came_and_went > 10, "{came_and_went}");
}

#[test]
fn a_run_is_compared_with_the_one_before_of_its_series() {
    let host = by_bonus();
    for (id, bonus) in [("a", 90), ("b", 70), ("c", 50)] {
        worth(&host, id, bonus);
    }
    member(&host, "d", &json!({"bonus": "80", "word": "新人"}));
    let asked = json!({"threshold": {"enter": 60, "leave": 55}});
    let (first, _) = whole(&host, &host.post(SCORES, &asked).expect(201));
    assert_eq!((&first["before"], &first["entered"]), (&Value::Null, &json!(3)));
    whole(&host, &host.post(SCORES, &json!({"series": "another", "threshold": 0})).expect(201));
    worth(&host, "b", 40);
    worth(&host, "c", 65);
    member(&host, "d", &json!({"bonus": "80", "word": "老友"}));
    let (second, _) = whole(&host, &host.post(SCORES, &asked).expect(201));
    assert_eq!((&second["before"], &second["entered"], &second["left"]), (&first["id"], &json!(1), &json!(1)));
    let path = format!("/v1/brands/tea/runs/{}/changes", second["id"].as_str().unwrap());
    let changes = host.get(&path).expect(200).json()["items"].as_array().unwrap().clone();
    let ids: BTreeSet<&str> = changes.iter().map(|row| row["member"].as_str().unwrap()).collect();
    assert_eq!(ids, ["b", "c", "d"].into());
    let left = row(&changes, "b");
    assert_eq!(
        (&left["why"], &left["chosen_before"], &left["score"]),
        (&json!("below_leave"), &json!(70.0), &json!(40.0))
    );
    assert_eq!(row(&changes, "c")["why"], "entered");
    let told = row(&changes, "d");
    assert_eq!(told["labels_given"], json!([{"by": "test-scorer", "text": "老友"}]));
    assert_eq!(told["labels_taken"], json!([{"by": "test-scorer", "text": "新人"}]));
    replays(&host, &second);
    // Pages of what changed, one by one.
    let page = host.get(&format!("{path}?limit=1")).expect(200).json();
    let rest = host.get(&format!("{path}?limit=2&cursor={}", page["next"].as_str().unwrap())).expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len() + rest["items"].as_array().unwrap().len(), 3);
}

#[test]
fn people_have_the_last_word_and_their_reason_stands_in_the_run() {
    let host = by_bonus();
    for (id, bonus) in [("a", 90), ("b", 80), ("c", 70), ("d", 1)] {
        worth(&host, id, bonus);
    }
    member(&host, "e", &json!({"bonus": "95", "may": "no"}));
    let said = |id: &str, body: Value| host.put(&format!("/v1/brands/tea/groups/g1/candidates/{id}"), &body);
    said("d", json!({"stand": "pin", "reason": "群主推荐"})).expect(201);
    said("a", json!({"stand": "exclude", "reason": "本人不愿意"})).expect(201);
    said("b", json!({"stand": "exclude", "reason": "别的名单", "series": ["another"]})).expect(201);
    let (run, rows) = whole(&host, &host.post(SCORES, &json!({"top": 2})).expect(201));
    assert_eq!(chosen(&rows), ["b", "d"]);
    assert_eq!(row(&rows, "d")["why"], "pinned");
    assert_eq!(row(&rows, "d")["remarks"], json!([{"by": "people", "text": "群主推荐"}]));
    assert_eq!(
        (&row(&rows, "a")["why"], &row(&rows, "a")["remarks"][0]["text"]),
        (&json!("excluded"), &json!("本人不愿意"))
    );
    assert_eq!(row(&rows, "e")["remarks"], json!([{"by": "test-scorer", "text": "may not"}]));
    assert_eq!(row(&rows, "c")["why"], "no_room");
    replays(&host, &run);
    let listed = host.get("/v1/brands/tea/groups/g1/candidates").expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
    host.delete("/v1/brands/tea/groups/g1/candidates/a").expect(204);
    let (_, rows) = whole(&host, &host.post(SCORES, &json!({"top": 2})).expect(201));
    assert_eq!(chosen(&rows), ["a", "d"]);
    assert_eq!(said("c", json!({"stand": "pin", "reason": " "})).expect(422).pointers(), ["/reason"]);
    host.key("viewer", None)
        .put("/v1/brands/tea/groups/g1/candidates/c", &json!({"stand": "pin", "reason": "x"}))
        .expect(403);
}

#[test]
fn several_plugins_count_by_their_weight_and_one_in_shadow_does_not() {
    let host = by_bonus();
    worth(&host, "a", 10);
    let path = "/v1/brands/tea/groups/g1/plugins/test-scorer";
    let enablement = |more: Value| {
        let mut enablement = json!({"version": "0.1.0", "settings": {"points": {"attribute:bonus": 1.0}}});
        enablement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        enablement
    };
    host.put(path, &enablement(json!({"weight": 2.5}))).expect(200);
    let (run, rows) = whole(&host, &host.post(SCORES, &json!({})).expect(201));
    assert_eq!((&row(&rows, "a")["score"], &run["plugins"][0]["weight"]), (&json!(25.0), &json!(2.5)));
    assert_eq!(host.put(path, &enablement(json!({"weight": -1}))).expect(422).pointers(), ["/weight"]);
    // Somebody has to count.
    host.put(path, &enablement(json!({"mode": "shadow"}))).expect(200);
    assert_eq!(host.post(SCORES, &json!({})).expect(409).problem(), "conflict");
}

#[test]
fn a_whole_brand_is_scored_over_all_its_groups() {
    let host = by_bonus();
    host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
    worth(&host, "a", 10);
    host.put("/v1/brands/tea/groups/g2/members/a", &json!({"attributes": {"bonus": "99"}})).expect(201);
    host.put("/v1/brands/tea/groups/g2/members/z", &json!({"attributes": {"bonus": "20"}})).expect(201);
    // In one group it is enabled, and in the brand as a whole it is not yet.
    assert_eq!(host.post("/v1/brands/tea/scores", &json!({})).expect(409).problem(), "conflict");
    let enablement = json!({"version": "0.1.0", "settings": {"points": {"attribute:bonus": 1.0}}});
    host.put("/v1/brands/tea/plugins/test-scorer", &enablement).expect(201);
    host.put("/v1/brands/tea/candidates/a", &json!({"stand": "exclude", "reason": "x"})).expect(201);
    let (run, rows) = whole(&host, &host.post("/v1/brands/tea/scores", &json!({})).expect(201));
    assert_eq!((&run["members"], chosen(&rows)), (&json!(2), vec!["z"]));
    assert_eq!((&run["group"], &row(&rows, "a")["score"]), (&Value::Null, &json!(10.0)));
    replays(&host, &run);
}

#[test]
fn a_plugin_that_takes_too_much_for_a_large_table_gets_smaller_ones() {
    let settings = json!({"points": {"attribute:bonus": 1.0}, "spin": 2000});
    let host = host_with(&settings);
    (0..300).for_each(|n| worth(&host, &format!("u-{n}"), n));
    let enablement = json!({"version": "0.1.0", "settings": settings, "limits": {"table_fuel": 2_000_000}});
    host.enable("test-scorer", &enablement).expect(200);
    let (run, rows) = whole(&host, &host.post(SCORES, &json!({"top": 3})).expect(201));
    assert_eq!((&run["members"], chosen(&rows)), (&json!(300), vec!["u-299", "u-298", "u-297"]));
    replays(&host, &run);
    let enablement = json!({"version": "0.1.0", "settings": settings, "limits": {"table_fuel": 100_000}});
    host.enable("test-scorer", &enablement).expect(200);
    let refused = host.post(SCORES, &json!({})).expect(422);
    assert_eq!(refused.problem(), "run-failed");
    assert!(refused.text.contains("test-scorer") && refused.text.contains("table_fuel"), "{}", refused.text);
}

#[test]
fn a_run_that_fails_leaves_nothing_and_says_why() {
    let host = host_with(&json!({"fail": true}));
    worth(&host, "a", 1);
    let refused = host.post(SCORES, &json!({})).expect(422);
    assert_eq!(refused.problem(), "run-failed");
    assert!(refused.text.contains("as the settings say"), "{}", refused.text);
    assert_eq!(host.get("/v1/brands/tea/runs").expect(200).json()["items"], json!([]));
}

#[test]
fn what_can_not_be_asked_is_pointed_at() {
    let host = by_bonus();
    let pointers = |asked: Value| host.post(SCORES, &asked).expect(422).pointers();
    assert_eq!(pointers(json!({"plugins": ["nobody"]})), ["/plugins"]);
    assert_eq!(pointers(json!({"threshold": {"enter": 1, "leave": 2}})), ["/threshold"]);
    assert_eq!(pointers(json!({"threshold": "high"})), ["/threshold"]);
    assert_eq!(pointers(json!({"percentile": 100})), ["/percentile"]);
    assert_eq!(pointers(json!({"top": 0})), ["/top"]);
    assert_eq!(pointers(json!({"margin": -1})), ["/margin"]);
    assert_eq!(pointers(json!({"series": ""})), ["/series"]);
    assert_eq!(host.post(SCORES, &json!({"tops": 1})).expect(422).problem(), "invalid");
    let viewer = host.key("viewer", None);
    assert_eq!(viewer.post(SCORES, &json!({})).expect(403).problem(), "forbidden");
    host.get("/v1/brands/tea/runs/run_00000000000000000000000000000007").expect(404);
    host.get("/v1/brands/tea/runs/seven").expect(400);
}

#[test]
fn who_does_not_wait_sees_how_far_it_is() {
    let host = by_bonus();
    worth(&host, "a", 10);
    let json_type = ("content-type", "application/json");
    let begun = host.send("POST", SCORES, &[json_type, ("prefer", "respond-async")], "{}").expect(202);
    assert_eq!(begun.header("preference-applied"), "respond-async");
    let location = begun.header("location").to_owned();
    let mut answer = host.get(&location);
    while answer.status == 202 {
        let state = answer.json()["state"].as_str().unwrap().to_owned();
        assert!(["waiting", "gathering", "calling", "keeping", "done"].contains(&state.as_str()), "{state}");
        answer = host.get(&location);
    }
    assert_eq!(answer.expect(200).json()["state"], "done");
    let waited = host.send("POST", SCORES, &[json_type, ("prefer", "wait=60")], "{}").expect(201);
    assert_eq!(waited.json()["state"], "done");
}

#[test]
fn runs_survive_a_restart() {
    let mut host = by_bonus();
    worth(&host, "a", 10);
    let (run, rows) = whole(&host, &host.post(SCORES, &json!({"threshold": {"enter": 5, "leave": 1}})).expect(201));
    host.restart();
    let again = host.get(&format!("/v1/brands/tea/runs/{}", run["id"].as_str().unwrap())).expect(200).json();
    assert_eq!(again["items"], json!(rows));
    replays(&host, &run);
    worth(&host, "a", 2);
    let (next, rows) = whole(&host, &host.post(SCORES, &json!({"threshold": {"enter": 5, "leave": 1}})).expect(201));
    assert_eq!((&next["before"], &row(&rows, "a")["why"]), (&run["id"], &json!("stayed")));
}

/// So many members, of whom each did something.
fn crowd(host: &TestHost, many: u32) {
    let at = host.now();
    for first in (0..many).step_by(10_000) {
        let lines = (first..(first + 10_000).min(many)).map(|n| {
            let actor = json!({"id": format!("m-{n:06}"), "name": "某"});
            let event =
                json!({"id": format!("e-{n}"), "kind": "checkin.done", "at": at, "actor": actor, "payload": {}});
            json!({"group": "g1", "event": event}).to_string()
        });
        let lines = lines.collect::<Vec<_>>().join("\n");
        let sent = host.send("POST", "/v1/brands/tea/events/batch", &[("content-type", "application/x-ndjson")], lines);
        assert!(!sent.expect(200).text.contains("\"problem\""));
    }
}

#[test]
#[ignore = "it sends a hundred thousand events first: `cargo xtask test --thorough a_hundred_thousand`"]
fn a_hundred_thousand_members_are_scored_in_bounded_memory_with_progress() {
    let settings = json!({"points": {"messages@30d": 1.5, "messages.days@30d": 0.5}, "standing": {"member_days": 1.0}});
    let host = host_with(&settings);
    crowd(&host, 100_000);
    let before = host.resident_bytes();
    let json_type = ("content-type", "application/json");
    let begun = host.send("POST", SCORES, &[json_type, ("prefer", "respond-async")], r#"{"top":100}"#).expect(202);
    let (location, mut most, mut seen) = (begun.header("location").to_owned(), before, BTreeSet::new());
    let run = loop {
        let answer = host.get(&location);
        most = most.max(host.resident_bytes());
        if answer.status == 200 {
            break answer.json();
        }
        let progress = answer.expect(202).json();
        assert_ne!(progress["state"], "failed", "{progress}");
        seen.insert((progress["state"].as_str().unwrap().to_owned(), progress["rows_done"].as_u64().unwrap() / 10_000));
        // Decisions go on beside it, of somebody who is one of them.
        host.post_message("m-000001", "hello");
    };
    assert_eq!((&run["members"], &run["chosen"]), (&json!(100_000), &json!(100)));
    assert!(seen.iter().any(|(state, _)| state == "calling"), "{seen:?}");
    let grown_mb = (most - before) >> 20;
    assert!(grown_mb < 400, "{grown_mb} MiB");
    replays(&host, &run);
}
