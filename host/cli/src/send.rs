//! `usher send`: a file of events through a host, and what it decided.

mod client;
mod input;
mod report;

use crate::output;
use anyhow::Context;
use clap::{Args, ValueEnum};
use client::{Client, Sent};
use futures_util::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use input::{Format, read_events};
use report::Report;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How the file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatFlag {
    /// By the file's ending: `.ndjson` and `.jsonl`, `.csv`, `.tsv`; all else is lines.
    Auto,
    /// One event a line, as the API takes them.
    Ndjson,
    /// Comma-separated with a header; see --text-column.
    Csv,
    /// Tab-separated with a header; see --text-column.
    Tsv,
    /// One message a line.
    Lines,
}

/// Flags of `usher send`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    usher send messages.txt --brand demo --group tea-house\n  \
    usher send export.csv --text-column TEXT --brand demo --group tea-house --json\n\n\
    Sending a file again is safe: ids and times come from the file, so every event gets the answer that it got before.")]
pub(crate) struct SendFlags {
    /// The file of events, or `-` for standard input
    file: PathBuf,
    /// Whose group
    #[arg(long)]
    brand: String,
    /// Where the events happen
    #[arg(long)]
    group: String,
    /// The host's address
    #[arg(long, env = "USHER_HOST", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    host: String,
    /// A key that may send events
    #[arg(long, env = "USHER_KEY", hide_env_values = true)]
    key: String,
    /// How the file is read
    #[arg(long, value_enum, default_value = "auto")]
    format: FormatFlag,
    /// The column with the text; `text`, `content`, `message` or `test_case` in any case when not given
    #[arg(long, value_name = "NAME")]
    text_column: Option<String>,
    /// When lines and rows were said, in RFC 3339; when the file was last written if not given
    #[arg(long, value_name = "TIME")]
    at: Option<jiff::Timestamp>,
    /// Who says what has no actor of its own
    #[arg(long, default_value = "sender", value_name = "MEMBER")]
    actor: String,
    /// Events under way at once; with more than one, events may overtake one another
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: u16,
    /// Print the result as JSON, for scripts
    #[arg(long)]
    json: bool,
}

/// Sends every event of the file; ends with 1 when some could not be decided.
pub(crate) async fn run(flags: SendFlags) -> anyhow::Result<ExitCode> {
    let format = Format::choose(flags.format, &flags.file);
    let events = read_events(&flags.file, format, flags.text_column.as_deref(), &flags.actor, flags.at)
        .with_context(|| format!("`{}` can't be read as events", flags.file.display()))?;
    let client = Client::new(&flags.host, &flags.key, &flags.brand, &flags.group)?;
    let bar = progress(events.len() as u64, flags.json);
    let started = Instant::now();
    let mut report = Report::new();
    let mut answers = stream::iter(events).map(|event| client.send(event)).buffered(usize::from(flags.concurrency));
    while let Some(sent) = answers.next().await {
        match sent {
            Sent::Refused(problem) if problem.is_for_all() => {
                bar.abandon();
                anyhow::bail!("{problem}");
            }
            sent => report.add(sent)?,
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let took = started.elapsed();
    output::line(&if flags.json { report.json(took)? } else { report.table(took) });
    Ok(if report.has_failures() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn progress(events: u64, hidden: bool) -> ProgressBar {
    if hidden {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(events);
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} events  {per_sec}  {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
