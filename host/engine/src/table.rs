//! What a scorer or a ranker may see: the rows of one table, column by column; and what it says of them.

use crate::effects::LogLine;
use crate::population::Population;
use std::collections::BTreeMap;
use std::sync::Arc;
use usher_model::{CallUsage, Cost, Failure};

/// A table of members or items: each column has a value for each row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableInput {
    /// Who or what the rows are.
    pub ids: Vec<Box<str>>,
    /// Numbers by the name of their column; NaN where unknown.
    pub numbers: BTreeMap<Box<str>, Vec<f64>>,
    /// Texts by the name of their column; empty where unknown.
    pub texts: BTreeMap<Box<str>, Vec<Box<str>>>,
    /// All of whom these rows are a part.
    pub population: Arc<Population>,
    /// Why the table is asked for, by name.
    pub parameters: Arc<BTreeMap<Box<str>, Box<str>>>,
}

impl TableInput {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.ids.len()
    }

    /// The first column that has not a value for each row.
    pub(crate) fn uneven(&self) -> Option<&str> {
        let rows = self.rows();
        let numbers = self.numbers.iter().map(|(name, values)| (name, values.len()));
        let texts = self.texts.iter().map(|(name, values)| (name, values.len()));
        numbers.chain(texts).find(|(_, len)| *len != rows).map(|(name, _)| &**name)
    }
}

/// Points for each row, for one reason. A row's score is the sum of its points, in the order of the contributions.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// In the plugin's words, for people.
    pub reason: String,
    /// One number a row; always finite.
    pub points: Vec<f64>,
}

/// A row that can't be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Which row of the table.
    pub row: u32,
    /// In the plugin's words, for people.
    pub reason: String,
}

/// A word for a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowLabel {
    /// Which row of the table.
    pub row: u32,
    /// The word.
    pub label: String,
}

/// What a call said of its table so far.
#[derive(Debug, Default)]
pub(crate) struct TableEffects {
    pub(crate) contributions: Vec<Contribution>,
    pub(crate) exclusions: Vec<Exclusion>,
    pub(crate) labels: Vec<RowLabel>,
}

impl TableEffects {
    /// Exclusions and labels together.
    pub(crate) fn marks(&self) -> usize {
        self.exclusions.len() + self.labels.len()
    }
}

/// What a plugin said of a table, or why it did not: then it has said nothing.
#[derive(Debug, Default)]
pub struct TableReport {
    /// In the order in which they were declared.
    pub contributions: Vec<Contribution>,
    /// In the order in which they were declared; a row may have several.
    pub exclusions: Vec<Exclusion>,
    /// In the order in which they were declared; a row may have several.
    pub labels: Vec<RowLabel>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// What it wrote to its log.
    pub logs: Vec<LogLine>,
    /// What it cost.
    pub cost: Cost,
    /// What it used of what a call may use beside that.
    pub usage: CallUsage,
}
