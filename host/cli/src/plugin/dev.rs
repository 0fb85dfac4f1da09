//! `usher plugin dev`

mod lines;
mod session;
mod show;

use super::watch::Watch;
use crate::output;
use anyhow::Context;
use clap::Args;
use lines::Lines;
use session::Session;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Flags of `usher plugin dev`.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --host it starts a host of its own, for as long as it runs, with an empty memory, the \
    wall clock, and the group `dev` of the brand `dev`. Each line that you type is a message there; one that begins with \
    `{` is an event as the API takes it. The cases of the folder are played at each change, on a host of their own."
)]
pub(crate) struct DevFlags {
    /// The plugin's folder
    #[arg(default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    /// A JSON file with its settings; settings.json of the folder if not said, when it is there
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// Where its own host listens
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS", conflicts_with = "host")]
    listen: SocketAddr,
    /// A host that runs, instead of one of its own
    #[arg(long, value_name = "URL", requires_all = ["key", "brand", "group"])]
    host: Option<String>,
    /// A key of that host with the role admin
    #[arg(long, env = "USHER_KEY", hide_env_values = true)]
    key: Option<String>,
    /// In which brand of that host
    #[arg(long, requires = "host")]
    brand: Option<String>,
    /// In which group of that host
    #[arg(long, requires = "host")]
    group: Option<String>,
}

pub(super) async fn run(flags: DevFlags) -> anyhow::Result<ExitCode> {
    let settings = flags.settings.clone().or_else(|| {
        let beside = flags.folder.join("settings.json");
        beside.is_file().then_some(beside)
    });
    let session = Session::open(&flags, settings).await?;
    output::line(&session.greeting());
    tokio::select! {
        ended = build_and_swap(&session, &flags.folder) => ended?,
        ended = session.show_decisions() => ended?,
        ended = send_lines(&session) => ended?,
        stopped = tokio::signal::ctrl_c() => stopped.context("Ctrl-C can't be waited for")?,
    }
    output::line(&session.farewell());
    Ok(ExitCode::SUCCESS)
}

/// What goes wrong in one round is told, and what was in force stays.
async fn build_and_swap(session: &Session, folder: &std::path::Path) -> anyhow::Result<()> {
    let mut sources = Watch::of([folder.to_owned()]);
    loop {
        if let Err(error) = session.swap(folder).await {
            output::error(&format!("{error:#}"));
        }
        sources.changed().await;
    }
}

async fn send_lines(session: &Session) -> anyhow::Result<()> {
    let mut lines = Lines::of_standard_input();
    loop {
        let line = lines.next().await;
        if let Err(error) = session.send(&line).await {
            output::error(&format!("{error:#}"));
        }
    }
}
