//! How often something comes of it, where counts may be small.

/// Counts of what was tried, and of what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// Out of so many.
    pub tried: f64,
    /// So many.
    pub came: f64,
}

/// What is expected of anything that nothing is known of: a share, and after how many tries experience counts as much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    expected: f64,
    tries: f64,
}

impl Rate {
    /// Expects what is usual in the population, and `otherwise` where nothing is.
    pub fn usual(usual: Counts, otherwise: f64, tries: f64) -> Self {
        let share = usual.came / usual.tried;
        Self { expected: if share.is_finite() && share > 0.0 { share } else { otherwise }, tries }
    }

    /// How good that is beside what was expected: 0 when nothing ever comes of it, one half when it is as expected or not
    /// known, towards 1 the better it is.
    pub fn standing(self, counts: Counts) -> f64 {
        let (tried, came) = (known(counts.tried), known(counts.came));
        let share = (came + self.expected * self.tries) / (tried + self.tries);
        share / (share + self.expected)
    }

    /// The same for a part that is judged by the whole where little is known of the part.
    pub fn standing_within(self, whole: Counts, part: Counts) -> f64 {
        let (tried, came) = (known(whole.tried), known(whole.came));
        let expected = (came + self.expected * self.tries) / (tried + self.tries);
        let (tried, came) = (known(part.tried), known(part.came));
        let share = (came + expected * self.tries) / (tried + self.tries);
        share / (share + self.expected)
    }
}

fn known(count: f64) -> f64 {
    if count.is_nan() { 0.0 } else { count.max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { expected: 0.1, tries: 20.0 };

    fn counts(came: f64, tried: f64) -> Counts {
        Counts { tried, came }
    }

    #[test]
    fn what_nobody_knows_is_as_expected() {
        assert!((RATE.standing(counts(f64::NAN, 0.0)) - 0.5).abs() < 1e-12);
        assert!((RATE.standing(counts(10.0, 100.0)) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn one_lucky_try_says_less_than_many_good_ones() {
        let (lucky, good) = (RATE.standing(counts(1.0, 1.0)), RATE.standing(counts(60.0, 200.0)));
        assert!(0.5 < lucky && lucky < good && good < 1.0, "{lucky} {good}");
        assert!(RATE.standing(counts(0.0, 500.0)) < 0.05);
    }

    #[test]
    fn a_part_that_is_not_known_is_like_the_whole() {
        let whole = counts(60.0, 200.0);
        assert!((RATE.standing_within(whole, counts(0.0, 0.0)) - RATE.standing(whole)).abs() < 1e-12);
        assert!(RATE.standing_within(whole, counts(0.0, 200.0)) < 0.25);
    }

    #[test]
    fn the_usual_is_taken_from_the_population_where_there_is_one() {
        assert_eq!(Rate::usual(counts(30.0, 100.0), 0.1, 20.0), Rate { expected: 0.3, tries: 20.0 });
        for unknown in [counts(0.0, 0.0), counts(f64::NAN, f64::NAN), counts(0.0, 50.0)] {
            assert_eq!(Rate::usual(unknown, 0.1, 20.0), RATE);
        }
    }
}
