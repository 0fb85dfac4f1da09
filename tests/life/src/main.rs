//! Writes a year of an invented community as files that a host takes.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use jiff::civil::Date;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use usher_life::{Life, Size, records, truth};

/// Invents a community and writes what happens in it for a year. No real person is in it; the same seed gives the same
/// bytes.
///
/// Into the folder go `records.ndjson` (a line `{"path", "body"}` for each record to PUT below /v1/brands/BRAND),
/// `events.ndjson` (lines for POST /v1/brands/BRAND/events/batch, in order) and `truth.ndjson` (who is what: for you, and
/// not for the host).
#[derive(Debug, Parser)]
#[command(name = "usher-life", version)]
struct Flags {
    /// Where to write
    #[arg(value_name = "FOLDER")]
    out: PathBuf,
    /// Other seeds give other communities
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Members, in all groups together; 14 at least, so that there is one of each kind
    #[arg(long, default_value_t = 300)]
    members: u64,
    /// Groups; the kinds (product, interest, knowledge, resource, marketing) take turns
    #[arg(long, default_value_t = 5)]
    groups: usize,
    /// Contents to post
    #[arg(long, default_value_t = 1_200)]
    contents: u64,
    /// Days to live
    #[arg(long, default_value_t = 365)]
    days: i64,
    /// The first day; a host takes no events from the future
    #[arg(long, default_value = "2025-11-22")]
    first: Date,
}

fn main() -> Result<()> {
    let flags = Flags::parse();
    ensure!((14..=1_000_000).contains(&flags.members), "--members is from 14 to 1,000,000");
    ensure!((1..=1_000).contains(&flags.groups), "--groups is from 1 to 1,000");
    ensure!((1..=3_660).contains(&flags.days), "--days is from 1 to 3,660");
    ensure!((1..=1_000_000).contains(&flags.contents), "--contents is from 1 to 1,000,000");
    let Flags { seed, members, groups, contents, days, first, out } = flags;
    let life = Life::new(Size { seed, members, groups, contents, days, first });
    fs::create_dir_all(&out).with_context(|| out.display().to_string())?;
    let written = records(&life).map(|(path, body)| serde_json::json!({ "path": path, "body": body }).to_string());
    let records = write(&out.join("records.ndjson"), written)?;
    write(&out.join("truth.ndjson"), truth(&life).map(|line| line.to_string()))?;
    let lines = (0..days).flat_map(|day| life.day(day)).filter_map(|line| serde_json::to_string(&line).ok());
    let events = write(&out.join("events.ndjson"), lines)?;
    say(&format!("{records} records and {events} events of an invented community: {}", out.display()))
}

/// Writes lines and counts them.
fn write(path: &Path, lines: impl Iterator<Item = String>) -> Result<u64> {
    let mut file = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
    let mut count = 0;
    for line in lines {
        file.write_all(line.as_bytes())?;
        file.write_all(b"\n")?;
        count += 1;
    }
    file.flush()?;
    Ok(count)
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("standard output")
}
