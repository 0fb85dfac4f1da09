//! All automation of the repository: `cargo xtask <command>`.

mod authored;
mod bench;
mod cargo;
mod fuzz;
mod guests;
mod peers;
mod plugins;
mod templates;
mod test;
mod up;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Automation of the repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build what is missing and serve a demo brand; prints an address, an admin key and a line to try
    Up(up::Flags),
    /// Run every check: format, lints, unit tests, end-to-end tests, documentation
    Test(test::Flags),
    /// Build the bundled plugins into target/plugins
    Plugins,
    /// Build the guests in JavaScript and Python into target/guests, with tools that go to target/tools
    Guests,
    /// Measure, side by side in one run, and print the tables of docs/PERFORMANCE.md
    Bench(bench::Flags),
    /// Throw mutated uploads, manifests and events at their readers for a while
    Fuzz(fuzz::Flags),
    /// Write the files that are made from others: docs/openapi.json, tests/conformance/expected.ndjson
    Generate,
}

#[expect(clippy::print_stderr, reason = "errors go to standard error")]
fn main() -> ExitCode {
    let result = match Xtask::parse().command {
        Command::Up(flags) => up::run(&flags),
        Command::Test(flags) => test::run(&flags),
        Command::Plugins => plugins::build(),
        Command::Guests => guests::build(),
        Command::Bench(flags) => bench::run(&flags),
        Command::Fuzz(flags) => fuzz::run(&flags),
        Command::Generate => test::generate(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
