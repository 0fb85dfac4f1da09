//! The `usher` command: serves a host, and sends events to one.

mod output;
mod send;
mod serve;
mod settings;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

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
    /// Send events from a file to a host, and see what it decides.
    Send(send::SendFlags),
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(flags) => serve::run(flags).await,
        Command::Send(flags) => send::run(flags).await,
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            output::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
