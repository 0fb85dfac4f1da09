//! `usher:plugin/tables`: the table at hand, and what the plugin says of its rows. A handle can't be forged, so there is
//! one table in a call, and none in any other.

use crate::contract::bindings::TableHandle;
use crate::contract::bindings::usher::plugin::tables::{Host, HostTable};
use crate::failure::Stop;
use crate::sandbox::{Phase, Sandbox};
use crate::table::{Contribution, Exclusion, RowLabel, TableInput};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasmtime::Result;
use wasmtime::component::Resource;

/// The handle of the table that the call is about.
pub(crate) const TABLE_AT_HAND: u32 = 0;

/// The farthest from zero that points may lie: sums of as many as there may be stay finite, and exact enough to compare.
const POINTS_MAX: f64 = 1e12;

/// What finding one quantile costs, in units of fuel.
const QUANTILE_WORK: u64 = 50;

/// Bytes of a text's place in a list, beside the text.
const PLACE_BYTES: usize = 8;

impl Sandbox {
    fn at_hand(&self, what: &'static str) -> Result<Arc<TableInput>> {
        match &self.phase {
            Phase::Table(input) => Ok(input.clone()),
            Phase::Check(_) | Phase::Setup(_) => Err(Stop::NoTable(what).into()),
        }
    }

    fn texts_answer(&mut self, texts: &[Box<str>]) -> Result<Vec<String>> {
        self.answer(texts.iter().map(|text| text.len() + PLACE_BYTES).sum())?;
        Ok(texts.iter().map(ToString::to_string).collect())
    }

    fn numbers_answer(&mut self, numbers: Vec<f64>) -> Result<Vec<f64>> {
        self.answer(size_of_val(numbers.as_slice()))?;
        Ok(numbers)
    }

    /// Counts a mark on a row. There may be some for each row, so they have a count of their own.
    fn mark(&mut self, what: &'static str, row: u32, words: &str) -> Result<()> {
        self.enter_for_row()?;
        let rows = self.at_hand(what)?.rows();
        let limit = self.limits.row_marks;
        if self.table.marks() as u64 >= limit {
            return Err(Stop::Output { what: "exclusions and labels", setting: "row_marks", limit }.into());
        }
        if row as usize >= rows {
            return Err(Stop::BadArgument(format!("there is no row {row} in a table of {rows}")).into());
        }
        if words.is_empty() {
            return Err(Stop::BadArgument(format!("`{what}` without words")).into());
        }
        self.short(words)
    }
}

/// In the words that the plugin is answered with, and that it may hand on.
fn no_column<T>(name: &str, columns: &BTreeMap<Box<str>, T>, of: &str) -> String {
    let known: Vec<&str> = columns.keys().map(AsRef::as_ref).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!("this table has no column of {of} `{name}`: it has {known}; the manifest's `columns` say which there are")
}

fn check_points(rows: usize, points: &[f64]) -> Result<(), String> {
    if points.len() != rows {
        return Err(format!("{} points for {rows} rows: there must be one number a row", points.len()));
    }
    match points.iter().position(|points| !(-POINTS_MAX..=POINTS_MAX).contains(points)) {
        Some(row) => Err(format!(
            "the points of row {row} are {}: they must lie between -1e12 and 1e12, and a missing value (NaN) is no number \
             of points",
            points[row]
        )),
        None => Ok(()),
    }
}

impl Host for Sandbox {}

impl HostTable for Sandbox {
    fn size(&mut self, _: Resource<TableHandle>) -> Result<u32> {
        self.enter()?;
        Ok(u32::try_from(self.at_hand("table.size")?.rows()).unwrap_or(u32::MAX))
    }

    fn ids(&mut self, _: Resource<TableHandle>) -> Result<Vec<String>> {
        self.enter()?;
        let table = self.at_hand("table.ids")?;
        self.texts_answer(&table.ids)
    }

    fn numbers(&mut self, _: Resource<TableHandle>, column: String) -> Result<Result<Vec<f64>, String>> {
        self.enter()?;
        let table = self.at_hand("table.numbers")?;
        match table.numbers.get(column.as_str()) {
            Some(numbers) => self.numbers_answer(numbers.clone()).map(Ok),
            None => self.refuse(no_column(&column, &table.numbers, "numbers")),
        }
    }

    fn texts(&mut self, _: Resource<TableHandle>, column: String) -> Result<Result<Vec<String>, String>> {
        self.enter()?;
        let table = self.at_hand("table.texts")?;
        match table.texts.get(column.as_str()) {
            Some(texts) => self.texts_answer(texts).map(Ok),
            None => self.refuse(no_column(&column, &table.texts, "texts")),
        }
    }

    fn quantiles(
        &mut self,
        _: Resource<TableHandle>,
        column: String,
        at: Vec<f64>,
    ) -> Result<Result<Vec<f64>, String>> {
        self.enter()?;
        let table = self.at_hand("table.quantiles")?;
        self.charge(QUANTILE_WORK.saturating_mul(at.len() as u64))?;
        if let Some(wrong) = at.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return self.refuse(format!("a quantile is asked at a share between 0 and 1, not at {wrong}"));
        }
        let found: Option<Vec<f64>> = at.iter().map(|p| table.population.quantile(&column, *p)).collect();
        match found {
            Some(found) if table.numbers.contains_key(column.as_str()) => self.numbers_answer(found).map(Ok),
            _ => self.refuse(no_column(&column, &table.numbers, "numbers")),
        }
    }

    fn contribute(&mut self, _: Resource<TableHandle>, reason: String, points: Vec<f64>) -> Result<Result<(), String>> {
        self.enter()?;
        let rows = self.at_hand("table.contribute")?.rows();
        self.charge(size_of_val(points.as_slice()) as u64)?;
        let limit = self.limits.contributions;
        if self.table.contributions.len() as u64 >= limit {
            return Err(Stop::Output { what: "contributions", setting: "contributions", limit }.into());
        }
        if reason.is_empty() {
            return self.refuse("a contribution needs a reason, for the people who read it".into());
        }
        if let Err(refusal) = check_points(rows, &points) {
            return self.refuse(refusal);
        }
        self.short(&reason)?;
        self.table.contributions.push(Contribution { reason, points });
        Ok(Ok(()))
    }

    fn exclude(&mut self, _: Resource<TableHandle>, row: u32, reason: String) -> Result<()> {
        self.mark("table.exclude", row, &reason)?;
        self.table.exclusions.push(Exclusion { row, reason });
        Ok(())
    }

    fn label(&mut self, _: Resource<TableHandle>, row: u32, label: String) -> Result<()> {
        self.mark("table.label", row, &label)?;
        self.table.labels.push(RowLabel { row, label });
        Ok(())
    }

    fn parameter(&mut self, _: Resource<TableHandle>, name: String) -> Result<Option<String>> {
        self.enter()?;
        let table = self.at_hand("table.parameter")?;
        let Some(value) = table.parameters.get(name.as_str()) else { return Ok(None) };
        self.answer(value.len())?;
        Ok(Some(value.to_string()))
    }

    fn drop(&mut self, _: Resource<TableHandle>) -> Result<()> {
        Ok(())
    }
}

impl Sandbox {
    /// An error for the plugin to handle.
    fn refuse<T>(&mut self, words: String) -> Result<Result<T, String>> {
        self.answer(words.len())?;
        Ok(Err(words))
    }
}
