//! Intervals of a median or any other quantile, between two of the sample's own values: exact, whatever the distribution is.
//!
//! The number of values up to the q-quantile is binomial, B(n, q): the l-th and the u-th smallest value enclose it with probability
//! P(l ≤ B < u) (W. R. Thompson 1936, doi:10.1214/aoms/1177732502), or more where values can be equal.

use ndarray::ArrayView1;

use super::interval::IntervalSide;
use crate::check;
use crate::distributions::{Binomial, Distribution};
use crate::error::{Error, Result};
use crate::stats::contiguous;
use crate::stats::quantile::{QuantileMethod, quantiles_of};
use crate::stats::select::order_statistics;
use crate::stats::test::{check_level, check_sample};

/// An interval between two values of the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileInterval {
    /// The sample's quantile, with linear interpolation.
    pub estimate: f64,
    /// The lower end; −∞ if only an upper one was asked for.
    pub low: f64,
    /// The upper end; ∞ if only a lower one was asked for.
    pub high: f64,
    /// The ends' places among the sorted values, counted from 1; none on an open side.
    pub ranks: (Option<usize>, Option<usize>),
    /// How often such an interval holds the quantile of a continuous distribution: at least the level.
    pub coverage: f64,
    /// How many values.
    pub n: usize,
}

/// The narrowest interval between order statistics with at most half of 1 − `level` beyond either end (all of it, if it has one end).
///
/// # Errors
/// [`Error::TooFew`] for no values, or too few for the level: between the smallest and the largest of five values lies the median with probability 0.9375
/// only. [`Error::NotFinite`] for NaN or infinities, [`Error::OutOfRange`] for a `q` or level that is not between 0 and 1.
///
/// ```
/// use ndarray::Array1;
/// use underhood::stats::{IntervalSide, quantile_confint};
///
/// let x = Array1::from_iter((1..=25).map(f64::from));
/// let found = quantile_confint("median_confint", x.view(), 0.5, 0.95, IntervalSide::Both)?;
/// assert_eq!((found.low, found.estimate, found.high), (8.0, 13.0, 18.0));
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn quantile_confint(
    function: &'static str,
    x: ArrayView1<'_, f64>,
    q: f64,
    level: f64,
    side: IntervalSide,
) -> Result<QuantileInterval> {
    check::in_range(function, "q", q, q > 0.0 && q < 1.0, "between 0 and 1")?;
    check_level(function, level)?;
    check_sample(function, "x", x, 1)?;
    let (ranks, coverage) = ranks(function, x.len(), q, level, side)?;
    let places: Vec<usize> = [ranks.0, ranks.1].iter().flatten().map(|rank| rank - 1).collect();
    let mut memory = Vec::new();
    let (estimate, ends) = contiguous(x, |x| {
        let estimate = quantiles_of(x, &[q], QuantileMethod::Linear, &mut memory)[0];
        (estimate, order_statistics(x, &places, &mut memory))
    });
    let mut ends = ends.into_iter();
    let mut end = |rank: Option<usize>, open: f64| rank.and_then(|_| ends.next()).unwrap_or(open);
    let (low, high) = (end(ranks.0, f64::NEG_INFINITY), end(ranks.1, f64::INFINITY));
    Ok(QuantileInterval { estimate, low, high, ranks, coverage, n: x.len() })
}

/// Places of the ends, counted from 1; none on an open side.
type Ranks = (Option<usize>, Option<usize>);

/// The ends' places and the coverage.
pub(super) fn ranks(function: &'static str, n: usize, q: f64, level: f64, side: IntervalSide) -> Result<(Ranks, f64)> {
    let count = Binomial::new(n as f64, q)?;
    let (below, above) = side.tails(level);
    // The largest l with P(B < l) ≤ below, and the smallest u with P(B ≥ u) ≤ above; as numbers, for they may be none.
    let mut l = count.ppf(below);
    while l > 0.0 && count.cdf(l - 1.0) > below {
        l -= 1.0;
    }
    while l < n as f64 && count.cdf(l) <= below {
        l += 1.0;
    }
    let mut u = count.isf(above) + 1.0;
    while u <= n as f64 && count.sf(u - 1.0) > above {
        u += 1.0;
    }
    while u > 1.0 && count.sf(u - 2.0) <= above {
        u -= 1.0;
    }
    let (has_low, has_high) = (below > 0.0, above > 0.0);
    if (has_low && l < 1.0) || (has_high && u > n as f64) {
        return Err(Error::TooFew {
            function,
            argument: "x",
            what: "values",
            found: n,
            needed: needed(q, (has_low, below), (has_high, above)),
        });
    }
    let miss_below = if has_low { count.cdf(l - 1.0) } else { 0.0 };
    let miss_above = if has_high { count.sf(u - 1.0) } else { 0.0 };
    let ranks = (has_low.then_some(l as usize), has_high.then_some(u as usize));
    Ok((ranks, 1.0 - miss_below - miss_above))
}

/// How many values it takes for the smallest and the largest to do: (1 − q)ⁿ ≤ below and qⁿ ≤ above.
fn needed(q: f64, below: (bool, f64), above: (bool, f64)) -> usize {
    let least = |(wanted, tail): (bool, f64), log: f64| if wanted { (tail.ln() / log).ceil() } else { 1.0 };
    least(below, (-q).ln_1p()).max(least(above, q.ln())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_as_far_in_as_the_level_allows() {
        for n in [1, 2, 5, 6, 17, 60, 333] {
            for q in [0.02, 0.3, 0.5, 0.9] {
                for side in [IntervalSide::Both, IntervalSide::Lower, IntervalSide::Upper] {
                    let (below, above) = side.tails(0.9);
                    let count = Binomial::new(n as f64, q).unwrap();
                    let Ok(((low, high), coverage)) = ranks("f", n, q, 0.9, side) else {
                        // The smallest or the largest value would miss too often, if only by rounding.
                        assert!(
                            (1.0 - q).powi(n as i32) > below * (1.0 - 1e-12) && below > 0.0
                                || q.powi(n as i32) > above * (1.0 - 1e-12) && above > 0.0
                        );
                        continue;
                    };
                    assert!(coverage >= 0.9 - 1e-15);
                    if let Some(low) = low {
                        assert!(count.cdf(low as f64 - 1.0) <= below && count.cdf(low as f64) > below);
                    }
                    if let Some(high) = high {
                        assert!(count.sf(high as f64 - 1.0) <= above && count.sf(high as f64 - 2.0) > above);
                    }
                }
            }
        }
    }

    #[test]
    fn the_refusal_says_how_many_values_it_takes() {
        for (q, level, side) in
            [(0.5, 0.95, IntervalSide::Both), (0.99, 0.95, IntervalSide::Upper), (0.1, 0.9, IntervalSide::Lower)]
        {
            let Err(Error::TooFew { needed, .. }) = ranks("f", 3, q, level, side) else { panic!("{q} passed") };
            assert!(ranks("f", needed, q, level, side).is_ok() && ranks("f", needed - 1, q, level, side).is_err());
        }
    }
}
