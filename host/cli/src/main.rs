//! The `usher` command: serves a host, sends events to one, and helps authors of plugins.

mod output;
mod plugin;
mod send;
mod serve;
mod settings;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use usher_engine::compile_worker;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sandboxed plugins decide about communities.
#[derive(Debug, Parser)]
#[command(name = "usher", version, about, after_help = "Start with `usher serve --data ./usher-data`.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a host: load plugins, decide about events, over HTTP.
    Serve(settings::ServeFlags),
    /// For authors: is it a plugin, does it do what its cases say, and into a host with it
    #[command(subcommand)]
    Plugin(plugin::PluginCommand),
    /// Send events from a file to a host, and see what it decides.
    Send(send::SendFlags),
    /// What `serve` starts to compile one component in, under limits: from standard input to standard output
    #[command(hide = true)]
    CompileWorker {
        /// Processor time, in seconds
        cpu_s: u64,
        /// Address space, in bytes
        memory_bytes: u64,
        /// Threads that compile
        threads: usize,
    },
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(flags) => wait_for(serve::run(flags)),
        Command::Plugin(command) => wait_for(plugin::run(command)),
        Command::Send(flags) => wait_for(send::run(flags)),
        // Before there is a runtime: its threads would be counted.
        Command::CompileWorker { cpu_s, memory_bytes, threads } => compile_worker(cpu_s, memory_bytes, threads),
    }
}

#[tokio::main]
async fn wait_for(command: impl Future<Output = anyhow::Result<ExitCode>>) -> ExitCode {
    match command.await {
        Ok(code) => code,
        Err(error) => {
            output::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
