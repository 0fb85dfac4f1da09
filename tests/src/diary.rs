//! What happened in a group over days: written down first, in any order, and then sent in order.

use crate::TestHost;
use serde_json::{Value, json};
use usher_life::{Life, moment, records};

const MINUTE_MS: u64 = 60_000;
/// When a day's first event is, in minutes since midnight.
const MORNING: u64 = 8 * 60;

/// The days of the group `g1` of the brand `tea`, counted from 2026-01-01, by the calendar of Shanghai.
#[derive(Debug, Default)]
pub struct Diary {
    lines: Vec<(i64, u64, Value)>,
}

impl Diary {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The moment of a day's minute, as the host writes times.
    pub fn moment(day: i64, minute: u64) -> String {
        moment(jiff::civil::date(2026, 1, 1), day, minute * MINUTE_MS)
    }

    /// Something happens, a minute after whatever was written down last for that day; its id.
    pub fn note(&mut self, day: i64, kind: &str, member: &str, payload: &Value) -> String {
        let before = self.lines.iter().filter(|(on, _, _)| *on == day).count() as u64;
        let (id, minute) = (format!("d-{day}-{before}"), MORNING + before);
        let mut event = json!({ "id": id, "kind": kind, "at": Self::moment(day, minute), "payload": payload });
        if !member.is_empty() {
            event["actor"] = json!({ "id": member, "name": member });
        }
        self.lines.push((day, minute, json!({ "group": "g1", "event": event })));
        id
    }

    /// A message; its id.
    pub fn message(&mut self, day: i64, member: &str, text: &str) -> String {
        let id = self.note(day, "message.created", member, &json!({}));
        if let Some((_, _, line)) = self.lines.last_mut() {
            line["event"]["text"] = json!(text);
        }
        id
    }

    /// A question, and an answer that is accepted, some minutes later.
    pub fn answer(&mut self, day: i64, helper: &str, asker: &str) {
        let question = self.message(day, asker, "请问怎么选茶叶？");
        let answer = self.note(day, "message.created", helper, &json!({ "reply_to": question }));
        let payload = json!({ "question": question, "answer": answer, "helped": asker });
        self.note(day, "answer.accepted", helper, &payload);
    }

    /// Sends everything, in order; panics when the host refuses a line.
    #[track_caller]
    pub fn send(mut self, host: &TestHost) {
        self.lines.sort_by_key(|(day, minute, _)| (*day, *minute));
        batch(host, "tea", self.lines.iter().map(|(_, _, line)| line.to_string()));
    }
}

/// A title that is like no other, for a content with this id.
pub fn title(id: &str) -> String {
    let mut state = id.bytes().fold(7_u32, |state, byte| state.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let characters = (0..12).filter_map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4E00 + (state >> 16) % 5_000)
    });
    characters.collect()
}

/// The records of an invented community, as the brand `life`.
#[track_caller]
pub fn settle(host: &TestHost, life: &Life) {
    for (path, body) in records(life) {
        let slash = if path.is_empty() { "" } else { "/" };
        host.put(&format!("/v1/brands/life{slash}{path}"), &body).expect(201);
    }
}

/// Some days of it.
#[track_caller]
#[expect(clippy::expect_used, reason = "an event that is no JSON ends the test")]
pub fn live(host: &TestHost, life: &Life, days: std::ops::Range<i64>) {
    let lines = days.flat_map(|day| life.day(day));
    batch(host, "life", lines.map(|line| serde_json::to_string(&line).expect("JSON")));
}

#[track_caller]
fn batch(host: &TestHost, brand: &str, lines: impl Iterator<Item = String>) {
    let body: String = lines.map(|line| line + "\n").collect();
    let path = format!("/v1/brands/{brand}/events/batch");
    let answers = host.send("POST", &path, &[("content-type", "application/x-ndjson")], body).expect(200);
    for answer in answers.text.lines() {
        assert!(!answer.contains(r#""problem":"#), "{answer}");
    }
}
