//! Pearson's r = Σ(x − x̄)(y − ȳ)/√(Σ(x − x̄)² Σ(y − ȳ)²) of one pair.
//!
//! Student's t for its p-value (both exact for normal data) and R. A. Fisher's (1921) z = artanh r for its interval.

use ndarray::ArrayView1;

use super::pair::{Correlation, check_pair, fisher_interval};
use crate::distributions::StudentT;
use crate::error::Result;
use crate::simd::dot;
use crate::stats::contiguous;
use crate::stats::moments::Moments;
use crate::stats::test::Alternative;

/// Pearson's r = Σ(x − x̄)(y − ȳ)/√(Σ(x − x̄)² Σ(y − ȳ)²) of one pair, with p-value and interval.
///
/// The p-value is that of t = r√((n−2)/(1−r²)) with n − 2 degrees of freedom; 1 − r² is computed without cancellation, so that it is
/// right for r close to ±1. Two pairs always lie on a line: their p-value is 1. The interval is tanh(artanh r ± z/√(n−3)), and
/// [−1, 1] for three pairs or fewer. Where the points leave a line by no more than the rounding of doubles, r is ±1.
///
/// # Errors
/// [`Error::TooFew`](crate::Error::TooFew) for fewer than two pairs, [`Error::Shape`](crate::Error::Shape) for unequal lengths, [`Error::NotFinite`](crate::Error::NotFinite) for NaN or infinities,
/// [`Error::Constant`](crate::Error::Constant) if either is constant, [`Error::OutOfRange`](crate::Error::OutOfRange) for a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, pearsonr};
///
/// let (x, y) = (array![1.0, 2.0, 3.0, 4.0, 5.0], array![2.0, 1.0, 4.0, 3.0, 5.0]);
/// let found = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95)?;
/// assert!((found.statistic - 0.8).abs() < 1e-15);
/// assert_eq!((found.n, found.df), (5, Some(3)));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn pearsonr(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    alternative: Alternative,
    level: f64,
) -> Result<Correlation> {
    check_pair("pearsonr", x, y, level)?;
    let n = x.len();
    let (closeness, skewness) = contiguous(x, |x| contiguous(y, |y| Closeness::with_skewness(x, y)));
    let df = n - 2;
    let error = if n > 3 { 1.0 / ((n - 3) as f64).sqrt() } else { f64::INFINITY };
    Ok(Correlation {
        statistic: closeness.r,
        p_value: closeness.p_value(df, alternative)?,
        df: Some(df),
        n,
        confidence_interval: fisher_interval(closeness.artanh(), error, alternative, level),
        tied: (0, 0),
        skewness,
        exact: true,
    })
}

/// r together with its distances from −1 and from 1, which it may be too close to for a double to tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closeness {
    pub(super) r: f64,
    pub(super) from_below: f64,
    pub(super) from_above: f64,
}

impl Closeness {
    /// Of two columns that are not constant, with the skewness of each.
    fn with_skewness(x: &[f64], y: &[f64]) -> (Closeness, (f64, f64)) {
        let (x_moments, y_moments) = (Moments::of_slice(x), Moments::of_slice(y));
        let (mut u, mut v) = (x.to_vec(), y.to_vec());
        x_moments.centre(&mut u);
        y_moments.centre(&mut v);
        (Closeness::of_centred(u, v), (x_moments.skewness(false), y_moments.skewness(false)))
    }

    /// Of two columns with mean zero that are not zero. With both scaled to length 1, |u − v|² = 2(1 − r) and |u + v|² = 2(1 + r).
    pub(super) fn of_centred(mut u: Vec<f64>, mut v: Vec<f64>) -> Closeness {
        /// What rounding leaves of the distance between two equal directions.
        const ROUNDING: f64 = 16.0 * f64::EPSILON * f64::EPSILON;
        for column in [&mut u, &mut v] {
            let length = dot(column, column).sqrt();
            column.iter_mut().for_each(|d| *d /= length);
        }
        let r = dot(&u, &v);
        if r.abs() < 0.5 {
            return Closeness { r, from_below: 1.0 + r, from_above: 1.0 - r };
        }
        let towards = r.signum();
        u.iter_mut().zip(&v).for_each(|(u, v)| *u -= towards * v);
        let distance = dot(&u, &u) / 2.0;
        let distance = if distance < ROUNDING { 0.0 } else { distance };
        let r = towards * (1.0 - distance);
        if towards > 0.0 {
            Closeness { r, from_below: 2.0 - distance, from_above: distance }
        } else {
            Closeness { r, from_below: distance, from_above: 2.0 - distance }
        }
    }

    /// That of t = r√(df/(1 − r²)); 1 if the points leave no choice.
    pub(super) fn p_value(&self, df: usize, alternative: Alternative) -> Result<f64> {
        if df == 0 {
            return Ok(1.0);
        }
        let t = self.r * (df as f64).sqrt() / (self.from_below * self.from_above).sqrt();
        Ok(alternative.p_value(&StudentT::standard(df as f64)?, t))
    }

    pub(super) fn artanh(&self) -> f64 {
        0.5 * (self.from_below / self.from_above).ln()
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};
    use proptest::prelude::*;

    use super::*;
    use crate::stats::moments::times_power_of_two;
    use crate::stats::spearmanr;
    use crate::stats::{CorrelationMethod, NullMethod, PairGaps, corr};

