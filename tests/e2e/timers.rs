//! Timers: once in effect, in order, whatever happens in between.

use serde_json::{Value, json};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use usher_model::Timestamp;
use usher_tests::{TestHost, plugin};

fn scripted() -> TestHost {
    TestHost::with_guest(&plugin("scripted"))
}

fn saw(decision: &Value) -> &str {
    decision["findings"][0]["message"].as_str().unwrap_or_default()
}

#[test]
fn a_timer_fires_before_the_event_that_comes_after_it_at_its_own_time() {
    let host = scripted();
    host.post_message("u1", "start t 1500 add c 1 & sum c 60000");
    let second = host.post_message("u1", "sum c 60000");
    let third = host.post_message("u1", "sum c 60000");
    assert_eq!((saw(&second.0), saw(&third.0)), ("0", "1"));
    let journal = host.journal(Some("g1"));
    let fired = &journal[2];
    assert_eq!((saw(fired), &fired["at"]), ("1", &json!("2026-11-22T12:00:02.5Z")));
    assert_eq!(journal.iter().map(|one| &one["sequence"]).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let event = fired["event"].as_str().unwrap_or_default();
    assert!(event.starts_with("timer:"), "{event}");
}

#[test]
fn a_timer_fires_in_the_same_instant_before_the_event() {
    let host = scripted();
    host.post_message("u1", "start t 1000 put k fired");
    assert_eq!(saw(&host.post_message("u1", "get k").0), "fired");
}

#[test]
fn timers_fire_in_order_and_may_start_others() {
    let host = scripted();
    host.post_message("u1", "start late 900 add order 1; start early 500 start again 10000 get nothing");
    host.pass_ms(20_000);
    host.post_message("u1", "get nothing");
    let order: Vec<_> =
        host.journal(Some("g1")).iter().map(|one| one["at"].as_str().unwrap_or_default().to_owned()).collect();
    let second = ["01", "01.5", "01.9", "11.5", "22"].map(|second| format!("2026-11-22T12:00:{second}Z"));
    assert_eq!(order, second);
}

#[test]
fn timers_can_not_chase_one_another_without_end() {
    let host = scripted();
    host.post_message("u1", "start t 500 start t 9999 get nothing");
    host.pass_ms(6 * 60 * 60 * 1000);
    host.post_message("u1", "get nothing");
    let journal = host.journal(Some("g1"));
    assert_eq!(journal.len(), 3);
    let failure = &journal[1]["plugins"][0]["failure"];
    assert_eq!(failure["kind"], "bad_argument", "{failure:#}");
    assert!(failure["message"].as_str().is_some_and(|message| message.contains("10000 ms later")), "{failure:#}");
}

#[test]
fn many_timers_fire_before_the_event_that_comes_after_them() {
    let host = scripted();
    for call in 0..8 {
        let starts: Vec<_> = (0..16).map(|n| format!("start t{call}-{n} 60000 add fired 1")).collect();
        host.post_message("u1", &starts.join(";"));
    }
    host.pass_ms(120_000);
    assert_eq!(saw(&host.post_message("u1", "sum fired 600000").0), "128");
}

#[test]
fn a_timer_that_was_stopped_or_moved_fires_not_or_later() {
    let host = scripted();
    host.post_message("u1", "start a 1500 add a 1; start b 1500 add b 1");
    host.post_message("u1", "stop a; start b 1500 add b 1");
    assert_eq!(saw(&host.post_message("u1", "sum a 60000; sum b 60000").0), "0 0");
    assert_eq!(saw(&host.post_message("u1", "sum a 60000; sum b 60000").0), "0 1");
}

#[test]
fn timers_survive_a_kill_and_fire_once() {
    let mut host = scripted();
    host.post_message("u1", "start t 3500 add c 1");
    host.kill();
    host.restart();
    host.post_message("u1", "sum c 1");
    host.pass_ms(60 * 60 * 1000);
    host.kill();
    host.restart();
    assert_eq!(saw(&host.post_message("u1", "sum c 99999999").0), "1");
    host.kill();
    host.restart();
    assert_eq!(saw(&host.post_message("u1", "sum c 99999999").0), "1");
    let fired = host
        .journal(Some("g1"))
        .into_iter()
        .filter(|one| one["event"].as_str().is_some_and(|id| id.starts_with("timer:")));
    assert_eq!(fired.map(|one| one["at"].clone()).collect::<Vec<_>>(), [json!("2026-11-22T12:00:04.5Z")]);
}

#[test]
fn a_timer_replays_to_the_same_bytes() {
    let host = scripted();
    host.post_message("u1", "start t 500 get k; put k v; start t 700 get k");
    host.post_message("u1", "get k");
    for decision in host.journal(Some("g1")) {
        let id = decision["id"].as_str().unwrap_or_default();
        let replay = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(replay["identical"], true, "{replay:#}");
    }
}

#[test]
fn a_canary_acts_when_the_timer_of_one_of_its_members_fires() {
    let host = scripted();
    host.enable("scripted", &json!({"version": "0.1.0", "canary_percent": 50})).expect(200);
    for number in 0..12 {
        // The first timer starts another, which is the same member's.
        host.post_message(
            &format!("u{number}"),
            &format!("start t{number} 100 start s{number} 10000 kick x{number}; get k"),
        );
    }
    host.pass_ms(20_000);
    host.post_message("u0", "get k");
    let journal = host.journal(Some("g1"));
    let mode = |id: &str| journal.iter().find(|one| one["event"] == id).unwrap()["plugins"][0]["mode"].clone();
    let (mut enforced, mut shadowed) = (0, 0);
    for number in 0..12 {
        let kicks = |intent: &Value| intent["actions"][0]["member"] == json!(format!("x{number}"));
        let fired: Vec<&Value> = journal.iter().filter(|one| kicks(one) || kicks(&one["shadow"])).collect();
        assert_eq!(fired.len(), 1, "{fired:#?}");
        let expected = mode(&format!("m-{}", number + 1));
        assert_eq!((&fired[0]["plugins"][0]["mode"], kicks(fired[0])), (&expected, expected == "enforce"));
        *if expected == "enforce" { &mut enforced } else { &mut shadowed } += 1;
    }
    assert!(enforced > 0 && shadowed > 0, "{enforced} {shadowed}");
    for decision in &journal {
        let id = decision["id"].as_str().unwrap_or_default();
        let replay = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(replay["identical"], true, "{replay:#}");
    }
}

#[test]
fn nobody_may_report_a_timer() {
    let host = scripted();
    let mut event = host.message("u1", "");
    event["kind"] = json!("timer.fired");
    assert_eq!(host.post_event(&event).expect(422).json()["errors"][0]["pointer"], "/kind");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it is the wall clock that is tried")]
fn what_fell_due_while_the_host_was_down_fires_at_its_start_in_order_and_at_its_time() {
    let mut host = scripted();
    // An hour ago by the wall clock, which has no say yet.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let hour_ago = (now.as_secs() - 3_600) * 1000;
    let text = "start c 1800000 add n 1 & sum n 99999999; start a 600000 add n 1 & sum n 99999999;
        start b 1200000 add n 1 & sum n 99999999; start never 7200000 kick u9";
    let event =
        json!({"id": "e", "kind": "message.created", "at": rfc3339(hour_ago), "actor": {"id": "u1"}, "text": text});
    host.post_event(&event).expect(200);
    host.kill();
    host.restart_with_flags(&["--clock", "wall"]);
    let started = Instant::now();
    while host.journal(Some("g1")).len() < 4 {
        assert!(started.elapsed() < Duration::from_secs(30), "{:#?}", host.journal(Some("g1")));
        std::thread::yield_now();
    }
    let fired: Vec<_> =
        host.journal(Some("g1"))[1..].iter().map(|one| (one["at"].clone(), saw(one).to_owned())).collect();
    let minutes = [(10, "1"), (20, "2"), (30, "3")];
    assert_eq!(fired, minutes.map(|(minutes, n)| (json!(rfc3339(hour_ago + minutes * 60_000)), n.to_owned())));
}

/// As the host writes it.
fn rfc3339(ms: u64) -> String {
    Timestamp::from_ms(ms).unwrap().to_string()
}

#[test]
fn the_wall_clock_fires_timers_when_nothing_else_happens() {
    let env = [("USHER_LIMITS__TIMER_GRACE_MS", "0")];
    let host = TestHost::with_guest_and_env(&plugin("scripted"), &["--clock", "wall"], &env);
    let mut decisions = host.watch();
    // An event of the past: the timer is due already when it is set.
    host.post_message("u1", "start t 1 kick u9");
    let (_first, fired) = (decisions.decision(), decisions.decision());
    assert_eq!((&fired["actions"][0]["kind"], &fired["actions"][0]["member"]), (&json!("kick"), &json!("u9")));
}
