use super::*;
use crate::{DecisionId, Digest, Intent, Reads, Strike};
use serde_json::json;
use uuid::Uuid;

/// What an event at noon of 2026-11-22 in Shanghai adds, as `member measure[ other] amount`.
fn added_with(event: Value, intent: Intent, origins: &[(&str, &str, &str)]) -> Vec<String> {
    let mut event = event;
    event["id"] = json!("e");
    event["at"] = json!("2026-11-22T04:00:00Z");
    let event: Event = serde_json::from_value(event).unwrap();
    let origins: Origins = origins
        .iter()
        .map(|(id, actor, at)| (id.parse().unwrap(), Origin { actor: actor.parse().ok(), at: at.parse().unwrap() }))
        .collect();
    let decision = decision(&event, intent);
    let entries = entries(&event, &decision, "Asia/Shanghai", &origins);
    assert!(entries.iter().all(|entry| entry.day.to_string() == "2026-11-22"));
    let line = |entry: &LedgerEntry| {
        let other = entry.other.as_ref().map(|other| format!(" {other}")).unwrap_or_default();
        format!("{} {}{other} {}", entry.member, entry.measure, entry.amount)
    };
    entries.iter().map(line).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "written as `json!(…)` by every test")]
fn added(kind: &str, payload: Value, origins: &[(&str, &str, &str)]) -> Vec<String> {
    added_with(json!({"kind": kind, "actor": {"id": "u"}, "payload": payload}), Intent::default(), origins)
}

fn decision(event: &Event, intent: Intent) -> Decision {
    Decision {
        id: DecisionId::new(Uuid::from_u128(1)),
        event: event.id.clone(),
        group: "g".parse().unwrap(),
        sequence: 1,
        at: event.at,
        reported_at: None,
        intent,
        shadow: None,
        trial: None,
        plugins: Vec::new(),
        actions_of_day: Vec::new(),
        word_lists: BTreeMap::new(),
        plan: Digest::of(b""),
        reads: Reads::default(),
        memory: Vec::new(),
        timers: Vec::new(),
    }
}

const NOON: &str = "2026-11-22T04:00:00Z";

#[test]
fn what_a_member_does_counts_once() {
    assert_eq!(added("message.created", json!({}), &[]), ["u messages 1"]);
    assert_eq!(added("checkin.done", json!({"theme": "x"}), &[]), ["u checkins 1"]);
    assert_eq!(added("invite.accepted", json!({"member": "v"}), &[]), ["u invites v 1"]);
    assert_eq!(added("presence.seen", json!({"minutes": 30}), &[]), ["u presence_minutes 30"]);
    assert_eq!(added("content.read", json!({"content": "c"}), &[]), ["u reads 1"]);
    assert_eq!(added("group.renamed", json!({}), &[]), [""; 0]);
}

#[test]
fn a_message_that_was_blocked_is_counted_apart() {
    let event = json!({"kind": "message.created", "actor": {"id": "u"}, "payload": {"reply_to": "m"}});
    let blocked = Intent { verdict: Verdict::Block, ..Intent::default() };
    assert_eq!(added_with(event, blocked, &[("m", "v", NOON)]), ["u messages_blocked 1"]);
}

#[test]
fn replies_and_reactions_are_credited_to_the_author() {
    let origins = [("m", "v", NOON)];
    let replied = added("message.created", json!({"reply_to": "m"}), &origins);
    assert_eq!(replied, ["u messages 1", "u replies 1", "v replies_received u 1"]);
    let reacted = added("reaction.added", json!({"message": "m", "emoji": "👍"}), &origins);
    assert_eq!(reacted, ["u reactions 1", "v reactions_received u 1"]);
}

#[test]
fn what_is_done_to_oneself_or_to_nobody_known_is_not_credited() {
    assert_eq!(added("message.created", json!({"reply_to": "m"}), &[("m", "u", NOON)]), ["u messages 1"]);
    assert_eq!(added("message.created", json!({"reply_to": "m"}), &[]), ["u messages 1"]);
    assert_eq!(added("reaction.added", json!({"message": "m"}), &[("m", "u", NOON)]), [""; 0]);
    assert_eq!(added("reaction.added", json!({"message": 7}), &[("m", "v", NOON)]), [""; 0]);
    assert_eq!(added("answer.accepted", json!({"helped": "u"}), &[]), [""; 0]);
    assert_eq!(added("invite.accepted", json!({"member": "u"}), &[]), ["u invites 1"]);
}

#[test]
fn an_answer_helps_whom_it_names_or_who_asked_and_takes_its_time() {
    assert_eq!(added("answer.accepted", json!({}), &[]), ["u answers 1"]);
    let named = added("answer.accepted", json!({"helped": "w"}), &[]);
    assert_eq!(named, ["u answers 1", "u helped w 1", "w answers_received u 1"]);
    let asked = [("q", "v", "2026-11-22T03:50:00Z"), ("a", "u", "2026-11-22T03:52:00Z")];
    let known = added("answer.accepted", json!({"question": "q"}), &asked);
    let expected = ["u answers 1", "u helped v 1", "v answers_received u 1", "u answers_timed 1", "u answer_ms 600000"];
    assert_eq!(known, expected);
    let answered = added("answer.accepted", json!({"question": "q", "answer": "a"}), &asked);
    assert_eq!(answered.last().unwrap(), "u answer_ms 120000", "when it was written, not when it was accepted");
}

