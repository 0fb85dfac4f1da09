//! What the disk allows, whatever is built on it: bytes appended to a file and synced, and nothing else.

use anyhow::Context;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use usher_bench::rounds::median;

/// About what one decision takes in the database's log: a row, and its part of the indexes.
const ROW: [u8; 4096] = [7; 4096];

/// Rows that one sync makes durable: one, and about as many as commits meet under load.
const ROWS: [u32; 3] = [1, 32, 128];

/// Appends and syncs, each number of rows for so long, in this folder.
pub(crate) fn table(folder: &Path, round: Duration) -> anyhow::Result<String> {
    let mut file = tempfile::tempfile_in(folder).context("the folder of the databases")?;
    let mut text = String::from(
        "\nWhat the disk allows: 4 KiB a row, appended to a file and synced, and nothing else.\n\n\
         | rows at once | ms | rows per second |\n| ---: | ---: | ---: |\n",
    );
    for rows in ROWS {
        let ms = median(syncs(&mut file, rows, round)?);
        writeln!(text, "| {rows} | {ms:.2} | {:.0} |", f64::from(rows) * 1e3 / ms)?;
    }
    Ok(text)
}

fn syncs(file: &mut File, rows: u32, round: Duration) -> anyhow::Result<Vec<f64>> {
    let batch = ROW.repeat(usize::try_from(rows)?);
    let (until, mut ms) = (Instant::now() + round, Vec::new());
    while Instant::now() < until {
        let started = Instant::now();
        file.write_all(&batch)?;
        file.sync_data()?;
        ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(ms)
}
