//! Every check, in the order in which they fail fastest.

use crate::cargo::{cargo, target_dir};
use crate::{fuzz, guests, plugins, templates};
use anyhow::{Result, bail};
use clap::Args;
use std::time::Instant;

/// Flags of `cargo xtask test`.
#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Only tests whose name contains this
    filter: Option<String>,
    /// Run at full size those that are smaller by default, and those that are left out because they take minutes
    #[arg(long)]
    thorough: bool,
}

/// Runs every check; stops at the first that fails.
#[expect(clippy::print_stderr, reason = "progress of a long command")]
pub(crate) fn run(flags: &Flags) -> Result<()> {
    type Step = fn() -> Result<()>;
    let checks: [(&str, Step); 6] = [
        ("format", format),
        ("lints", lints),
        ("plugins", plugins::build),
        ("plugins' cases", templates::cases),
        ("conformance plugins", templates::conformance),
        ("heavy guests", guests::authored),
    ];
    let started = Instant::now();
    let tell = |name: &str| eprintln!("== {name} ({:.0} s)", started.elapsed().as_secs_f32());
    if flags.filter.is_none() {
        for (name, step) in checks {
            tell(name);
            step()?;
        }
    } else {
        plugins::build()?;
        templates::build()?;
        templates::conformance()?;
        guests::authored()?;
    }
    if flags.thorough {
        guests::starlingmonkey()?;
    }
    tell("tests");
    tests(flags)?;
    if flags.filter.is_none() {
        tell("fuzzing, for a while");
        fuzz::run(&fuzz::Flags::for_a_while())?;
        tell("documentation");
        documentation()?;
    }
    tell("all checks passed");
    Ok(())
}

/// The peers' workspace too: it takes minutes to build, so this is all that is checked of it here.
fn format() -> Result<()> {
    run_cargo(&["fmt", "--all", "--check"])?;
    run_cargo(&["fmt", "--all", "--check", "--manifest-path", "bench/peers/Cargo.toml"])
}

/// Without it the targets of fuzzing are left out.
const FUZZ: &str = "usher-fuzz/libfuzzer";

fn lints() -> Result<()> {
    run_cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--features", FUZZ, "--", "--deny", "warnings"])
}

/// Hostile guests and `kill -9` need the binary itself, so it is built before the tests that start it. The laws of the
/// store are tried on PostgreSQL too, and plugins go through an OCI registry: both are installed when this machine has none.
fn tests(flags: &Flags) -> Result<()> {
    run_cargo(&["build", "--quiet", "--workspace", "--bin", "usher"])?;
    private_postgres::install()?;
    private_registry::install()?;
    // One server for all processes of the tests. It ends with this one, also at Ctrl-C.
    let server = private_postgres::Server::start(&target_dir())?;
    let mut command = cargo(&["test", "--quiet", "--no-fail-fast", "--workspace"]);
    command.args(&flags.filter).env(private_postgres::SERVER, server.url());
    if flags.thorough {
        command.env("USHER_THOROUGH", "1").args(["--", "--include-ignored"]);
    }
    crate::cargo::run(&mut command)
}

fn documentation() -> Result<()> {
    let mut command = cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    // Private items are documented too: these pages are for those who work on the code.
    command.env("RUSTDOCFLAGS", "--deny warnings --allow rustdoc::private-intra-doc-links");
    crate::cargo::run(&mut command)
}

fn run_cargo(arguments: &[&str]) -> Result<()> {
    crate::cargo::run(&mut cargo(arguments))
}

/// Writes the files that are made from others. The tests fail when one of them is stale.
pub(crate) fn generate() -> Result<()> {
    templates::conformance()?;
    let mut command = cargo(&["test", "--quiet", "--workspace", "--test", "e2e", "--"]);
    command.args(["openapi_is_committed", "conformance_in_rust"]).env("USHER_GENERATE", "1");
    if !command.status()?.success() {
        bail!("docs/openapi.json or tests/conformance/expected.ndjson can't be written");
    }
    Ok(())
}
