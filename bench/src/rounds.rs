//! Interleaved rounds: each variant in turn, again and again, so that a machine that drifts drifts for all of them.

use std::time::{Duration, Instant};

/// Something to measure: does its work once per call and returns how many units that was.
pub struct Variant<'a> {
    /// What it is called in the table.
    pub name: &'a str,
    /// The work, and how many units it did.
    pub work: Box<dyn FnMut() -> anyhow::Result<u64> + 'a>,
}

impl std::fmt::Debug for Variant<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Variant").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What was measured of a variant: seconds per unit, round by round.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The variant's.
    pub name: String,
    /// One value a round.
    pub seconds: Vec<f64>,
}

impl Measured {
    /// Seconds per unit in the middle round.
    pub fn median(&self) -> f64 {
        median(self.seconds.clone())
    }

    /// The median of this variant's ratio to another's, round by round.
    pub fn ratio_to(&self, other: &Measured) -> f64 {
        median(self.seconds.iter().zip(&other.seconds).map(|(a, b)| a / b).collect())
    }
}

/// The middle value.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Runs every variant in every round, each for about `round`; the first round warms up and is not counted.
///
/// # Errors
/// The first that a variant returns.
pub fn interleave(variants: &mut [Variant<'_>], rounds: usize, round: Duration) -> anyhow::Result<Vec<Measured>> {
    let mut measured: Vec<Measured> =
        variants.iter().map(|v| Measured { name: v.name.to_owned(), seconds: Vec::new() }).collect();
    for counted in (0..=rounds).map(|number| number > 0) {
        for (variant, measured) in variants.iter_mut().zip(&mut measured) {
            let seconds = one_round(variant, round)?;
            if counted {
                measured.seconds.push(seconds);
            }
        }
    }
    Ok(measured)
}

#[expect(clippy::cast_precision_loss, reason = "counts of a round are far below 2^52")]
fn one_round(variant: &mut Variant<'_>, round: Duration) -> anyhow::Result<f64> {
    let started = Instant::now();
    let mut units = 0;
    while started.elapsed() < round {
        units += (variant.work)()?;
    }
    Ok(started.elapsed().as_secs_f64() / units as f64)
}
