//! Quantiles of a sample by any of the usual definitions.
//!
//! The nine of R. J. Hyndman and Y. Fan (1996, doi:10.1080/00031305.1996.10473566) and the four that only choose a
//! neighbour, under NumPy's names. Each says at which place, counted from 0 and possibly between two values, the quantile
//! stands among the n sorted values.

use ndarray::{ArrayD, ArrayView1, ArrayViewD};

use super::along::{Lanes, NanPolicy, any_missing};
use super::select::order_statistics;
use crate::check;
use crate::error::{Error, Result};

/// Which definition of a sample's quantile. For n values and probability q:
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QuantileMethod {
    /// The smallest value at which the cumulative share reaches q (Hyndman and Fan's definition 1).
    InvertedCdf,
    /// The same, but the mean of both neighbours where q is reached exactly (definition 2).
    AveragedInvertedCdf,
    /// The value whose rank is nearest to nq, the even rank at a tie (definition 3).
    ClosestObservation,
    /// Place nq − 1, linear between values (definition 4).
    InterpolatedInvertedCdf,
    /// Place nq − 1/2 (definition 5).
    Hazen,
    /// Place (n+1)q − 1 (definition 6).
    Weibull,
    /// Place (n−1)q (definition 7): the default of NumPy, pandas and R.
    #[default]
    Linear,
    /// Place (n + 1/3)q − 2/3 (definition 8): about median-unbiased for any distribution.
    MedianUnbiased,
    /// Place (n + 1/4)q − 5/8 (definition 9): about unbiased for normal data.
    NormalUnbiased,
    /// The value before place (n−1)q.
    Lower,
    /// The value after place (n−1)q.
    Higher,
    /// The mean of both.
    Midpoint,
    /// The nearer of both, the even place at a tie.
    Nearest,
}

impl QuantileMethod {
    /// NumPy's names.
    pub const NAMES: [&str; 13] = [
        "inverted_cdf",
        "averaged_inverted_cdf",
        "closest_observation",
        "interpolated_inverted_cdf",
        "hazen",
        "weibull",
        "linear",
        "median_unbiased",
        "normal_unbiased",
        "lower",
        "higher",
        "midpoint",
        "nearest",
    ];

    const ALL: [QuantileMethod; 13] = [
        QuantileMethod::InvertedCdf,
        QuantileMethod::AveragedInvertedCdf,
        QuantileMethod::ClosestObservation,
        QuantileMethod::InterpolatedInvertedCdf,
        QuantileMethod::Hazen,
        QuantileMethod::Weibull,
        QuantileMethod::Linear,
        QuantileMethod::MedianUnbiased,
        QuantileMethod::NormalUnbiased,
        QuantileMethod::Lower,
        QuantileMethod::Higher,
        QuantileMethod::Midpoint,
        QuantileMethod::Nearest,
    ];

    /// The method of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`QuantileMethod::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<QuantileMethod> {
        match QuantileMethod::NAMES.iter().position(|known| *known == name) {
            Some(i) => Ok(QuantileMethod::ALL[i]),
            None => Err(Error::UnknownName {
                function,
                argument: "method",
                value: name.into(),
                allowed: &QuantileMethod::NAMES,
            }),
        }
    }

    /// Where the quantile stands among n sorted values.
    pub(crate) fn place(self, n: usize, q: f64) -> Place {
        let count = n as f64;
        // Hyndman and Fan's family: place nq + α + q(1 − α − β) − 1.
        let between = |alpha: f64, beta: f64| count * q + (alpha + q * (1.0 - alpha - beta)) - 1.0;
        let span = (count - 1.0) * q;
        let (index, weight) = match self {
            QuantileMethod::InvertedCdf => ((count * q - 1.0).ceil(), None),
            QuantileMethod::AveragedInvertedCdf => {
                let index = count * q - 1.0;
                (index, Some(if index.floor() == index { 0.5 } else { 1.0 }))
            }
            QuantileMethod::ClosestObservation => {
                let index = count * q - 1.5;
                let stay = index.floor() == index && index.rem_euclid(2.0) == 1.0;
                (if stay { index } else { index.floor() + 1.0 }, None)
            }
            QuantileMethod::InterpolatedInvertedCdf => (between(0.0, 1.0), None),
            QuantileMethod::Hazen => (between(0.5, 0.5), None),
            QuantileMethod::Weibull => (between(0.0, 0.0), None),
            QuantileMethod::Linear => (span, None),
            QuantileMethod::MedianUnbiased => (between(1.0 / 3.0, 1.0 / 3.0), None),
            QuantileMethod::NormalUnbiased => (between(3.0 / 8.0, 3.0 / 8.0), None),
            QuantileMethod::Lower => (span.floor(), None),
            QuantileMethod::Higher => (span.ceil(), None),
            QuantileMethod::Midpoint => (span, Some(if span.floor() == span { 0.0 } else { 0.5 })),
            QuantileMethod::Nearest => (span.round_ties_even(), None),
        };
        if index < 0.0 {
            return Place { below: 0, above: 0, weight: 0.0 };
        }
        if index >= count - 1.0 {
            return Place { below: n - 1, above: n - 1, weight: 0.0 };
        }
        let below = index.floor();
        let weight = weight.unwrap_or(index - below);
        Place { below: below as usize, above: below as usize + usize::from(weight > 0.0), weight }
    }
}

