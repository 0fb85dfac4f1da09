//! Policy A2, as the members and the operators of a group see it: an article is paid for with a red packet, in time.

use serde_json::{Value, json};
use std::cell::Cell;
use usher_tests::{Decided, TestHost, plugin};

/// A group with red-packet, and what happens in it.
struct Story {
    host: TestHost,
    events: Cell<u32>,
}

impl Story {
    fn new() -> Self {
        Self::with(&json!({"version": "0.1.0"}))
    }

    fn with(enablement: &Value) -> Self {
        let host = TestHost::with_a_group();
        host.upload(&plugin("red-packet")).expect(201);
        host.enable("red-packet", enablement).expect(201);
        Self { host, events: Cell::new(0) }
    }

    /// Something happens at a time of the day.
    #[track_caller]
    fn happens(&self, clock: &str, member: &str, mut event: Value) -> Decided {
        self.events.set(self.events.get() + 1);
        event["id"] = json!(format!("e-{}", self.events.get()));
        event["at"] = json!(format!("2026-11-22T{clock}Z"));
        event["actor"]["id"] = json!(member);
        Decided(self.host.post_event(&event).expect(200).json())
    }

    #[track_caller]
    fn shares(&self, clock: &str, member: &str) -> Decided {
        self.happens(clock, member, json!({"kind": "message.created", "text": "好文推荐", "media": ["article"]}))
    }

    #[track_caller]
    fn sends_packet(&self, clock: &str, member: &str, yuan: f64, count: u32) -> Decided {
        let payload = json!({"amount_yuan": yuan, "count": count});
        self.happens(clock, member, json!({"kind": "redpacket.sent", "payload": payload}))
    }

    #[track_caller]
    fn says_something(&self, clock: &str) -> Decided {
        self.happens(clock, "someone", json!({"kind": "message.created", "text": "早上好"}))
    }

    /// Decisions that a share was not paid for, oldest first.
    fn unpaid(&self) -> Vec<Value> {
        let page = self.host.get("/v1/brands/tea/decisions?group=g1&rule=share-unpaid&limit=100").expect(200).json();
        page["items"].as_array().unwrap().iter().rev().cloned().collect()
    }

    /// Who was to be removed, and when.
    fn kicked(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let kicks = |decision: &Value| {
            let at = text(&decision["at"]);
            let kicks = decision["actions"].as_array().unwrap().iter().filter(|action| action["kind"] == "kick");
            kicks.map(|kick| (text(&kick["member"]), at.clone())).collect::<Vec<_>>()
        };
        self.unpaid().iter().flat_map(kicks).collect()
    }
}

fn kick(member: &str, clock: &str) -> (String, String) {
    (member.to_owned(), format!("2026-11-22T{clock}Z"))
}

#[test]
fn a_packet_at_2_59_saves() {
    let story = Story::new();
    let shared = story.shares("12:00:00", "u-7");
    assert_eq!((shared.verdict(), shared.rules()), ("allow", vec!["article-share"]));
    assert_eq!(shared.0["actions"][0]["kind"], "reply");
    let reminder = shared.0["actions"][0]["text"].as_str().unwrap();
    assert!(reminder.contains("3分钟") && reminder.contains("50元") && reminder.contains("移出本群"), "{reminder}");
    assert_eq!(story.sends_packet("12:02:59", "u-7", 50.0, 20).rules(), ["share-paid"]);
    story.says_something("13:00:00");
    assert_eq!(story.kicked(), []);
}

#[test]
fn a_packet_at_3_01_is_too_late_and_the_member_is_removed_once() {
    let story = Story::new();
    story.shares("12:00:00", "u-7");
    assert_eq!(story.sends_packet("12:03:01", "u-7", 50.0, 20).rules(), Vec::<&str>::new());
    story.says_something("12:03:02");
    story.says_something("13:00:00");
    assert_eq!(story.kicked(), [kick("u-7", "12:03:00")]);
    let unpaid = &story.unpaid()[0];
    assert_eq!(unpaid["verdict"], "flag");
    assert_eq!(unpaid["actions"][1]["kind"], "notify", "the group is told");
    let evidence: Vec<_> = unpaid["findings"][0]["evidence"].as_array().unwrap().iter().collect();
    assert!(evidence.contains(&&json!({"name": "messages", "value": "e-1"})), "{evidence:?}");
}

