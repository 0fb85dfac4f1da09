//! How much a number is, beside those of everybody else.

/// From where on a number counts, and from where on it counts in full.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// From the population's middle to its top. In a community where hardly anybody does it the top would be next to
    /// nothing, so it is never below `floor`. What is not known (NaN) is 0.
    pub fn new(middle: f64, top: f64, floor: f64) -> Self {
        let high = if top > floor { top } else { floor };
        let low = if middle > 0.0 { middle.min(high) } else { 0.0 };
        Self { low, high }
    }

    /// For days since something: from the most recent to the longest ago. Whatever is no longer ago than `recent` counts
    /// in full.
    pub fn of_days(newest: f64, oldest: f64, recent: f64) -> Self {
        let low = if newest > recent { newest } else { recent };
        Self { low, high: if oldest > low { oldest } else { low } }
    }

    /// From 0, at the middle and below, to 1, at the top and above. What is not known is 0.
    pub fn share(self, value: f64) -> f64 {
        if value.is_nan() || value <= 0.0 {
            return 0.0;
        }
        // Everybody is the same: whoever has as much as all has all of it.
        if self.high <= self.low {
            return if value >= self.high { 1.0 } else { 0.0 };
        }
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The other way round, for days since something: 1 at the most recent, 0 at the longest ago. What never happened is
    /// 0.
    pub fn share_of_recent(self, days: f64) -> f64 {
        if days.is_nan() {
            return 0.0;
        }
        if self.high <= self.low {
            return if days <= self.high { 1.0 } else { 0.0 };
        }
        ((self.high - days) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// Points as people read them: whole hundredths.
pub(crate) fn points(most: f64, share: f64) -> f64 {
    (most * share * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As written with two places, so that they can be compared.
    fn shares(scale: Scale, values: &[f64]) -> String {
        let shares: Vec<String> = values.iter().map(|value| format!("{:.2}", scale.share(*value))).collect();
        shares.join(" ")
    }

    #[test]
    fn a_share_runs_from_the_middle_to_the_top() {
        let scale = Scale::new(10.0, 30.0, 5.0);
        assert_eq!(shares(scale, &[9.0, 10.0, 20.0, 30.0, 99.0, f64::NAN]), "0.00 0.00 0.50 1.00 1.00 0.00");
    }

    #[test]
    fn where_hardly_anybody_does_it_the_floor_is_the_top() {
        let scale = Scale::new(0.0, 0.0, 5.0);
        assert_eq!(shares(scale, &[0.0, 1.0, 5.0]), "0.00 0.20 1.00");
        assert_eq!(Scale::new(f64::NAN, f64::NAN, 5.0), scale, "nobody knows");
    }

    #[test]
    fn where_all_are_the_same_all_have_everything() {
        assert_eq!(shares(Scale::new(8.0, 8.0, 5.0), &[7.0, 8.0]), "0.00 1.00");
    }

    #[test]
    fn the_more_recent_the_more() {
        let scale = Scale::of_days(2.0, 67.0, 7.0);
        let recent = [0.0, 7.0, 37.0, 90.0, f64::NAN].map(|days| format!("{:.2}", scale.share_of_recent(days)));
        assert_eq!(recent.join(" "), "1.00 1.00 0.50 0.00 0.00");
    }
}
