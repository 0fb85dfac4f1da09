//! Measures, in a release build.

use crate::cargo::{self, cargo, root, target_dir};
use crate::{guests, peers, plugins};
use anyhow::Result;
use clap::Args;
use std::process::Command;

/// Plugins that only the benchmark runs.
const PLUGINS: [&str; 3] = ["house-rules", "newcomer-links", "points"];

/// Flags of `cargo xtask bench`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Short rounds: to see that it runs, not to quote
    #[arg(long)]
    quick: bool,
    /// Only this part (calls, threads, http, heavy, tenants, cerbos, peers, …), and no other section of the document
    /// changes; may be given more than once
    #[arg(long, value_name = "PART")]
    only: Vec<String>,
    /// Leave out `cerbos`, which comes from npm, `peers`, which take long to build, and `heavy`, whose guests need tools
    /// from npm and PyPI
    #[arg(long)]
    no_peers: bool,
}

impl Flags {
    fn wants(&self, part: &str) -> bool {
        if self.only.is_empty() { !self.no_peers } else { self.only.iter().any(|only| only == part) }
    }
}

/// Builds everything optimised and runs the harness.
pub(crate) fn run(flags: &Flags) -> Result<()> {
    plugins::build_in_rust()?;
    plugins::build_packages(&PLUGINS)?;
    if flags.wants("heavy") {
        guests::build()?;
    }
    let cerbos = if flags.wants("cerbos") { Some(peers::cerbos()?) } else { None };
    let peers = if flags.wants("peers") { Some(peers::build()?) } else { None };
    cargo::run(&mut cargo(&["build", "--release", "--workspace", "--bin", "usher", "--bin", "usher-bench"]))?;
    let mut command = Command::new(target_dir().join("release/usher-bench"));
    command.current_dir(root());
    command.args(if flags.quick { ["--quick"].as_slice() } else { &["--write", "docs/PERFORMANCE.md"] });
    command.args(flags.only.iter().flat_map(|part| ["--only", part]));
    command.args(cerbos.iter().flat_map(|binary| ["--cerbos".as_ref(), binary.as_os_str()]));
    command.args(peers.iter().flat_map(|folder| ["--peers".as_ref(), folder.as_os_str()]));
    cargo::run(&mut command)
}
