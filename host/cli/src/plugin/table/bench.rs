//! What a scorer or a ranker costs: the same table again and again, on a fresh instance each time.

use super::case::TableCase;
use super::judge::Judge;
use crate::plugin::bench::{Bench, Benched, Figures, OfWhat};
use anyhow::Context;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Judges the tables of these files, each so often.
pub(in crate::plugin) fn bench(component: &Path, files: &[PathBuf], calls: u32) -> anyhow::Result<Bench> {
    let started = Instant::now();
    let judge = Judge::anew(component)?;
    let upload = started.elapsed();
    let (name, version, size_bytes) = judge.about();
    let of = OfWhat::Tables;
    let mut bench = Bench { name, version, size_bytes, of, calls, upload, enable: None, benched: Vec::new() };
    for path in files {
        let case = TableCase::read(path)?;
        let started = Instant::now();
        let ready = judge.ready(&case).with_context(|| format!("`{}` can't begin", path.display()))?;
        bench.enable.get_or_insert_with(|| started.elapsed());
        let (mut figures, mut failed) = (Figures::default(), None);
        for _ in 0..calls {
            let report = ready.call(&judge);
            figures.add(&json!({"cost": report.cost, "usage": [report.usage]}));
            failed = report.failure;
        }
        let rows = format!("{} row{}", case.rows.len(), if case.rows.len() == 1 { "" } else { "s" });
        let failed = failed.map(|failure| json!(failure));
        bench.benched.push(Benched { case: path.clone(), event: rows, figures, failed });
    }
    Ok(bench)
}
