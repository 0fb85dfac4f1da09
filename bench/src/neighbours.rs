//! What a good plugin's callers feel of a hostile one on the same host: the p99 of a steady stream of events, with nothing
//! beside it, and with a flood that a hostile plugin works on.

use crate::http::{KEY, Server, target_dir};
use serde_json::json;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};
use tokio::time::timeout;
use usher_bench::load::{GROUPS, Load, Requests, load, messages_of, request, steady};
use usher_bench::rounds::median;
use usher_guests::Guest;
use usher_guests::hostile::guests;

/// Events of the good plugin, and of the hostile one when it has as many.
const PER_SECOND: u32 = 500;
const CONNECTIONS: u32 = 32;
/// Members of the group that is scored.
const MEMBERS: u32 = 10_000;
/// Connections of a flood, each sending one event after another.
const FLOOD: usize = 8;

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

/// Does nothing: what its flood costs is the price of so many events, and not of harm.
fn harmless() -> Guest {
    Guest::named("harmless").check("")
}

/// What the neighbour does.
#[derive(Clone, Copy)]
enum Harm<'a> {
    Nothing,
    /// Has events for this plugin.
    Plugin(&'a Guest),
    /// Enables the good plugin with settings that nobody had before, again and again.
    Settings,
    /// Has its members scored by this plugin, run after run.
    Scores(&'a [u8]),
}

/// How the neighbour's requests come.
#[derive(Clone, Copy)]
enum Pace {
    /// As many as the good plugin's, at the same steady rate, as far as its connections reach.
    Same,
    /// As fast as they are answered.
    Flood,
    /// The same, over one connection.
    OneByOne,
    /// One each second.
    EachSecond,
}

/// A host with a good plugin in the brand `b` and, where there is harm, a neighbour in the brand `h`.
struct Row {
    what: &'static str,
    pace: Pace,
    breaker: bool,
    server: Server,
    beside: Option<Requests>,
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
}

impl Row {
    fn new(what: &'static str, pace: Pace, breaker: bool, good: &[u8], harm: Harm<'_>) -> anyhow::Result<Self> {
        let wall = ("USHER_CLOCK", "wall");
        let off = [wall, ("USHER_BREAKER__FAILURES", "0"), ("USHER_BREAKER__FUEL_PER_MINUTE", "0")];
        let server = Server::usher_with(&[good.to_vec()], if breaker { &off[..1] } else { &off })?;
        let beside: Option<Requests> = match harm {
            Harm::Nothing => None,
            Harm::Plugin(guest) => {
                server.brand("h", &[guest.component()])?;
                Some(messages_of("h", KEY, GROUPS))
            }
            Harm::Settings => {
                server.brand("h", &[good.to_vec()])?;
                Some(new_settings())
            }
            Harm::Scores(scorer) => {
                server.brand("h", &[scorer.to_vec()])?;
                server.batch("h", members())?;
                let body = r#"{"threshold":{"enter":60,"leave":45},"at":"2026-11-23T00:00:00Z"}"#;
                Some(Arc::new(move |_| request("POST", "/v1/brands/h/groups/g0/scores", KEY, body)))
            }
        };
        Ok(Self { what, pace, breaker, server, beside, p50_ms: Vec::new(), p99_ms: Vec::new() })
    }

    /// One round of the good plugin's steady stream, beside the neighbour's requests.
    async fn round(&self, good: &Requests, neighbour: &Handle, round: Duration) -> anyhow::Result<Load> {
        let beside = self.beside.clone().map(|requests| {
            let (address, pace) = (self.server.address.clone(), self.pace);
            neighbour.spawn(async move { beside(&address, &requests, pace, round).await })
        });
        let felt = steady(&self.server.address, good, CONNECTIONS, PER_SECOND, round).await?;
        if let Some(beside) = beside {
            beside.await??;
        }
        Ok(felt)
    }
}

/// Sends the neighbour's requests for one round. Those of a steady stream that come late are given up at its end, where a
/// host that can't keep up would still owe many.
async fn beside(address: &str, requests: &Requests, pace: Pace, round: Duration) -> anyhow::Result<()> {
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
fn new_settings() -> Requests {
    Arc::new(|number| {
        let body = format!(r#"{{"version":"0.1.0","settings":{{"allowed_phrases":["phrase {number}"]}}}}"#);
        request("PUT", "/v1/brands/h/plugins/ad-guard", KEY, &body)
    })
}

/// Something that each of many members did.
fn members() -> String {
    let line = |number: u32| {
        let event = json!({"id": format!("c-{number}"), "kind": "checkin.done", "at": "2026-11-22T12:00:00Z",
            "actor": {"id": format!("u-{number}")}, "payload": {}});
        json!({"group": "g0", "event": event}).to_string()
    };
    (0..MEMBERS).map(line).collect::<Vec<_>>().join("\n")
}

/// Interleaves the hosts and compares each round's p99 with the quiet one's.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let good = std::fs::read(target_dir().join("plugins/ad-guard.wasm"))?;
    let all = guests();
    let shown = SHOWN.iter().filter_map(|what| all.iter().find(|hostile| hostile.what == *what));
    let mut hostile: Vec<(&'static str, Guest)> = shown.map(|shown| (shown.what, shown.guest.clone())).collect();
    hostile.push(("takes nine tenths of its budget, and never fails", nearly()));
    hostile.push(("writes to each page of 48 MiB, and never fails", touches()));
    let mut rows = vec![Row::new("nothing", Pace::Same, true, &good, Harm::Nothing)?];
    for pace in [Pace::Same, Pace::Flood] {
        rows.push(Row::new("is harmless", pace, true, &good, Harm::Plugin(&harmless()))?);
    }
    for (what, guest) in &hostile {
        for (pace, breaker) in [(Pace::Same, false), (Pace::Same, true), (Pace::Flood, true)] {
            rows.push(Row::new(what, pace, breaker, &good, Harm::Plugin(guest))?);
        }
    }
    rows.push(Row::new("is ad-guard, enabled with new settings", Pace::Flood, true, &good, Harm::Settings)?);
    let scorer = std::fs::read(target_dir().join("plugins/vip-score.wasm"))?;
    for pace in [Pace::EachSecond, Pace::OneByOne] {
        rows.push(Row::new("is vip-score, and scores 10,000 members", pace, true, &good, Harm::Scores(&scorer))?);
    }
    let to_good = messages_of("b", KEY, GROUPS);
    // The good plugin's callers and the neighbour's wait for the host, and not for each other.
    let (callers, neighbour) = (runtime()?, runtime()?);
    for counted in (0..=rounds).map(|number| number > 0) {
        for row in &mut rows {
            let felt = callers.block_on(row.round(&to_good, neighbour.handle(), round))?;
            if counted {
                row.p50_ms.push(ms(felt.p50_us));
                row.p99_ms.push(ms(felt.p99_us));
            }
        }
    }
    table(&rows)
}

fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

fn table(rows: &[Row]) -> anyhow::Result<String> {
    let mut text = format!(
        "\n## Neighbours\n\nad-guard judges {PER_SECOND} events a second, every decision durable. Beside it, on the same host, events come to a \
         plugin of\nanother brand that does harm: *as many*, at the same steady rate, over {CONNECTIONS} connections; or a *flood*, from {FLOOD} \
         connections as fast as they\nare answered. What the callers of ad-guard feel:\n\n\
         | the other plugin | its events | its breaker | p50 ms | p99 ms | x quiet |\n| --- | --- | --- | ---: | ---: | ---: |\n"
    );
    let Some(quiet) = rows.first() else { return Ok(text) };
    for row in rows {
        let (events, breaker) = match (&row.beside, row.pace, row.breaker) {
            (None, ..) => ("", ""),
            (_, Pace::EachSecond, _) => ("once a second", ""),
            (_, Pace::OneByOne, _) => ("again and again", ""),
            (_, Pace::Same, true) => ("as many", "on"),
            (_, Pace::Same, false) => ("as many", "off"),
            (_, Pace::Flood, _) => ("flood", "on"),
        };
        let ratio = median(row.p99_ms.iter().zip(&quiet.p99_ms).map(|(a, b)| a / b).collect());
        let (p50, p99) = (median(row.p50_ms.clone()), median(row.p99_ms.clone()));
        writeln!(text, "| {} | {events} | {breaker} | {p50:.2} | {p99:.2} | {ratio:.2} |", row.what)?;
    }
    Ok(text)
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a request are far below 2^52")]
fn ms(us: u64) -> f64 {
    us as f64 / 1e3
}
