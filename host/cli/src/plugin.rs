//! `usher plugin`: what authors do with a component, on their own machine and against a host.

mod api;
mod bench;
mod build;
mod cache;
mod case;
mod check;
mod compare;
mod dev;
mod enable;
mod language;
mod local;
mod logs;
mod new;
mod paint;
mod push;
mod remedy;
mod run;
mod sdk;
mod story;
mod stream;
mod table;
mod test;
mod update;
mod watch;

use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// What authors do.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// A folder with a small plugin that works, to begin from
    New(new::NewFlags),
    /// From the sources in a folder to a component
    Build(build::BuildFlags),
    /// Is it a plugin? What a host would say at its upload, and what it asks for
    Check(check::CheckFlags),
    /// One event, or one table: what the plugin said, wrote to its log, read, and cost
    Run(run::RunFlags),
    /// Cases in files: events on a virtual clock, or rows of a table, and what should come of them
    Test(test::TestFlags),
    /// What calls cost, against the limits of production
    Bench(bench::BenchFlags),
    /// Build at each change of the sources, swap the plugin in a running host, and see what it decides
    Dev(dev::DevFlags),
    /// Upload a component to a host
    Push(push::PushFlags),
    /// Put a version into force, or change its settings
    Enable(enable::EnableFlags),
    /// What it writes to its log on a host
    Logs(logs::LogsFlags),
}

/// A component in a file.
#[derive(Debug, Args)]
struct ComponentFile {
    /// The component, a `.wasm` file; what `build` made if not said
    #[arg(value_name = "COMPONENT", default_value = "build/plugin.wasm")]
    path: PathBuf,
}

/// Which host, and who asks.
#[derive(Debug, Args)]
struct HostFlags {
    /// The host's address
    #[arg(long, env = "USHER_HOST", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    host: String,
    /// A key with the role that this takes
    #[arg(long, env = "USHER_KEY", hide_env_values = true)]
    key: String,
}

/// Does it.
pub(crate) async fn run(command: PluginCommand) -> anyhow::Result<ExitCode> {
    match command {
        PluginCommand::New(flags) => new::run(&flags),
        PluginCommand::Build(flags) => build::run(&flags),
        PluginCommand::Check(flags) => check::run(flags).await,
        PluginCommand::Run(flags) => run::run(flags).await,
        PluginCommand::Test(flags) => test::run(flags).await,
        PluginCommand::Bench(flags) => bench::run(flags).await,
        PluginCommand::Dev(flags) => dev::run(flags).await,
        PluginCommand::Push(flags) => push::run(flags).await,
        PluginCommand::Enable(flags) => enable::run(flags).await,
        PluginCommand::Logs(flags) => logs::run(flags).await,
    }
}