/// A place between two ranks: (1 − weight)·x[below] + weight·x[above].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) below: usize,
    pub(crate) above: usize,
    pub(crate) weight: f64,
}

/// The quantiles of a vector at probabilities `q`.
///
/// A vector with a NaN in it has NaN for every quantile, as in NumPy. An infinite value is a value like others; half way
/// between −∞ and +∞ is NaN.
///
/// # Errors
/// [`Error::TooFew`] if `x` is empty, [`Error::OutOfRange`] if a probability is not between 0 and 1.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{QuantileMethod, quantile};
///
/// let x = array![7.0, 1.0, 3.0, 5.0];
/// assert_eq!(quantile(x.view(), &[0.25, 0.5], QuantileMethod::Linear)?, [2.5, 4.0]);
/// assert_eq!(quantile(x.view(), &[0.25, 0.5], QuantileMethod::Lower)?, [1.0, 3.0]);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn quantile(x: ArrayView1<'_, f64>, q: &[f64], method: QuantileMethod) -> Result<Vec<f64>> {
    check_probabilities("quantile", "q", q)?;
    check::at_least("quantile", "a", "values", x.len(), 1)?;
    Ok(super::contiguous(x, |x| quantiles_of(x, q, method, &mut Vec::new())))
}

/// [`quantile`](quantile()) of all values or along an axis: the first axis of the result runs over `q`.
///
/// # Errors
/// As [`quantile`](quantile()), and [`Error::OutOfRange`] if there is no such axis.
pub fn quantile_along(
    a: ArrayViewD<'_, f64>,
    q: &[f64],
    axis: Option<usize>,
    method: QuantileMethod,
    policy: NanPolicy,
) -> Result<ArrayD<f64>> {
    check_probabilities("quantile", "q", q)?;
    let mut scratch = Vec::new();
    Lanes::new("quantile", a, axis, policy)?.answers(q.len(), &mut |x, out| {
        out.copy_from_slice(&quantiles_without_missing(x, q, method, &mut scratch));
        Ok(())
    })
}

pub(crate) fn check_probabilities(function: &'static str, argument: &'static str, q: &[f64]) -> Result<()> {
    q.iter().try_for_each(|&q| check::in_range(function, argument, q, (0.0..=1.0).contains(&q), "between 0 and 1"))
}

/// The same of a slice that is not empty, with memory for the selection.
pub(crate) fn quantiles_of(x: &[f64], q: &[f64], method: QuantileMethod, scratch: &mut Vec<i64>) -> Vec<f64> {
    if any_missing(x) {
        return vec![f64::NAN; q.len()];
    }
    quantiles_without_missing(x, q, method, scratch)
}

/// The same of a slice that is known to hold no NaN.
pub(crate) fn quantiles_without_missing(
    x: &[f64],
    q: &[f64],
    method: QuantileMethod,
    scratch: &mut Vec<i64>,
) -> Vec<f64> {
    let plan = Plan::new(x.len(), q, method);
    plan.quantiles(&order_statistics(x, &plan.ranks, scratch))
}

/// Which order statistics the quantiles are made of.
pub(crate) struct Plan {
    places: Vec<Place>,
    /// The ranks that are needed, ascending, each once.
    pub(crate) ranks: Vec<usize>,
}

