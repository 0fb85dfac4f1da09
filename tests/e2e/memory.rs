//! What plugins remember of a group: state, counters, marks, history. The plugin `scripted` does what messages say.

use serde_json::json;
use usher_tests::{TestHost, plugin};

/// A host with the plugin `scripted` in force in `g1`.
fn scripted() -> TestHost {
    TestHost::with_guest(&plugin("scripted"))
}

/// What the plugin said that it saw.
#[track_caller]
fn saw(host: &TestHost, member: &str, script: &str) -> String {
    let decision = host.post_message(member, script);
    decision.0["findings"][0]["message"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_plugin_reads_what_it_wrote_and_its_own_writes_at_once() {
    let host = scripted();
    assert_eq!(saw(&host, "u1", "get k; put k 一; get k"), "- 一");
    assert_eq!(saw(&host, "u2", "get k; put k 二; delete k; get k"), "一 -");
    assert_eq!(saw(&host, "u2", "get k"), "-");
}

#[test]
fn what_a_plugin_wrote_is_forgotten_when_it_failed() {
    let host = scripted();
    let decision = host.post_message("u1", "put k v; add c 1; strike 1 60000; fail");
    assert_eq!(decision.0["plugins"][0]["outcome"], "failed");
    assert_eq!(decision.0.get("memory"), None);
    assert_eq!(saw(&host, "u1", "get k; sum c 60000; strikes"), "- 0 0");
}

#[test]
fn values_are_forgotten_and_counters_are_summed_by_the_time_of_events() {
    let host = scripted();
    // A message is a second after the one before.
    assert_eq!(saw(&host, "u1", "put-for 2500 k v; add c 5; sum c 1"), "5");
    assert_eq!(saw(&host, "u1", "get k; add c 2; sum c 1000; sum c 1001"), "v 2 7");
    assert_eq!(saw(&host, "u1", "get k"), "v");
    assert_eq!(saw(&host, "u1", "get k; sum c 2000; sum c 2001; sum c 3000; sum c 3001"), "- 0 2 2 7");
}

#[test]
fn groups_and_plugins_share_no_memory() {
    let host = scripted();
    host.put("/v1/brands/tea/groups/g2", &json!({})).expect(201);
    host.put("/v1/brands/tea/groups/g2/plugins/scripted", &json!({"version": "0.1.0"})).expect(201);
    assert_eq!(saw(&host, "u1", "put k v; get k"), "v");
    let event = host.message("u1", "get k");
    let decision = host.post("/v1/brands/tea/groups/g2/events", &event).expect(200).json();
    assert_eq!(decision["findings"][0]["message"], "-");
}

#[test]
fn memory_survives_a_kill_at_any_moment() {
    let mut host = scripted();
    assert_eq!(saw(&host, "u1", "put k v; add c 3; strike 2 600000; label vip; sum c 60000"), "3");
    host.kill();
    host.restart();
    assert_eq!(saw(&host, "u1", "get k; add c 1; sum c 60000; strikes; labels"), "v 4 2 vip");
}

#[test]
fn an_event_sent_twice_counts_once() {
    let host = scripted();
    let event = host.message("u1", "add c 1; sum c 60000");
    let first = host.post_event(&event).expect(200).json();
    assert_eq!(host.post_event(&event).expect(200).json(), first);
    assert_eq!(saw(&host, "u1", "sum c 60000"), "1");
}

#[test]
fn strikes_weigh_until_they_end_and_labels_are_given_and_taken() {
    let host = scripted();
    assert_eq!(saw(&host, "u1", "strike 2 1500; strikes; label vip; labels"), "0 ");
    assert_eq!(saw(&host, "u1", "strikes; labels; unlabel vip"), "2 vip");
    assert_eq!(saw(&host, "u2", "strikes; labels"), "0 ");
    assert_eq!(saw(&host, "u1", "strikes; labels"), "0 ");
}

#[test]
fn a_plugin_in_shadow_remembers_and_does_nothing_else() {
    let host = scripted();
    host.enable("scripted", &json!({"version": "0.1.0", "mode": "shadow"})).expect(200);
    host.post_message("u1", "put k v; strike 3 60000; label vip");
    let decision = host.post_message("u1", "get k; strikes; labels");
    assert_eq!(decision.0["shadow"]["findings"][0]["message"], "v 0 ");
    assert_eq!(decision.0["findings"], json!([]));
}

#[test]
fn history_tells_the_groups_last_events() {
    let host = scripted();
    for (member, text) in [("u1", "今天下午三点在路口开会"), ("u2", "今天下午三点在路口开会!"), ("u2", "吃了吗")]
    {
        host.post_message(member, &format!("latest 0; {text}"));
    }
    host.post_event(&json!({"id": "r", "kind": "reaction.added", "at": host.now(), "actor": {"id": "u3"}})).expect(200);
    assert_eq!(saw(&host, "u3", "count message. 60000; count message. 2001; count reaction 60000"), "3 2 1");
    assert_eq!(
        saw(&host, "u3", "actors message.; actors reaction; latest 1"),
        "3 1 count message. 60000; count message. 2001; count reaction 60000"
    );
    assert_eq!(saw(&host, "u1", "similar 90"), "0");
    host.post_message("u2", "actors message.; similar 85; 重复重复重复");
    assert_eq!(saw(&host, "u1", "actors message.; similar 85; 重复重复重复!"), "");
}

#[test]
fn history_holds_the_event_that_is_not_on_disk_yet() {
    let host = scripted();
    // The timer is decided together with the event that first asks for history.
    host.post_message("u1", "start t 500 get k");
    assert_eq!(saw(&host, "u1", "latest 1; count timer. 60000"), " 1");
}

#[test]
fn quotas_are_kept_and_named() {
    let host = TestHost::with_guest_and_env(
        &plugin("scripted"),
        &["--clock", "events"],
        &[("USHER_CALLS__STATE_ENTRIES", "3")],
    );
    assert_eq!(saw(&host, "u1", "fill 3 10; get fill-2"), "xxxxxxxxxx");
    let decision = host.post_message("u1", "put another v");
    assert_eq!(decision.0["plugins"][0]["failure"]["kind"], "quota");
    let message = decision.0["plugins"][0]["failure"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("state_entries"), "{message}");
    assert_eq!(saw(&host, "u1", "delete fill-0; put another v; get another"), "v");
}

#[test]
fn how_much_a_plugin_reads_is_the_same_whether_it_is_at_hand_or_not() {
    let mut host = scripted();
    let mut decisions = Vec::new();
    let mut reads = |host: &TestHost, n: u32| {
        let decision = host.post_message("u1", &format!("read {n}"));
        decisions.push(decision.0["id"].as_str().unwrap_or_default().to_owned());
        let failure = decision.0["plugins"][0]["failure"]["message"].as_str().unwrap_or_default().to_owned();
        (decision.outcome("scripted"), failure)
    };
    let (fine, failed) = ("findings".to_owned(), "failed(host_calls)".to_owned());
    assert_eq!(reads(&host, 257).0, failed, "nothing is at hand");
    assert_eq!(reads(&host, 256).0, fine, "most of it is at hand");
    let (outcome, message) = reads(&host, 257);
    assert_eq!(outcome, failed, "all of it is at hand");
    assert!(message.contains("(`reads`)"), "{message}");
    host.kill();
    host.restart();
    assert_eq!(reads(&host, 256).0, fine, "nothing is at hand");
    for id in decisions {
        let replay = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(replay["identical"], true, "{replay:#}");
    }
}

#[test]
fn a_replay_reads_what_was_read_then() {
    let host = scripted();
    host.post_message("u1", "put k v; add c 3; strike 2 600000; label vip");
    let script =
        "get k; sum c 60000; sum c 1; strikes; labels; count message. 60000; latest 1; add c 1; put k w; get k";
    let decision = host.post_message("u1", script);
    host.post_message("u1", "put k changed; add c 100; strike 9 600000; unlabel vip");
    let id = decision.0["id"].as_str().unwrap_or_default();
    let replay = host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
    assert_eq!(replay["identical"], true, "{replay:#}");
    assert_eq!(replay["decision"]["memory"], decision.0["memory"]);
}
