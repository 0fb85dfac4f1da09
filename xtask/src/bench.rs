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
    /// Only this part, and no other section of the document changes; may be given more than once
    #[arg(long, value_name = "PART")]
    only: Vec<String>,
}

/// Builds everything optimised and runs the harness.
pub(crate) fn run(flags: &Flags) -> Result<()> {
    plugins::build()?;
    run_cargo(&["build", "--release", "--workspace", "--bin", "usher", "--bin", "usher-bench"])?;
    let mut arguments = vec!["run", "--quiet", "--release", "--workspace", "--bin", "usher-bench", "--"];
    arguments.extend(if flags.quick { ["--quick"].as_slice() } else { &["--write", "docs/PERFORMANCE.md"] });
    arguments.extend(flags.only.iter().flat_map(|part| ["--only", part]));
    run_cargo(&arguments)
}

fn run_cargo(arguments: &[&str]) -> Result<()> {
    cargo::run(&mut cargo(arguments))
}
