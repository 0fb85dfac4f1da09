//! Where a value stands among others, from their quantiles.

/// The share of the others that has less: `quantiles` are evenly spaced from the least to the most.
pub(crate) fn standing(quantiles: &[f64], value: f64) -> f64 {
    let Some(last) = quantiles.len().checked_sub(1).filter(|last| *last > 0) else { return f64::NAN };
    if value.is_nan() || quantiles.iter().any(|quantile| quantile.is_nan()) {
        return f64::NAN;
    }
    let above = quantiles.partition_point(|quantile| *quantile < value);
    if above == 0 || above > last {
        return if above == 0 { 0.0 } else { 1.0 };
    }
    let (low, high) = (quantiles[above - 1], quantiles[above]);
    #[expect(clippy::cast_precision_loss, reason = "there are a hundred of them")]
    let steps = (above - 1) as f64 + (value - low) / (high - low);
    #[expect(clippy::cast_precision_loss, reason = "there are a hundred of them")]
    let all = last as f64;
    steps / all
}

#[cfg(test)]
mod tests {
    use super::standing;

    #[test]
    fn it_is_the_share_that_has_less() {
        let quantiles = [0.0, 0.0, 2.0, 4.0, 10.0];
        for (value, share) in [(-1.0, 0.0), (0.0, 0.0), (1.0, 0.375), (2.0, 0.5), (4.0, 0.75), (10.0, 1.0), (99.0, 1.0)]
        {
            assert!((standing(&quantiles, value) - share).abs() < 1e-12, "{value}");
        }
    }

    #[test]
    fn what_is_not_known_stands_nowhere() {
        assert!(standing(&[0.0, 1.0], f64::NAN).is_nan());
        assert!(standing(&[f64::NAN, f64::NAN], 1.0).is_nan());
        assert!(standing(&[], 1.0).is_nan());
    }

    #[test]
    fn where_all_are_alike_nobody_has_less() {
        assert!(standing(&[3.0; 5], 3.0).abs() < 1e-12);
    }
}
