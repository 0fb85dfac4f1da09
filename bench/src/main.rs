//! Figures, side by side in one run: medians over interleaved rounds, ratios taken round by round.

mod calls;
mod echo;
mod http;

use anyhow::ensure;
use clap::Parser;
use std::path::PathBuf;
use std::time::Duration;
use usher_bench::report::Report;

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
    /// Serve the bare JSON handler that HTTP is compared with, and nothing else
    #[arg(long, hide = true)]
    echo: bool,
}

/// How many rounds, and how long each is.
#[derive(Debug, Clone, Copy)]
struct Pace {
    rounds: usize,
    call_round: Duration,
    http_round: Duration,
}

/// What can be measured, by name; each makes one section.
type Part = (&'static str, fn(Pace) -> anyhow::Result<String>);
const PARTS: [Part; 3] = [
    ("calls", |pace| calls::one_thread(pace.rounds, pace.call_round)),
    ("threads", |pace| calls::two_threads(pace.rounds, pace.call_round)),
    ("http", |pace| http::run(pace.rounds.min(7), pace.http_round)),
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
    let pace = if flags.quick {
        Pace { rounds: 3, call_round: Duration::from_millis(50), http_round: Duration::from_millis(500) }
    } else {
        Pace { rounds: 15, call_round: Duration::from_millis(200), http_round: Duration::from_secs(3) }
    };
    let report = Report::new(flags.write);
    for (name, measure) in PARTS {
        if flags.only.is_empty() || flags.only.iter().any(|only| only == name) {
            report.section(name, || measure(pace))?;
        }
    }
    Ok(())
}