#[test]
fn in_the_same_instant_the_timer_comes_first() {
    let story = Story::new();
    story.shares("12:00:00", "u-7");
    assert_eq!(story.sends_packet("12:03:00", "u-7", 50.0, 20).rules(), Vec::<&str>::new());
    assert_eq!(story.kicked(), [kick("u-7", "12:03:00")]);
    let story = Story::new();
    story.shares("12:00:00", "u-7");
    assert_eq!(story.sends_packet("12:02:59.999", "u-7", 50.0, 20).rules(), ["share-paid"]);
    story.says_something("12:03:00");
    assert_eq!(story.kicked(), []);
}

#[test]
fn a_host_that_is_killed_in_between_changes_nothing() {
    let mut story = Story::new();
    story.shares("12:00:00", "saved");
    story.shares("12:00:01", "late");
    story.host.kill();
    story.host.restart();
    assert_eq!(story.sends_packet("12:02:59", "saved", 50.0, 20).rules(), ["share-paid"]);
    story.host.kill();
    story.host.restart();
    story.says_something("12:03:02");
    story.host.kill();
    story.host.restart();
    story.says_something("12:03:03");
    assert_eq!(story.kicked(), [kick("late", "12:03:01")]);
}

#[test]
fn what_fell_due_while_the_host_was_down_is_made_up_for_in_order_and_at_its_time() {
    let mut story = Story::new();
    for (clock, member) in [("12:00:00", "u-1"), ("12:00:05", "u-2"), ("12:00:10", "u-3")] {
        story.shares(clock, member);
    }
    story.host.kill();
    story.host.restart();
    let after = story.says_something("13:00:00");
    assert_eq!(story.kicked(), [kick("u-1", "12:03:00"), kick("u-2", "12:03:05"), kick("u-3", "12:03:10")]);
    let sequences: Vec<_> = story.unpaid().iter().map(|decision| decision["sequence"].as_u64().unwrap()).collect();
    assert_eq!((sequences, after.0["sequence"].as_u64().unwrap()), (vec![4, 5, 6], 7));
}

#[test]
fn members_owe_independently_of_each_other() {
    let story = Story::new();
    story.shares("12:00:00", "u-1");
    story.shares("12:00:00", "u-2");
    assert_eq!(story.sends_packet("12:01:00", "u-2", 66.0, 30).rules(), ["share-paid"]);
    assert_eq!(story.sends_packet("12:01:30", "u-3", 500.0, 100).rules(), Vec::<&str>::new());
    story.says_something("12:10:00");
    assert_eq!(story.kicked(), [kick("u-1", "12:03:00")]);
}

#[test]
fn a_packet_that_is_too_small_is_answered_and_the_clock_runs_on() {
    let story = Story::new();
    story.shares("12:00:00", "u-7");
    for (clock, yuan, count) in [("12:00:30", 49.99, 20), ("12:01:00", 200.0, 19)] {
        let sent = story.sends_packet(clock, "u-7", yuan, count);
        assert_eq!((sent.verdict(), sent.rules()), ("allow", vec!["packet-too-small"]));
        assert_eq!(sent.0["actions"][0]["kind"], "reply");
    }
    story.says_something("12:03:00");
    assert_eq!(story.kicked(), [kick("u-7", "12:03:00")]);
}

#[test]
fn another_share_while_one_waits_stops_no_clock() {
    let story = Story::new();
    story.shares("12:00:00", "u-7");
    let again = story.shares("12:02:50", "u-7");
    assert_eq!((again.rules(), again.0["actions"].as_array().unwrap().len()), (vec!["article-share"], 0));
    story.says_something("12:20:00");
    assert_eq!(story.kicked(), [kick("u-7", "12:03:00")]);
}

#[test]
fn who_left_owes_nothing() {
    let story = Story::new();
    story.shares("12:00:00", "u-7");
    story.happens("12:01:00", "u-7", json!({"kind": "member.left"}));
    story.says_something("12:10:00");
    assert_eq!(story.kicked(), []);
    story.shares("12:20:00", "u-7");
    story.says_something("12:30:00");
    assert_eq!(story.kicked(), [kick("u-7", "12:23:00")], "who came back owes again");
}

