//! All members or items of a run, whatever table they are in: what quantiles are of.

use std::collections::BTreeMap;

/// For each column of numbers, what is known of the whole population, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Population(BTreeMap<Box<str>, Box<[f64]>>);

impl Population {
    /// Sorts what is known. What is not finite is not known.
    pub fn new(columns: impl IntoIterator<Item = (Box<str>, Vec<f64>)>) -> Self {
        let sorted = |(name, mut values): (Box<str>, Vec<f64>)| {
            values.retain(|value| value.is_finite());
            values.sort_unstable_by(f64::total_cmp);
            (name, values.into_boxed_slice())
        };
        Self(columns.into_iter().map(sorted).collect())
    }

    /// Where the share `p` (0 to 1) of the column's known values lies below, interpolated between the two nearest of
    /// them (type 7 of Hyndman and Fan, as in R, `NumPy` and spreadsheets). NaN when nothing is known or `p` is no
    /// share; none when there is no such column.
    pub fn quantile(&self, column: &str, p: f64) -> Option<f64> {
        let values = self.0.get(column)?;
        let (Some(last), true) = (values.len().checked_sub(1), (0.0..=1.0).contains(&p)) else {
            return Some(f64::NAN);
        };
        #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^52 of them")]
        let at = last as f64 * p;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and `last`")]
        let below = at.floor() as usize;
        let (low, high) = (values.get(below)?, values.get((below + 1).min(last))?);
        Some(low + (at - at.floor()) * (high - low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Population {
        Population::new([("n".into(), values.to_vec())])
    }

    #[test]
    fn quantiles_lie_between_the_two_nearest_values() {
        let population = of(&[4.0, 1.0, f64::NAN, 3.0, 2.0, f64::INFINITY]);
        for (p, expected) in [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)] {
            let found = population.quantile("n", p).unwrap();
            assert!((found - expected).abs() < 1e-12, "{p}: {found}");
        }
        assert_eq!(of(&[7.0]).quantile("n", 0.3), Some(7.0));
    }

    #[test]
    fn what_nobody_knows_has_no_quantile() {
        assert!(of(&[f64::NAN]).quantile("n", 0.5).unwrap().is_nan());
        assert!(of(&[1.0]).quantile("n", 1.5).unwrap().is_nan());
        assert!(of(&[1.0]).quantile("n", f64::NAN).unwrap().is_nan());
        assert_eq!(of(&[1.0]).quantile("other", 0.5), None);
    }
}
