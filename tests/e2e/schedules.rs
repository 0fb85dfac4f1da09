//! Runs that begin by themselves.

use serde_json::{Value, json};
use usher_tests::{TestHost, plugin};

const SCHEDULE: &str = "/v1/brands/tea/groups/g1/schedules/daily-vip";

fn host() -> TestHost {
    let host = TestHost::start_with(&[]);
    host.put("/v1/brands/tea", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g1", &json!({})).expect(201);
    host.enable_guest(&plugin("test-scorer"), &json!({"points": {"attribute:bonus": 1.0}})).expect(201);
    host.put("/v1/brands/tea/groups/g1/members/a", &json!({"attributes": {"bonus": "7"}})).expect(201);
    host
}

/// The runs that are kept, when there are any.
fn runs(host: &TestHost) -> Vec<Value> {
    loop {
        let runs = host.get("/v1/brands/tea/runs").expect(200).json()["items"].as_array().unwrap().clone();
        if !runs.is_empty() {
            return runs;
        }
    }
}

#[test]
fn a_schedule_that_is_due_makes_one_run_and_no_second_one() {
    let mut host = host();
    let schedule =
        json!({"hook": "score", "every": "day", "at": "00:00", "from": "2026-01-01T00:00:00Z", "scores": {"top": 1}});
    host.put(SCHEDULE, &schedule).expect(201);
    let made = runs(&host);
    assert_eq!((made.len(), &made[0]["written_by"], &made[0]["chosen"]), (1, &json!("schedule:daily-vip"), &json!(1)));
    assert!(made[0]["at"].as_str().unwrap().ends_with("T16:00:00Z"), "midnight in Shanghai: {}", made[0]["at"]);
    // Looked at again, changed, and after a restart: that time has its run.
    let mut changed = schedule.clone();
    changed["scores"]["top"] = json!(2);
    host.put(SCHEDULE, &changed).expect(200);
    host.restart();
    host.put(SCHEDULE, &schedule).expect(200);
    let other = json!({"hook": "score", "every": "week", "at": "00:00", "from": "2026-01-01T00:00:00Z"});
    host.put("/v1/brands/tea/groups/g1/schedules/weekly", &other).expect(201);
    while host.get("/v1/brands/tea/runs").expect(200).json()["items"].as_array().unwrap().len() < 2 {}
    let by: Vec<Value> = runs(&host).iter().map(|run| run["written_by"].clone()).collect();
    assert_eq!(by.iter().filter(|by| **by == "schedule:daily-vip").count(), 1, "{by:?}");
}

#[test]
fn a_schedule_from_now_on_waits_for_its_time() {
    let host = host();
    host.put(SCHEDULE, &json!({"hook": "score", "every": "day", "at": "00:00"})).expect(201);
    let due = json!({"hook": "score", "every": "day", "at": "00:00", "from": "2026-01-01T00:00:00Z"});
    host.put("/v1/brands/tea/groups/g1/schedules/due", &due).expect(201);
    assert_eq!(runs(&host)[0]["written_by"], "schedule:due");
}

#[test]
fn schedules_are_listed_and_taken_away_and_what_makes_no_sense_is_pointed_at() {
    let host = host();
    let daily = json!({"hook": "score", "every": "day", "at": "09:00"});
    host.put(SCHEDULE, &daily).expect(201);
    host.put("/v1/brands/tea/schedules/all", &daily).expect(201);
    assert_eq!(host.get(SCHEDULE).expect(200).json()["at"], "09:00");
    let listed = |path: &str| host.get(path).expect(200).json()["items"].as_array().unwrap().len();
    assert_eq!((listed("/v1/brands/tea/groups/g1/schedules"), listed("/v1/brands/tea/schedules")), (1, 1));
    host.delete(SCHEDULE).expect(204);
    host.get(SCHEDULE).expect(404);
    let pointers = |schedule: Value| host.put(SCHEDULE, &schedule).expect(422).pointers();
    assert_eq!(pointers(json!({"hook": "rank", "every": "day", "at": "09:00"})), ["/hook"]);
    assert_eq!(pointers(json!({"hook": "score", "every": "day", "at": "9 o'clock"})), ["/at"]);
    assert_eq!(pointers(json!({"hook": "score", "every": "day", "at": "09:00", "on": "monday"})), ["/on"]);
    assert_eq!(pointers(json!({"hook": "score", "every": "day", "at": "09:00", "scores": {"top": 0}})), ["/top"]);
    let timed = json!({"hook": "score", "every": "day", "at": "09:00", "scores": {"at": "2026-11-22T12:00:00Z"}});
    assert_eq!(pointers(timed), ["/scores/at"]);
    assert_eq!(host.key("integrator", None).put(SCHEDULE, &daily).expect(403).problem(), "forbidden");
}