impl Plan {
    /// For n values without NaN, at least one.
    pub(crate) fn new(n: usize, q: &[f64], method: QuantileMethod) -> Plan {
        let places: Vec<Place> = q.iter().map(|&q| method.place(n, q)).collect();
        let mut ranks: Vec<usize> = places.iter().flat_map(|place| [place.below, place.above]).collect();
        ranks.sort_unstable();
        ranks.dedup();
        Plan { places, ranks }
    }

    /// The quantiles, once the values at the ranks are known.
    pub(crate) fn quantiles(&self, values: &[f64]) -> Vec<f64> {
        let at = |rank: usize| values[self.ranks.partition_point(|&r| r < rank)];
        self.places.iter().map(|place| between(at(place.below), at(place.above), place.weight)).collect()
    }
}

/// (1 − t)·a + t·b for a ≤ b, taken from the nearer end so that it never leaves [a, b] and is a where both are.
pub(crate) fn between(a: f64, b: f64, t: f64) -> f64 {
    let gap = b - a;
    if gap == 0.0 || t == 0.0 || a == b {
        return a;
    }
    if gap.is_finite() {
        return if t < 0.5 { a + gap * t } else { b - gap * (1.0 - t) };
    }
    if t == 1.0 { b } else { a * (1.0 - t) + b * t }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn textbook_quartiles_of_ten_values() {
        // Hyndman and Fan's nine definitions of the lower quartile of 1, …, 10, by their formulas.
        let x = array![3.0, 1.0, 10.0, 2.0, 9.0, 5.0, 4.0, 8.0, 7.0, 6.0];
        let expected = [3.0, 3.0, 2.0, 2.5, 3.0, 2.75, 3.25, 35.0 / 12.0, 2.9375];
        for (name, expected) in QuantileMethod::NAMES.iter().zip(expected) {
            let found = quantile(x.view(), &[0.25], QuantileMethod::named("quantile", name).unwrap()).unwrap()[0];
            assert!((found - expected).abs() < 1e-14, "{name}: {found}, but {expected}");
        }
    }

    #[test]
    fn extreme_and_infinite_values_interpolate() {
        let huge = array![-1.7e308, 1.7e308];
        let found = quantile(huge.view(), &[0.5, 0.75], QuantileMethod::Linear).unwrap();
        assert_eq!(found[0], 0.0);
        assert!((found[1] / 0.85e308 - 1.0).abs() < 1e-15);
        let infinite = array![f64::NEG_INFINITY, 0.0, 1.0, f64::INFINITY];
        let found = quantile(infinite.view(), &[0.0, 0.1, 0.5, 0.9, 1.0], QuantileMethod::Linear).unwrap();
        assert_eq!(found, [f64::NEG_INFINITY, f64::NEG_INFINITY, 0.5, f64::INFINITY, f64::INFINITY]);
        let both = array![f64::NEG_INFINITY, f64::INFINITY];
        assert!(quantile(both.view(), &[0.5], QuantileMethod::Linear).unwrap()[0].is_nan());
        let missing = array![1.0, f64::NAN];
        assert!(quantile(missing.view(), &[0.0], QuantileMethod::Linear).unwrap()[0].is_nan());
    }

    #[test]
    fn bad_probabilities_and_names_are_named() {
        let x = array![1.0];
        let error = quantile(x.view(), &[1.5], QuantileMethod::Linear).unwrap_err();
        assert_eq!(error.to_string(), "quantile: q is 1.5, but must be between 0 and 1");
        assert!(quantile(x.view(), &[f64::NAN], QuantileMethod::Linear).is_err());
        assert!(quantile(x.slice(ndarray::s![..0]), &[0.5], QuantileMethod::Linear).is_err());
        assert!(QuantileMethod::named("quantile", "middle").is_err());
    }

    proptest! {
        #[test]
        fn quantiles_rise_with_q_and_stay_in_the_data(
            x in proptest::collection::vec(-1e300..1e300, 1..40),
            mut q in proptest::collection::vec(0.0..=1.0, 2..6),
            method in 0..13_usize,
        ) {
            q.sort_unstable_by(f64::total_cmp);
            let method = QuantileMethod::ALL[method];
            let found = quantile(ArrayView1::from(&x), &q, method).unwrap();
            let (low, high) = x.iter().fold((f64::MAX, f64::MIN), |(a, b), &v| (a.min(v), b.max(v)));
            prop_assert!(found.iter().all(|v| (low..=high).contains(v)));
            prop_assert!(found.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
