//! Figures, side by side in one run: medians over interleaved rounds, ratios taken round by round.

mod calls;
mod corpus;
mod echo;
mod http;
mod load;
mod machine;
mod rounds;

use clap::Parser;
use std::path::PathBuf;
use std::time::Duration;

/// Measures Usher and prints tables in Markdown. `cargo xtask bench` builds what it needs.
#[derive(Debug, Parser)]
struct Flags {
    /// Short rounds: to see that it runs, not to quote
    #[arg(long)]
    quick: bool,
    /// Write the tables here, too
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Serve the bare JSON handler that HTTP is compared with, and nothing else
    #[arg(long, hide = true)]
    echo: bool,
}

#[expect(clippy::print_stdout, reason = "the tables are the output")]
fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    if flags.echo {
        return echo::serve();
    }
    let (rounds, call_round, http_round) = if flags.quick {
        (3, Duration::from_millis(50), Duration::from_millis(500))
    } else {
        (15, Duration::from_millis(200), Duration::from_secs(3))
    };
    let mut report = machine::describe();
    for section in [calls::one_thread, calls::two_threads] {
        report.push_str(&section(rounds, call_round)?);
    }
    report.push_str(&http::run(rounds.min(7), http_round)?);
    println!("{report}");
    if let Some(path) = flags.write {
        std::fs::write(path, report)?;
    }
    Ok(())
}
