//! Figures, side by side in one run: medians over interleaved rounds, ratios taken round by round.

mod calls;
mod cerbos;
mod disk;
mod echo;
mod heavy;
mod http;
mod ledger;
mod matching;
mod memory;
mod neighbours;
mod peers;
mod ranking;
mod scores;
mod store;
mod tenants;

use anyhow::{Context, ensure};
use clap::Parser;
use std::path::PathBuf;
use std::time::Duration;
use usher_bench::report::Report;

/// The host's, so that calls are measured as the host makes them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Usher and prints tables in Markdown. `cargo xtask bench` builds what it needs.
#[derive(Debug, Parser)]
struct Flags {
    /// Short rounds: to see that it runs, not to quote
    #[arg(long)]
    quick: bool,
    /// Only these parts
    #[arg(long, value_name = "PART")]
    only: Vec<String>,
    /// Put the tables into this document, each in place of its like
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Cerbos' server; the part `cerbos` is left out without it
    #[arg(long, value_name = "BINARY")]
    cerbos: Option<PathBuf>,
    /// Do one thing for some seconds, for a profiler: native, reused, fresh, nothing
    #[arg(long, value_name = "WHAT")]
    repeat: Option<String>,
    /// What the peers' workspace was built to; the part `peers` is left out without it
    #[arg(long, value_name = "FOLDER")]
    peers: Option<PathBuf>,
    /// Serve the bare JSON handler that HTTP is compared with, and nothing else
    #[arg(long, hide = true)]
    echo: bool,
}

/// How many rounds, how long each is, and what is compared with.
#[derive(Debug)]
struct Setup {
    rounds: usize,
    call_round: Duration,
    http_rounds: usize,
    http_round: Duration,
    /// Kinds of groups, each with settings of its own.
    kinds: u64,
    /// Events in a group whose past is long.
    past: u64,
    /// To see that it runs.
    quick: bool,
    cerbos: Option<PathBuf>,
    peers: Option<PathBuf>,
}

/// What can be measured, by name; each makes one section.
type Part = (&'static str, fn(&Setup) -> anyhow::Result<String>);
const PARTS: [Part; 14] = [
    ("calls", |setup| calls::one_thread(setup.rounds, setup.call_round)),
    ("matching", |setup| matching::run(setup.rounds, setup.call_round)),
    ("scores", |setup| scores::run(setup.rounds, setup.call_round)),
    ("threads", |setup| calls::two_threads(setup.rounds, setup.call_round)),
    ("http", |setup| http::run(setup.http_rounds, setup.http_round)),
    ("ledger", |setup| ledger::run(setup.http_rounds, setup.http_round)),
    ("store", |setup| store::run(setup.http_rounds, setup.http_round)),
    ("memory", |setup| memory::run(setup.http_rounds, setup.http_round, setup.past)),
    ("heavy", |setup| heavy::run(setup.rounds, setup.call_round)),
    ("tenants", |setup| tenants::run(setup.http_rounds, setup.http_round, setup.kinds)),
    ("neighbours", |setup| neighbours::run(setup.http_rounds.min(5), setup.http_round)),
    ("ranking", |setup| ranking::run(setup.rounds, setup.quick)),
    ("cerbos", |setup| {
        let binary = setup.cerbos.as_deref().context("`--cerbos` says where its server is")?;
        cerbos::run(binary, setup.http_rounds, setup.http_round)
    }),
    ("peers", |setup| {
        let folder = setup.peers.as_deref().context("`--peers` says where they were built to")?;
        peers::run(folder, setup.rounds, setup.call_round)
    }),
];

fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    if flags.echo {
        return echo::serve();
    }
    let names = PARTS.map(|(name, _)| name);
    for name in &flags.only {
        ensure!(names.contains(&name.as_str()), "there is no part `{name}`; there are {}", names.join(", "));
    }
    let ms = Duration::from_millis;
    let (rounds, call_round, http_rounds, http_round) =
        if flags.quick { (3, ms(50), 3, ms(500)) } else { (15, ms(200), 7, ms(3_000)) };
    let (kinds, past) = if flags.quick { (10, 10_000) } else { (200, 1_000_000) };
    let (cerbos, peers) = (flags.cerbos, flags.peers);
    let setup = Setup { rounds, call_round, http_rounds, http_round, kinds, past, quick: flags.quick, cerbos, peers };
    if let Some(what) = flags.repeat {
        http::say(&calls::repeat(&what, setup.http_round)?);
        return Ok(());
    }
    let report = Report::new(flags.write);
    for (name, measure) in PARTS {
        let by_default = match name {
            "cerbos" => setup.cerbos.is_some(),
            "heavy" => heavy::is_built(),
            "peers" => setup.peers.is_some(),
            _ => true,
        };
        if flags.only.iter().any(|only| only == name) || (flags.only.is_empty() && by_default) {
            report.section(name, || measure(&setup))?;
        }
    }
    Ok(())
}
