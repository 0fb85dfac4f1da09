//! Fuzzing: libFuzzer over the targets of `fuzz/`, with the compiler that builds everything else.

use crate::cargo::{self, cargo, root, target_dir};
use anyhow::{Result, bail};
use clap::Args;
use std::fs::{self, File};
use std::process::Command;

const TARGETS: [&str; 3] = ["upload", "manifest", "event"];

/// Flags of `cargo xtask fuzz`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// How long, each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only this target (upload, manifest, event)
    target: Option<String>,
}

impl Flags {
    /// As `cargo xtask test` does it: long enough to meet what a change has broken, most likely.
    pub(crate) fn for_a_while() -> Self {
        Self { seconds: 10, target: None }
    }
}

/// Builds the targets, writes what they begin with, and runs each. What crashes one is kept below `target/fuzz`, and what
/// was learnt stays there for the next time.
pub(crate) fn run(flags: &Flags) -> Result<()> {
    let folder = target_dir().join("fuzz");
    let mut build = cargo(&["build", "--quiet", "--workspace", "--features", "usher-fuzz/libfuzzer"]);
    build.args(["--bin", "fuzz-seeds", "--bin", "fuzz-upload", "--bin", "fuzz-manifest", "--bin", "fuzz-event"]);
    cargo::run(build.env("RUSTC_WORKSPACE_WRAPPER", root().join("fuzz/instrument.sh")))?;
    let built = target_dir().join("debug");
    cargo::run(Command::new(built.join("fuzz-seeds")).arg(folder.join("seeds")))?;
    for target in TARGETS.iter().filter(|target| flags.target.as_deref().is_none_or(|only| only == **target)) {
        fuzz(target, flags.seconds)?;
    }
    Ok(())
}

/// Runs one target. What libFuzzer says goes to a file, and is shown when something was found.
#[expect(clippy::print_stderr, reason = "progress of a long command")]
fn fuzz(target: &str, seconds: u32) -> Result<()> {
    let folder = target_dir().join("fuzz");
    let (corpus, log) = (folder.join("corpus").join(target), folder.join(format!("{target}.log")));
    fs::create_dir_all(&corpus)?;
    let mut command = Command::new(target_dir().join("debug").join(format!("fuzz-{target}")));
    command.arg(&corpus).arg(folder.join("seeds").join(target));
    command.arg(format!("-max_total_time={seconds}")).args(["-timeout=60", "-rss_limit_mb=4096", "-max_len=65536"]);
    command.arg("-print_final_stats=1").arg(format!("-artifact_prefix={}/{target}-", folder.display()));
    let status = command.stderr(File::create(&log)?).status()?;
    let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    if !status.success() {
        bail!(
            "fuzzing `{target}` found something:\n{said}\nrun `{command:?}` with the file named above to see it again"
        );
    }
    let tried = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")).unwrap_or_default();
    eprintln!("{target}: {} inputs in {seconds} s, nothing found", tried.trim());
    Ok(())
}
