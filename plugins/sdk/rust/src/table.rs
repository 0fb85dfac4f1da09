//! Members or items to be judged, column by column.

use crate::bindings::score::usher::plugin::tables as raw;
use crate::standing::standing;

/// Where the population is asked about for [`Table::standing`]: each hundredth.
const STEPS: u32 = 100;

/// Some of the members or items of a run. Each column has a value for each row, in the same order.
#[derive(Debug, Clone, Copy)]
pub struct Table<'t>(&'t raw::Table);

impl<'t> Table<'t> {
    #[doc(hidden)]
    pub fn new(table: &'t raw::Table) -> Self {
        Self(table)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.size() as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Who or what the rows are.
    pub fn ids(&self) -> Vec<String> {
        self.0.ids()
    }

    /// A column of numbers that the manifest named; NaN where the value is not known.
    ///
    /// # Errors
    ///
    /// When the manifest did not name it; the words say which columns there are.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>, String> {
        self.0.numbers(column)
    }

    /// A column of texts that the manifest named; empty where the value is not known.
    ///
    /// # Errors
    ///
    /// When the manifest did not name it; the words say which columns there are.
    pub fn texts(&self, column: &str) -> Result<Vec<String>, String> {
        self.0.texts(column)
    }

    /// Quantiles of a column of numbers over the whole population, not only this table; each share is from 0 to 1. NaN
    /// when nothing is known of anybody.
    ///
    /// # Errors
    ///
    /// When there is no such column, or a share lies outside of 0 to 1.
    pub fn quantiles(&self, column: &str, shares: &[f64]) -> Result<Vec<f64>, String> {
        self.0.quantiles(column, shares)
    }

    /// One of the [`quantiles`](Self::quantiles).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn quantile(&self, column: &str, share: f64) -> Result<f64, String> {
        Ok(self.quantiles(column, &[share])?.first().copied().unwrap_or(f64::NAN))
    }

    /// For each row, the share of the whole population (0 to 1) that has less in a column of numbers, exact to a
    /// hundredth; NaN where the row's value is not known. The least that anybody has stands at 0, however many have it.
    ///
    /// # Errors
    ///
    /// When the manifest did not name the column.
    pub fn standing(&self, column: &str) -> Result<Vec<f64>, String> {
        let shares: Vec<f64> = (0..=STEPS).map(|step| f64::from(step) / f64::from(STEPS)).collect();
        let quantiles = self.quantiles(column, &shares)?;
        Ok(self.numbers(column)?.iter().map(|value| standing(&quantiles, *value)).collect())
    }

    /// Adds to every row's score, with the reason that people will read. The score is the sum of all contributions.
    ///
    /// # Errors
    ///
    /// When there is not exactly one number a row, or one of them is NaN or farther than 1e12 from zero: say what a
    /// missing value is worth.
    pub fn contribute(&self, reason: &str, points: &[f64]) -> Result<(), String> {
        self.0.contribute(reason, points)
    }

    /// A row that can't be chosen, whatever its score, and why. The call fails when there is no such row.
    pub fn exclude(&self, row: usize, reason: &str) {
        self.0.exclude(index(row), reason);
    }

    /// A word for a row. The call fails when there is no such row.
    pub fn label(&self, row: usize, label: &str) {
        self.0.label(index(row), label);
    }

    /// Why this table is asked for, by name: `slot`, `at`, `limit`, ...
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.0.parameter(name)
    }
}

/// A row that does not fit is none of the table's, and the host says so.
fn index(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