    #[test]
    fn next_to_one_nothing_cancels() {
        // y = x + δe with e orthogonal to x and to the constants: r = 1/√(1 + δ²|e|²/|x|²), so 1 − r² = q/(1 + q) with q = δ²/5.
        let of = |x: &[f64], y: &[f64]| Closeness::with_skewness(x, y).0;
        let x = array![-3.0, -1.0, 1.0, 3.0];
        let e = array![1.0, -1.0, -1.0, 1.0];
        for delta in [2.0_f64.powi(-20), 2.0_f64.powi(-25), -(2.0_f64.powi(-23))] {
            let y = &x + &(&e * delta);
            let q = delta * delta / 5.0;
            let closeness = of(x.as_slice().unwrap(), y.as_slice().unwrap());
            let product = closeness.from_above * closeness.from_below;
            // û and v̂ are right to about 1e-16 each and differ by about |δ|/2: relative error 4e-16/|δ|, twice that when squared.
            assert_relative_eq!(product, q / (1.0 + q), max_relative = 1e-15 / delta.abs());
            let opposite = of(x.as_slice().unwrap(), (-&y).as_slice().unwrap());
            assert_eq!((opposite.r, opposite.from_below), (-closeness.r, closeness.from_above));
        }
        let line = pearsonr(x.view(), (&x * 0.1 + 0.7).view(), Alternative::TwoSided, 0.95).unwrap();
        assert_eq!((line.statistic, line.p_value, line.confidence_interval), (1.0, 0.0, (1.0, 1.0)));
    }

    #[test]
    fn few_pairs_have_documented_answers() {
        let two = pearsonr(array![1.0, 2.0].view(), array![5.0, 3.0].view(), Alternative::TwoSided, 0.95).unwrap();
        assert_eq!((two.statistic, two.p_value, two.confidence_interval), (-1.0, 1.0, (-1.0, 1.0)));
        // Fisher's interval of r = 0.8 from five pairs: tanh(artanh 0.8 ± 1.959963984540054/√2) (mpmath).
        let (x, y) = (array![1.0, 2.0, 3.0, 4.0, 5.0], array![2.0, 1.0, 4.0, 3.0, 5.0]);
        let five = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
        let (low, high) = five.confidence_interval;
        assert_relative_eq!(low, (0.8_f64.atanh() - 1.959963984540054 / 2.0_f64.sqrt()).tanh(), max_relative = 1e-13);
        assert_relative_eq!(high, (0.8_f64.atanh() + 1.959963984540054 / 2.0_f64.sqrt()).tanh(), max_relative = 1e-13);
        let less = pearsonr(x.view(), y.view(), Alternative::Less, 0.95).unwrap();
        assert_relative_eq!(less.p_value, 1.0 - five.p_value / 2.0, max_relative = 1e-14);
        assert_eq!(less.confidence_interval.0, -1.0);
    }

    #[test]
    fn extreme_units_do_not_matter() {
        let (x, y) = (array![1.0, 2.0, 3.0, 4.5], array![2.0, 1.0, 4.0, 3.0]);
        let r = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
        for (a, b) in [(1020, -1020), (500, 1020), (-1060, 0)] {
            let (u, v) = (times_power_of_two(1.0, a), times_power_of_two(1.0, b));
            let (x, y) = (&x * u, &y * v);
            let scaled = pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
            assert_relative_eq!(scaled.statistic, r.statistic, max_relative = 1e-14);
            let pair = ndarray::stack![ndarray::Axis(1), x, y];
            let c =
                corr(pair.view(), None, CorrelationMethod::Pearson, PairGaps::Refuse, || Ok::<(), crate::Error>(()))
                    .unwrap();
            assert_relative_eq!(c[[0, 1]], r.statistic, max_relative = 1e-14);
        }
    }

    #[test]
    fn what_has_no_correlation_is_named() {
        let (x, constant) = (array![1.0, 2.0, 3.0], array![0.1, 0.1, 0.1]);
        assert_eq!(
            pearsonr(x.view(), constant.view(), Alternative::TwoSided, 0.95).unwrap_err().to_string(),
            "pearsonr: y is constant (every value is 0.1), so it is correlated with nothing"
        );
        assert!(spearmanr(constant.view(), x.view(), Alternative::TwoSided, 0.95, NullMethod::Auto).is_err());
        assert!(pearsonr(x.view(), array![1.0, 2.0].view(), Alternative::TwoSided, 0.95).is_err());
        assert!(pearsonr(x.view(), array![1.0, f64::NAN, 2.0].view(), Alternative::TwoSided, 0.95).is_err());
    }

    proptest! {
        #[test]
        fn coefficients_stay_within_one_and_ignore_units(
            pairs in proptest::collection::vec((-1e3..1e3, -1e3..1e3), 3..40),
            scale in 1e-3..1e3,
            shift in -1e3..1e3,
        ) {
            let (x, y): (Array1<f64>, Array1<f64>) = (pairs.iter().map(|p| p.0).collect(), pairs.iter().map(|p| p.1).collect());
            let of = |x: &Array1<f64>| pearsonr(x.view(), y.view(), Alternative::TwoSided, 0.95).unwrap();
            let found = of(&x);
            prop_assert!(found.statistic.abs() <= 1.0 && (0.0..=1.0).contains(&found.p_value));
            let moved = of(&(&x * scale + shift));
            // Rounding of shift + scale·x, relative to a spread that may be a thousandth of it.
            prop_assert!((moved.statistic - found.statistic).abs() < 1e-6);
            let (low, high) = found.confidence_interval;
            prop_assert!(low <= found.statistic && found.statistic <= high);
        }
    }
}
