//! Measures, in a release build.

use crate::cargo::{self, cargo};
use crate::plugins;
use anyhow::Result;
use clap::Args;

/// Flags of `cargo xtask bench`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Short rounds: to see that it runs, not to quote
    #[arg(long)]
    quick: bool,
}

/// Builds everything optimised and runs the harness.
pub(crate) fn run(flags: &Flags) -> Result<()> {
    plugins::build()?;
    run_cargo(&["build", "--release", "--workspace", "--bin", "usher", "--bin", "usher-bench"])?;
    let mut arguments = vec!["run", "--quiet", "--release", "--workspace", "--bin", "usher-bench", "--"];
    if !flags.quick {
        arguments.extend(["--write", "docs/PERFORMANCE.md"]);
    }
    if flags.quick {
        arguments.push("--quick");
    }
    run_cargo(&arguments)
}

fn run_cargo(arguments: &[&str]) -> Result<()> {
    cargo::run(&mut cargo(arguments))
}
