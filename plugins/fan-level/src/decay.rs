//! The longer ago, the less it counts.

use serde::Deserialize;

/// The windows that the ledger is asked for, in days: each is part of the next.
pub const WINDOWS_DAYS: [u16; 4] = [30, 90, 180, 365];

/// What a day counts by its age: in the last 30 days, up to 90, up to 180, up to 365.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Decay(pub [f64; 4]);

impl Decay {
    /// Days of the whole year, each by its age. `windows` are days in the last 30, 90, 180 and 365.
    pub fn weigh(self, windows: [f64; 4]) -> f64 {
        let mut younger = 0.0;
        let mut sum = 0.0;
        for (window, weight) in windows.into_iter().zip(self.0) {
            // Not known is nothing; and a window is never less than the one within it.
            let window = if window > younger { window } else { younger };
            sum += (window - younger) * weight;
            younger = window;
        }
        sum
    }

    /// Refuses days that gain by growing old.
    ///
    /// # Errors
    /// Says how it would be right.
    pub fn check(self) -> Result<(), String> {
        if self.0.is_sorted_by(|younger, older| younger >= older) && self.0.iter().all(|weight| *weight >= 0.0) {
            Ok(())
        } else {
            Err("decay: four numbers, none larger than the one before it, for example [1, 0.8, 0.5, 0.25]".to_owned())
        }
    }
}

impl Default for Decay {
    fn default() -> Self {
        Self([1.0, 0.8, 0.5, 0.25])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_counts_by_its_age() {
        assert!((Decay::default().weigh([30.0, 90.0, 180.0, 365.0]) - 169.25).abs() < 1e-9);
        assert!((Decay::default().weigh([0.0, 0.0, 0.0, 10.0]) - 2.5).abs() < 1e-9);
        assert!((Decay::default().weigh([f64::NAN, 4.0, f64::NAN, 4.0]) - 3.2).abs() < 1e-9);
    }

    #[test]
    fn to_grow_old_is_no_gain() {
        assert_eq!(Decay::default().check(), Ok(()));
        assert!(Decay([1.0, 0.5, 0.8, 0.1]).check().is_err());
        assert!(Decay([1.0, 0.5, 0.2, -0.1]).check().is_err());
    }
}
