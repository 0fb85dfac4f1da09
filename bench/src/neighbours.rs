//! What a good plugin's callers feel of a hostile one on the same host: the p99 of a steady stream of events, with nothing
//! beside it, and with a flood that a hostile plugin works on.

use crate::http::{KEY, Server, target_dir};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use usher_bench::load::{GROUPS, Load, Requests, load, messages_of, request, steady};
use usher_bench::rounds::median;
use usher_guests::Guest;
use usher_guests::hostile::guests;

/// Events of the good plugin.
const PER_SECOND: u32 = 500;
const CONNECTIONS: u32 = 32;
/// Connections that send to the hostile plugin, one event after another.
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
}

/// A host with a good plugin in the brand `b` and, where there is harm, a neighbour in the brand `h`.
struct Row {
    what: &'static str,
    breaker: bool,
    server: Server,
    flood: Option<Requests>,
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
}

impl Row {
    fn new(what: &'static str, breaker: bool, good: &[u8], harm: Harm<'_>) -> anyhow::Result<Self> {
        let wall = ("USHER_CLOCK", "wall");
        let off = [wall, ("USHER_BREAKER__FAILURES", "0"), ("USHER_BREAKER__FUEL_PER_MINUTE", "0")];
        let server = Server::usher_with(&[good.to_vec()], if breaker { &off[..1] } else { &off })?;
        let flood = match harm {
            Harm::Nothing => None,
            Harm::Plugin(guest) => {
                server.brand("h", &[guest.component()])?;
                Some(messages_of("h", KEY, GROUPS))
            }
            Harm::Settings => {
                server.brand("h", &[good.to_vec()])?;
                Some(new_settings())
            }
        };
        Ok(Self { what, breaker, server, flood, p50_ms: Vec::new(), p99_ms: Vec::new() })
    }

    /// One round of the steady stream, beside the flood.
    async fn round(&self, good: &Requests, round: Duration) -> anyhow::Result<Load> {
        let flood: Option<JoinHandle<_>> = self.flood.clone().map(|flood| {
            let address = self.server.address.clone();
            tokio::spawn(async move { load(&address, &flood, FLOOD, round).await })
        });
        let felt = steady(&self.server.address, good, CONNECTIONS, PER_SECOND, round).await?;
        if let Some(flood) = flood {
            flood.await??;
        }
        Ok(felt)
    }
}

/// Enablements of the good plugin in the brand `h`, each with a phrase of its own.
fn new_settings() -> Requests {
    Arc::new(|number| {
        let body = format!(r#"{{"version":"0.1.0","settings":{{"allowed_phrases":["phrase {number}"]}}}}"#);
        request("PUT", "/v1/brands/h/plugins/ad-guard", KEY, &body)
    })
}

/// Interleaves the hosts and compares each round's p99 with the quiet one's.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let good = std::fs::read(target_dir().join("plugins/ad-guard.wasm"))?;
    let all = guests();
    let shown = SHOWN.iter().filter_map(|what| all.iter().find(|hostile| hostile.what == *what));
    let mut hostile: Vec<(&'static str, Guest)> = shown.map(|shown| (shown.what, shown.guest.clone())).collect();
    hostile.push(("takes nine tenths of its budget, and never fails", nearly()));
    hostile.push(("writes to each page of 48 MiB, and never fails", touches()));
    let mut rows = vec![
        Row::new("nothing", true, &good, Harm::Nothing)?,
        Row::new("is harmless", true, &good, Harm::Plugin(&harmless()))?,
    ];
    for (what, guest) in &hostile {
        for breaker in [false, true] {
            rows.push(Row::new(what, breaker, &good, Harm::Plugin(guest))?);
        }
    }
    rows.push(Row::new("is ad-guard, enabled with new settings all the time", true, &good, Harm::Settings)?);
    let to_good = messages_of("b", KEY, GROUPS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    for counted in (0..=rounds).map(|number| number > 0) {
        for row in &mut rows {
            let felt = runtime.block_on(row.round(&to_good, round))?;
            if counted {
                row.p50_ms.push(ms(felt.p50_us));
                row.p99_ms.push(ms(felt.p99_us));
            }
        }
    }
    table(&rows)
}

fn table(rows: &[Row]) -> anyhow::Result<String> {
    let mut text = format!(
        "\n## Neighbours\n\nad-guard judges {PER_SECOND} events a second, every decision durable. Beside it, on the same host, {FLOOD} connections \
         send\nwithout a pause to a plugin of another brand that does harm. What the callers of ad-guard feel:\n\n\
         | the other plugin | its breaker | p50 ms | p99 ms | x quiet |\n| --- | --- | ---: | ---: | ---: |\n"
    );
    let Some(quiet) = rows.first() else { return Ok(text) };
    for row in rows {
        let breaker = match (row.flood.is_some(), row.breaker) {
            (false, _) => "",
            (true, false) => "off",
            (true, true) => "on",
        };
        let ratio = median(row.p99_ms.iter().zip(&quiet.p99_ms).map(|(a, b)| a / b).collect());
        let (p50, p99) = (median(row.p50_ms.clone()), median(row.p99_ms.clone()));
        writeln!(text, "| {} | {breaker} | {p50:.2} | {p99:.2} | {ratio:.2} |", row.what)?;
    }
    Ok(text)
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a request are far below 2^52")]
fn ms(us: u64) -> f64 {
    us as f64 / 1e3
}
