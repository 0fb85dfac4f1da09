//! Scoring members: native, by tables of several sizes, and row by row, the same formula on the same population.

use crate::calls::failed;
use anyhow::{Context, ensure};
use points::formula::{COLUMNS, Formula, QUANTILES, WEIGHTS};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use usher_bench::rounds::{Measured, Variant, interleave};
use usher_engine::{Engine, EngineOptions, Hook, Population, Snapshot, TableInput};
use usher_model::{CallLimits, PluginName};

/// Members of the brand.
const MEMBERS: usize = 100_000;

/// Rows of a table, as the host makes them, and smaller ones.
const TABLES: [(&str, usize); 3] =
    [("**tables of 4,096 rows** (Usher)", 4_096), ("tables of 256 rows", 256), ("tables of one row each", 1)];

/// Tables of one unit of work, where they are small.
const CHUNK: usize = 64;

const MEMBER_DAYS: &str = "member_days";

/// What all variants work on.
struct Bench {
    engine: Engine,
    snapshot: Snapshot,
    limits: Arc<CallLimits>,
    formula: Formula,
    ids: Vec<Box<str>>,
    columns: BTreeMap<Box<str>, Vec<f64>>,
    population: Arc<Population>,
}

impl Bench {
    fn new() -> anyhow::Result<Self> {
        let component = std::fs::read(crate::http::target_dir().join("plugins/points.wasm"))
            .context("run this with `cargo xtask bench`")?;
        let engine = Engine::new(EngineOptions::default())?;
        let facts = engine.inspect(&component)?;
        let snapshot = engine.bake(&PluginName::new("points")?, &component, "{}")?;
        let columns: BTreeMap<Box<str>, Vec<f64>> =
            facts.manifest.columns.iter().zip(1..).map(|(name, seed)| (name.as_str().into(), values(seed))).collect();
        let population = Arc::new(Population::new(columns.clone()));
        let ids = (0..MEMBERS).map(|member| format!("u-{member:06}").into()).collect();
        let formula = Formula { weights: WEIGHTS };
        Ok(Self { engine, snapshot, limits: Arc::default(), formula, ids, columns, population })
    }

    /// The formula in the host itself: a score for each member, none for who can't be chosen.
    fn native(&self, rows: Range<usize>) -> anyhow::Result<Vec<Option<f64>>> {
        let mut scores = vec![0.0; rows.len()];
        for (index, column) in COLUMNS.into_iter().enumerate() {
            let at = |share| self.population.quantile(column, share).context(column);
            let quantiles = QUANTILES.into_iter().map(at).collect::<anyhow::Result<Vec<f64>>>()?;
            add(&mut scores, &self.formula.points(index, &quantiles, &self.column(column)?[rows.clone()]));
        }
        let days = &self.column(MEMBER_DAYS)?[rows];
        Ok(scores.into_iter().zip(days).map(|(score, days)| (!Formula::is_too_new(*days)).then_some(score)).collect())
    }

    /// The same by the plugin: a table is cut from the columns, judged, and its contributions are added.
    fn table(&self, rows: Range<usize>) -> anyhow::Result<Vec<Option<f64>>> {
        let cut = self.columns.iter().map(|(name, values)| (name.clone(), values[rows.clone()].to_vec()));
        let input = TableInput {
            ids: self.ids[rows.clone()].to_vec(),
            numbers: cut.collect(),
            population: self.population.clone(),
            ..TableInput::default()
        };
        let report = self.engine.score(Hook::Score, &self.snapshot, &Arc::new(input), &self.limits);
        if let Some(failure) = report.failure {
            return Err(failed(failure));
        }
        let mut scores = vec![0.0; rows.len()];
        report.contributions.iter().for_each(|contribution| add(&mut scores, &contribution.points));
        let mut scores: Vec<Option<f64>> = scores.into_iter().map(Some).collect();
        report.exclusions.iter().for_each(|exclusion| scores[exclusion.row as usize] = None);
        Ok(scores)
    }

    fn column(&self, name: &str) -> anyhow::Result<&[f64]> {
        self.columns.get(name).map(Vec::as_slice).context("the plugin names the columns of its formula")
    }
}

/// Added in the order of the contributions, so that sums are the same to the last bit.
fn add(scores: &mut [f64], points: &[f64]) {
    scores.iter_mut().zip(points).for_each(|(score, points)| *score += points);
}

/// Counts as communities have them: most have none or few, few have many. The same in every run.
fn values(seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(state >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    };
    (0..MEMBERS).map(|_| (1.0 / (1.0 - 0.999 * next())).powf(1.2).floor() * f64::from(u8::from(next() > 0.3))).collect()
}

/// Tables of so many rows one after another, for ever.
fn in_tables<'a>(
    rows: usize,
    one: impl Fn(Range<usize>) -> anyhow::Result<Vec<Option<f64>>> + 'a,
) -> Box<dyn FnMut() -> anyhow::Result<u64> + 'a> {
    let mut starts = (0..MEMBERS).step_by(rows).cycle();
    let tables = CHUNK.min(4_096 / rows);
    Box::new(move || {
        let mut members = 0;
        for start in starts.by_ref().take(tables) {
            members += std::hint::black_box(one(start..(start + rows).min(MEMBERS))?).len();
        }
        Ok(members as u64)
    })
}

/// The same scores first, to the last bit, then the figures.
pub(crate) fn run(rounds: usize, round: Duration) -> anyhow::Result<String> {
    let bench = Bench::new()?;
    let expected = bench.native(0..MEMBERS)?;
    for (name, rows) in TABLES {
        let mut scores = Vec::new();
        for start in (0..MEMBERS).step_by(rows) {
            scores.extend(bench.table(start..(start + rows).min(MEMBERS))?);
        }
        ensure!(scores == expected, "{name}: other scores than native");
    }
    let mut variants = vec![Variant { name: "native Rust", work: in_tables(4_096, |rows| bench.native(rows)) }];
    variants.extend(TABLES.map(|(name, size)| Variant { name, work: in_tables(size, |rows| bench.table(rows)) }));
    Ok(report(&interleave(&mut variants, rounds, round)?))
}

fn report(measured: &[Measured]) -> String {
    let columns = COLUMNS.len() + 1;
    let mut text = format!(
        "\n## Scoring {MEMBERS} members\n\nEight columns against quantiles of the population, and an exclusion by a ninth; \
         {columns} columns cut, {} contributions added. Scores compared to the last bit before timing; one thread.\n\n\
         | variant | ns per member | all members, ms | x native |\n| --- | ---: | ---: | ---: |\n",
        COLUMNS.len()
    );
    let Some(native) = measured.first() else { return text };
    for row in measured {
        let (ns, all_ms) = (row.median() * 1e9, row.median() * 1e5 * 1e3);
        let written = writeln!(text, "| {} | {ns:.0} | {all_ms:.0} | {:.2} |", row.name, row.ratio_to(native));
        debug_assert!(written.is_ok(), "writing to a string can't fail");
    }
    text
}
