//! What a good plugin's callers feel of a hostile one on the same host: the p99 of a steady stream of events, with nothing
//! beside it, and with a flood that a hostile plugin works on.

mod harm;
mod row;

use crate::http::{KEY, target_dir};
use harm::{FLOOD, Harm, Pace, harmless, hostile};
use row::{Felt, Row};
use std::time::Duration;
use tokio::runtime::Runtime;
use usher_bench::load::{GROUPS, messages_of};

/// Events of the good plugin, and of the hostile one when it has as many.
const PER_SECOND: u32 = 500;
const CONNECTIONS: u32 = 32;

/// Rows that are measured in turns. Few, for a host that only stands by costs the others something too.
struct Trial {
    what: &'static str,
    harm: Harm,
    /// How the requests come, and whether the breaker may trip.
    rows: &'static [(Pace, bool)],
}

fn trials() -> anyhow::Result<Vec<Trial>> {
    const HARMLESS: &[(Pace, bool)] = &[(Pace::Same, true), (Pace::Flood, true)];
    const HOSTILE: &[(Pace, bool)] = &[(Pace::Same, false), (Pace::Same, true), (Pace::Flood, true)];
    const SCORES: &[(Pace, bool)] = &[(Pace::EachSecond, true), (Pace::OneByOne, true)];
    let scorer = std::fs::read(target_dir().join("plugins/vip-score.wasm"))?;
    let mut trials = vec![Trial { what: "is harmless", harm: Harm::Plugin(harmless()), rows: HARMLESS }];
    for (what, component) in hostile() {
        trials.push(Trial { what, harm: Harm::Plugin(component), rows: HOSTILE });
    }
    let what = "is ad-guard, enabled with new settings";
    trials.push(Trial { what, harm: Harm::Settings, rows: &[(Pace::Flood, true)] });
    let what = "is vip-score, and scores 10,000 members";
    trials.push(Trial { what, harm: Harm::Scores(scorer), rows: SCORES });
    let ranker = std::fs::read(target_dir().join("plugins/slot-ranker.wasm"))?;
    let what = "is slot-ranker, and recommends of 1,000 contents";
    trials.push(Trial { what, harm: Harm::Ranks(ranker), rows: SCORES });
    Ok(trials)
}

/// Interleaves the hosts of each trial and compares each round's p99 with the quiet one's.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let good = std::fs::read(target_dir().join("plugins/ad-guard.wasm"))?;
    let to_good = messages_of("b", KEY, GROUPS);
    // The good plugin's callers and the neighbour's wait for the host, and not for each other.
    let (callers, neighbour) = (runtime()?, runtime()?);
    let mut quiet = Row::quiet(&good)?;
    let mut lines = Vec::new();
    for Trial { what, harm, rows } in trials()? {
        let row = |(pace, breaker): &(Pace, bool)| Row::beside(&good, &harm, *pace, *breaker);
        let mut hosts = rows.iter().map(row).collect::<anyhow::Result<Vec<_>>>()?;
        for counts in (0..=rounds).map(|number| number > 0) {
            for host in std::iter::once(&mut quiet).chain(&mut hosts) {
                host.round(&to_good, (&callers, neighbour.handle()), (round, counts))?;
            }
        }
        for (row, host) in rows.iter().zip(&hosts) {
            lines.push(line(what, events(*row), &host.told(&quiet, rounds)));
        }
    }
    let alone = line("nothing", ("", ""), &quiet.told(&quiet, usize::MAX));
    Ok(table(&alone, &lines))
}

/// What the columns for the events and the breaker say.
fn events((pace, breaker): (Pace, bool)) -> (&'static str, &'static str) {
    match (pace, breaker) {
        (Pace::EachSecond, _) => ("once a second", ""),
        (Pace::OneByOne, _) => ("again and again", ""),
        (Pace::Same, true) => ("as many", "on"),
        (Pace::Same, false) => ("as many", "off"),
        (Pace::Flood, _) => ("flood", "on"),
    }
}

fn line(what: &str, (events, breaker): (&str, &str), felt: &Felt) -> String {
    let Felt { p50_ms, p99_ms, ratio } = felt;
    format!("| {what} | {events} | {breaker} | {p50_ms:.2} | {p99_ms:.2} | {ratio:.2} |\n")
}

fn table(alone: &str, beside: &[String]) -> String {
    format!(
        "\n## Neighbours\n\nad-guard judges {PER_SECOND} events a second, every decision durable. Beside it, on the same host, events come to a \
         plugin of\nanother brand that does harm: *as many*, at the same steady rate, over {CONNECTIONS} connections; or a *flood*, from {FLOOD} \
         connections as fast as they\nare answered. What the callers of ad-guard feel, and how many times what they feel in the same rounds on a host \
         with nothing beside\nit:\n\n\
         | the other plugin | its events | its breaker | p50 ms | p99 ms | x quiet |\n| --- | --- | --- | ---: | ---: | ---: |\n\
         {alone}{}",
        beside.concat()
    )
}

fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}
