//! What a neighbour does: the plugins that do harm, and the requests that set them to it.

use super::{CONNECTIONS, PER_SECOND};
use crate::http::KEY;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use usher_bench::load::{Requests, load, request, steady};
use usher_guests::Guest;
use usher_guests::hostile::guests;

/// Members of the group that is scored.
const MEMBERS: u32 = 10_000;
/// Contents that are recommended of.
pub(super) const CONTENTS: u32 = 1_000;
/// Connections of a flood, each sending one event after another.
pub(super) const FLOOD: usize = 8;

/// What the hostile plugin does, as the list of hostile guests calls it.
const SHOWN: [&str; 12] = [
    "loops for ever",
    "grows its memory until refused, then traps",
    "recurses for ever",
    "traps",
    "calls the host without end",
    "has the host copy the text without end",
    "burns its budget in the host",
    "makes findings without end",
    "writes a log without end",
    "remembers new keys without end",
    "reads its memory without end",
    "starts timers without end",
];

/// What the neighbour does.
pub(super) enum Harm {
    /// Has events for this plugin.
    Plugin(Vec<u8>),
    /// Enables the good plugin with settings that nobody had before, again and again.
    Settings,
    /// Has its members scored by this plugin, run after run.
    Scores(Vec<u8>),
    /// Has contents recommended by this plugin.
    Ranks(Vec<u8>),
}

/// How the neighbour's requests come.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pace {
    /// As many as the good plugin's, at the same steady rate, as far as its connections reach.
    Same,
    /// As fast as they are answered.
    Flood,
    /// The same, over one connection.
    OneByOne,
    /// One each second.
    EachSecond,
}

/// The plugins that are shown, with what each does.
pub(super) fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let all = guests();
    let shown = SHOWN.iter().filter_map(|what| all.iter().find(|hostile| hostile.what == *what));
    let mut hostile: Vec<_> = shown.map(|shown| (shown.what, shown.guest.component())).collect();
    hostile.push(("takes nine tenths of its budget, and never fails", nearly().component()));
    hostile.push(("writes to each page of 48 MiB, and never fails", touches().component()));
    hostile
}

/// Does nothing: what its flood costs is the price of so many events, and not of harm.
pub(super) fn harmless() -> Vec<u8> {
    Guest::named("harmless").check("").component()
}

/// Never fails, and takes nearly all that it may.
fn nearly() -> Guest {
    Guest::named("nearly").check(
        "(local $n i32) (loop $spin (local.set $n (i32.add (local.get $n) (i32.const 1)))
           (br_if $spin (i32.lt_u (local.get $n) (i32.const 6000000))))",
    )
}

/// Never fails, and writes to each page of 48 MiB.
fn touches() -> Guest {
    Guest::named("touches").check(
        "(local $page i32) (drop (memory.grow (i32.const 768)))
         (loop $touch (i32.store (i32.add (i32.const 65536) (local.get $page)) (i32.const 1))
           (local.set $page (i32.add (local.get $page) (i32.const 4096)))
           (br_if $touch (i32.lt_u (local.get $page) (i32.const 50331648))))",
    )
}

/// Sends the neighbour's requests for one round. Those of a steady stream that come late are given up at its end, where a
/// host that can't keep up would still owe many.
pub(super) async fn beside(address: &str, requests: &Requests, pace: Pace, round: Duration) -> anyhow::Result<()> {
    match pace {
        Pace::Flood => drop(load(address, requests, FLOOD, round).await?),
        Pace::OneByOne => drop(load(address, requests, 1, round).await?),
        Pace::Same | Pace::EachSecond => {
            let (connections, per_second) = if matches!(pace, Pace::Same) { (CONNECTIONS, PER_SECOND) } else { (1, 1) };
            if let Ok(felt) = timeout(round, steady(address, requests, connections, per_second, round)).await {
                felt?;
            }
        }
    }
    Ok(())
}

/// Enablements of the good plugin in the brand `h`, each with a phrase of its own.
pub(super) fn new_settings() -> Requests {
    Arc::new(|number| {
        let body = format!(r#"{{"version":"0.1.0","settings":{{"allowed_phrases":["phrase {number}"]}}}}"#);
        request("PUT", "/v1/brands/h/plugins/ad-guard", KEY, &body)
    })
}

/// Scorings of a group in the brand `h`.
pub(super) fn scorings() -> Requests {
    let body = r#"{"threshold":{"enter":60,"leave":45},"at":"2026-11-23T00:00:00Z"}"#;
    Arc::new(move |_| request("POST", "/v1/brands/h/groups/g0/scores", KEY, body))
}

/// Recommendations for a group in the brand `h`.
pub(super) fn recommendations() -> Requests {
    Arc::new(|_| request("POST", "/v1/brands/h/groups/g0/recommendations", KEY, r#"{"slot":"evening"}"#))
}

/// A content of a number: its path, and what is put there.
pub(super) fn content(number: u32) -> (String, Value) {
    let body = json!({"kind": "article", "title": format!("t{number}"), "topic": format!("x{}", number % 20)});
    (format!("/v1/brands/h/contents/c{number}"), body)
}

/// Something that each of many members did.
pub(super) fn members() -> String {
    let line = |number: u32| {
        let event = json!({"id": format!("c-{number}"), "kind": "checkin.done", "at": "2026-11-22T12:00:00Z",
            "actor": {"id": format!("u-{number}")}, "payload": {}});
        json!({"group": "g0", "event": event}).to_string()
    };
    (0..MEMBERS).map(line).collect::<Vec<_>>().join("\n")
}