#[test]
fn the_owner_shares_freely_and_a_link_is_a_share_as_well() {
    let story = Story::new();
    let article = |roles| json!({"kind": "message.created", "text": "看这篇https://mp.weixin.qq.com/s/abc", "actor": {"roles": roles}});
    assert_eq!(story.happens("12:00:00", "boss", article(json!(["owner"]))).rules(), Vec::<&str>::new());
    assert_eq!(story.happens("12:00:00", "u-7", article(json!(["member"]))).rules(), ["article-share"]);
}

#[test]
fn the_operator_sets_the_price_the_time_and_what_follows() {
    let settings = json!({"least_yuan": 5, "least_people": 2, "window_ms": 60_000, "action": "delete", "notice": "",
        "add_up": true, "severity": "high"});
    let story = Story::with(&json!({"version": "0.1.0", "settings": settings}));
    story.shares("12:00:00", "u-1");
    assert_eq!(story.sends_packet("12:00:10", "u-1", 2.5, 1).rules(), ["packet-too-small"]);
    assert_eq!(story.sends_packet("12:00:20", "u-1", 2.5, 1).rules(), ["share-paid"]);
    story.shares("12:01:00", "u-1");
    story.shares("12:01:30", "u-1");
    story.says_something("12:02:00");
    let unpaid = story.unpaid();
    assert_eq!((unpaid.len(), &unpaid[0]["verdict"]), (1, &json!("hold")));
    let removed: Vec<_> = unpaid[0]["actions"].as_array().unwrap().iter().collect();
    assert_eq!(removed.len(), 2);
    for (action, message) in removed.iter().zip(["e-4", "e-5"]) {
        assert_eq!((&action["kind"], &action["details"]["message"]), (&json!("delete"), &json!(message)));
    }
}

#[test]
fn a_text_with_a_word_that_is_not_filled_in_is_refused() {
    let host = TestHost::with_a_group();
    host.upload(&plugin("red-packet")).expect(201);
    let refused = host.enable("red-packet", &json!({"version": "0.1.0", "settings": {"notice": "{amount}元"}}));
    assert_eq!(refused.problem(), "configure-failed");
    assert!(refused.text.contains("{amount}"), "{}", refused.text);
}

#[test]
fn in_shadow_nobody_is_removed_and_what_would_have_been_is_recorded() {
    let story = Story::with(&json!({"version": "0.1.0", "mode": "shadow"}));
    let shared = story.shares("12:00:00", "u-7");
    assert_eq!((shared.shadow_rules(), shared.0["actions"].as_array().unwrap().len()), (vec!["article-share"], 0));
    story.says_something("12:05:00");
    let page = story.host.get("/v1/brands/tea/decisions?group=g1&limit=100").expect(200).json();
    let decisions: Vec<Decided> = page["items"].as_array().unwrap().iter().cloned().map(Decided).collect();
    let fired: Vec<_> = decisions.iter().filter(|it| it.shadow_rules() == ["share-unpaid"]).collect();
    assert_eq!(fired.len(), 1);
    assert_eq!((fired[0].verdict(), &fired[0].0["actions"]), ("allow", &json!([])));
    assert_eq!(fired[0].0["shadow"]["actions"][0]["kind"], "kick");
}

#[test]
fn every_decision_of_the_story_can_be_made_again() {
    let story = Story::new();
    story.shares("12:00:00", "u-1");
    story.shares("12:00:30", "u-2");
    story.sends_packet("12:01:00", "u-1", 10.0, 5);
    story.sends_packet("12:02:00", "u-2", 50.0, 20);
    story.happens("12:02:30", "u-3", json!({"kind": "member.left"}));
    story.says_something("12:04:00");
    let page = story.host.get("/v1/brands/tea/decisions?group=g1&limit=100").expect(200).json();
    let decisions = page["items"].as_array().unwrap();
    assert_eq!(decisions.len(), 7, "six events and one timer");
    for decision in decisions {
        let id = decision["id"].as_str().unwrap();
        let again = story.host.post(&format!("/v1/brands/tea/decisions/{id}/replay"), &json!({})).expect(200).json();
        assert_eq!(again["identical"], true, "{again}");
    }
}
