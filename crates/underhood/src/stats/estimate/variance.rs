//! Intervals of a variance, of a standard deviation, and of the ratio of two variances, for normal populations.
//!
//! (n − 1)s²/σ² has the χ² distribution with n − 1 degrees of freedom (F. R. Helmert 1876), the ratio of two such mean squares the F
//! distribution (R. A. Fisher 1924). Unlike those of means, these intervals do not forgive other shapes, however large the sample.

use ndarray::ArrayView1;

use super::interval::{Interval, IntervalSide};
use super::mean::check_spread;
use crate::distributions::{ChiSquared, Distribution, F};
use crate::error::Result;
use crate::stats::moments::Moments;
use crate::stats::scale::Scaled;
use crate::stats::test::{check_level, check_sample};
use crate::stats::variances::ratio_of_variances;

/// The interval (n − 1)s²/χ² of a variance. The standard error is s²√(2/(n − 1)), that of a normal population.
///
/// # Errors
/// [`Error::TooFew`](crate::Error::TooFew) for fewer than two values, [`Error::NotFinite`](crate::Error::NotFinite) for NaN or infinities,
/// [`Error::Constant`](crate::Error::Constant) if all values are the same, [`Error::OutOfRange`](crate::Error::OutOfRange) for a level that is
/// no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{IntervalSide, variance_confint};
///
/// let found = variance_confint(array![1.0, 2.0, 3.0].view(), 0.95, IntervalSide::Lower)?;
/// // With two degrees of freedom P(χ² > x) = exp(−x/2).
/// assert!((found.low - 2.0 / (-2.0 * 0.05_f64.ln())).abs() < 1e-15);
/// assert_eq!(found.high, f64::INFINITY);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn variance_confint(x: ArrayView1<'_, f64>, level: f64, side: IntervalSide) -> Result<Interval> {
    let (scaled, found) = on_its_scale("variance_confint", x, level, side)?;
    Ok(Interval {
        estimate: scaled.up_squared(found.estimate.powi(2)),
        low: scaled.up_squared(found.low.powi(2)),
        high: scaled.up_squared(found.high.powi(2)),
        standard_error: found.df.map(|df| scaled.up_squared(found.estimate.powi(2) * (2.0 / df).sqrt())),
        ..found
    })
}

/// The interval of a standard deviation: the roots of the ends of [`variance_confint`]. The standard error is s/√(2(n − 1)), nearly that of
/// a normal population.
///
/// # Errors
/// As [`variance_confint`].
pub fn std_confint(x: ArrayView1<'_, f64>, level: f64, side: IntervalSide) -> Result<Interval> {
    let (scaled, found) = on_its_scale("std_confint", x, level, side)?;
    Ok(Interval {
        estimate: scaled.up(found.estimate),
        low: scaled.up(found.low),
        high: scaled.up(found.high),
        standard_error: found.df.map(|df| scaled.up(found.estimate / (2.0 * df).sqrt())),
        ..found
    })
}

/// s and the ends of its interval, on the scale that is computed in.
fn on_its_scale<'a>(
    function: &'static str,
    x: ArrayView1<'a, f64>,
    level: f64,
    side: IntervalSide,
) -> Result<(Scaled<'a>, Interval)> {
    check_level(function, level)?;
    check_sample(function, "x", x, 2)?;
    check_spread(function, "x", x)?;
    let scaled = Scaled::new(&[x], 0.0);
    let moments = Moments::of_slice(scaled.sample(0));
    let (std, df) = (moments.std(1), x.len() as f64 - 1.0);
    let (below, above) = spread_factors(df, side.tails(level))?;
    let (low, high, n, shape) = (std * below, std * above, (x.len(), None), (moments.kurtosis(true), None));
    Ok((scaled, Interval { estimate: std, low, high, standard_error: None, df: Some(df), n, shape }))
}

/// What s is multiplied by to give the ends, √(df/χ²); 0 and ∞ where nothing is to be left beyond them.
pub(super) fn spread_factors(df: f64, (below, above): (f64, f64)) -> Result<(f64, f64)> {
    let squares = ChiSquared::new(df)?;
    let low = if below > 0.0 { (df / squares.isf(below)).sqrt() } else { 0.0 };
    let high = if above > 0.0 { (df / squares.ppf(above)).sqrt() } else { f64::INFINITY };
    Ok((low, high))
}

/// The interval of the ratio of the variances of two populations, (s₁²/s₂²)/F.
///
/// # Errors
/// As [`variance_confint`], for either sample.
pub fn variance_ratio_confint(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    level: f64,
    side: IntervalSide,
) -> Result<Interval> {
    const NAME: &str = "variance_ratio_confint";
    check_level(NAME, level)?;
    for (argument, values) in [("x", x), ("y", y)] {
        check_sample(NAME, argument, values, 2)?;
        check_spread(NAME, argument, values)?;
    }
    // Each on its own scale: one may be beyond the range of the other's squares.
    let (first, second) = (Scaled::new(&[x], 0.0), Scaled::new(&[y], 0.0));
    let moments = [&first, &second].map(|scaled| Moments::of_slice(scaled.sample(0)));
    let estimate = ratio_of_variances(NAME, [&first, &second], &moments)?;
    let (d1, d2) = (x.len() as f64 - 1.0, y.len() as f64 - 1.0);
    let f = F::new(d1, d2)?;
    let (below, above) = side.tails(level);
    Ok(Interval {
        estimate,
        low: if below > 0.0 { estimate / f.isf(below) } else { 0.0 },
        high: if above > 0.0 { estimate / f.ppf(above) } else { f64::INFINITY },
        standard_error: None,
        df: Some(d1),
        n: (x.len(), Some(y.len())),
        shape: (moments[0].kurtosis(true), Some(moments[1].kurtosis(true))),
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    #[test]
    fn ratios_are_found_or_beyond_doubles_whatever_the_units() {
        let (x, y) = (array![1.0, 2.0, 4.0, 9.0], array![2.0, 6.0, 7.0, 7.5]);
        let ratio = |k: i32, l: i32| {
            let (x, y) = (&x * 2.0_f64.powi(k), &y * 2.0_f64.powi(l));
            variance_ratio_confint(x.view(), y.view(), 0.95, IntervalSide::Both)
        };
        let plain = ratio(0, 0).unwrap();
        for (k, l) in [(1000, 1000), (-1000, -1000), (200, -200), (-300, 150)] {
            let found = ratio(k, l).unwrap();
            let unit = 2.0_f64.powi(2 * (k - l));
            assert_relative_eq!(found.estimate / unit, plain.estimate, max_relative = 1e-14);
            assert_relative_eq!(found.high / unit, plain.high, max_relative = 1e-14);
        }
        for (k, l) in [(1000, -1000), (-1000, 1000), (-600, 0), (600, 0)] {
            let refused = ratio(k, l).unwrap_err().to_string();
            assert!(refused.contains("beyond the range of doubles"), "{refused}");
        }
    }
}