#[test]
fn money_is_counted_in_fen() {
    let paid = |amount: Value| added("purchase.made", json!({"order": "o", "amount_yuan": amount}), &[]);
    for (amount, fen) in [(json!(19.9), 1990), (json!("0.29"), 29), (json!(50), 5000), (json!(1e300), AMOUNT_MAX)] {
        assert_eq!(paid(amount), ["u purchases 1".to_owned(), format!("u purchase_fen {fen}")]);
    }
    for amount in [json!(-5), json!("much"), json!(null), json!("inf")] {
        assert_eq!(paid(amount), ["u purchases 1"]);
    }
    assert_eq!(added("redpacket.sent", json!({"amount_yuan": 88}), &[]), ["u red_packets 1", "u red_packet_fen 8800"]);
}

#[test]
fn facts_of_the_brand_add_what_they_say() {
    assert_eq!(added("fact.karma", json!({"amount": -3}), &[]), ["u fact_karma -3"]);
    assert_eq!(added("fact.karma", json!({}), &[]), ["u fact_karma 1"]);
    assert_eq!(added("fact.karma", json!({"amount": 0}), &[]), [""; 0]);
}

#[test]
fn strikes_count_with_their_weight_whoever_they_are_against() {
    let strike = |member: &str, weight| Strike {
        member: member.parse().unwrap(),
        weight,
        expires_in_ms: 1,
        plugin: "p".parse().unwrap(),
    };
    let intent = Intent { strikes: vec![strike("u", 2), strike("v", 1)], ..Intent::default() };
    let struck = added_with(json!({"kind": "timer.fired"}), intent, &[]);
    assert_eq!(struck, ["u strikes 2", "v strikes 1"]);
    let nobody = added_with(json!({"kind": "message.created"}), Intent::default(), &[]);
    assert_eq!(nobody, [""; 0]);
}

#[test]
fn only_events_that_refer_to_others_ask_for_them() {
    let asked = |kind: &str| {
        let payload = json!({"reply_to": "a", "message": "b", "question": "c", "answer": "d e"});
        let event = json!({"id": "e", "kind": kind, "at": NOON, "payload": payload});
        let event: Event = serde_json::from_value(event).unwrap();
        refers_to(&event).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(asked("message.created"), ["a"]);
    assert_eq!(asked("reaction.added"), ["b"]);
    assert_eq!(asked("answer.accepted"), ["c"], "what can't be an id is none");
    assert_eq!(asked("purchase.made"), [""; 0]);
}

/// What an event adds to contents, as `content[ member] segment measure amount`.
fn contents_of(kind: &str, actor: Option<&str>, payload: &Value) -> Vec<String> {
    let actor = actor.map(|id| json!({"id": id}));
    let event = json!({"id": "e", "kind": kind, "at": NOON, "payload": payload, "actor": actor});
    let event: Event = serde_json::from_value(event).unwrap();
    let entries = contents(&event, &decision(&event, Intent::default()), "Asia/Shanghai", "north");
    let line = |entry: &ContentEntry| {
        let member = entry.member.as_ref().map(|member| format!(" {member}")).unwrap_or_default();
        format!("{}{member} {} {} {}", entry.content, entry.segment, entry.measure.as_str(), entry.amount)
    };
    entries.iter().map(line).collect()
}

#[test]
fn contents_are_counted_for_a_member_or_for_the_group() {
    let of = json!({"content": "c", "slot": "morning"});
    assert_eq!(contents_of("content.shown", None, &of), ["c north impressions 1"]);
    assert_eq!(contents_of("content.read", Some("u"), &of), ["c u north reads 1"]);
    assert_eq!(contents_of("content.shared", Some("u"), &of), ["c u north shares 1"]);
    assert_eq!(contents_of("push.sent", None, &of), ["c north pushes 1"]);
    let sold = contents_of("content.converted", Some("u"), &json!({"content": "c", "amount_yuan": 19.9}));
    assert_eq!(sold, ["c u north conversions 1", "c u north amount_fen 1990"]);
    assert_eq!(contents_of("content.converted", None, &of), ["c north conversions 1"]);
    assert_eq!(contents_of("content.hidden", None, &of), [""; 0]);
    assert_eq!(contents_of("content.read", Some("u"), &json!({})), [""; 0]);
}

#[test]
fn a_segment_is_a_text_that_any_database_takes() {
    for bad in ["", "a\0b", "a\nb", &"x".repeat(129)] {
        assert!(!is_segment(bad), "{bad:?}");
    }
    assert!(is_segment("华北 老客"));
}
