//! The runs test: do values above and below a cutoff follow each other as if shuffled?
//!
//! A. Wald and J. Wolfowitz (1940, doi:10.1214/aoms/1177731909).

use ndarray::ArrayView1;

use super::exact::{NullMethod, Tails};
use crate::check;
use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::contiguous;
use crate::stats::moments::Moments;
use crate::stats::quantile::{QuantileMethod, quantile};
use crate::stats::test::{Alternative, check_sample};

const NAME: &str = "runs_test";

/// What separates high from low.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Cutoff {
    /// The median of the sample.
    #[default]
    Median,
    /// Its mean.
    Mean,
    /// A number that does not come from it.
    At(f64),
}

/// What the runs test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Runs {
    /// z, the number of runs less its mean, in standard deviations.
    pub statistic: f64,
    /// Probability of a number of runs at least as far out, if every order is equally likely.
    pub p_value: f64,
    /// How many runs there are.
    pub runs: usize,
    /// How many are expected: 1 + 2n₁n₂/(n₁ + n₂).
    pub expected: f64,
    /// How many values lie above and below the cutoff.
    pub above: usize,
    /// See `above`.
    pub below: usize,
    /// How many equal it; they are left out.
    pub equal: usize,
    /// The number that separates them.
    pub cutoff: f64,
    /// Whether the p-value is from all orders.
    pub exact: bool,
}

/// Tests whether the values of a sequence lie above and below a cutoff in random order.
///
/// Too few runs mean that neighbours are alike (a trend, slow waves), too many that they alternate. Exact up to 1,000 values, else the
/// number of runs is taken for normal.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::NotFinite`] for NaN or infinities, [`Error::Invalid`] if all values lie on one
/// side of the cutoff, or if an exact p-value is asked for and there are more than 1,000.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, Cutoff, NullMethod, runs_test};
///
/// let x = array![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
/// let found = runs_test(x.view(), Cutoff::Median, Alternative::TwoSided, NullMethod::Auto)?;
/// assert_eq!((found.runs, found.expected), (2, 5.0));
/// assert!((found.p_value - 4.0 / 70.0).abs() < 1e-15);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn runs_test(x: ArrayView1<'_, f64>, cutoff: Cutoff, alternative: Alternative, method: NullMethod) -> Result<Runs> {
    const EXACT_UP_TO: f64 = 1000.0;
    check_sample(NAME, "x", x, 2)?;
    let cutoff = match cutoff {
        Cutoff::Median => quantile(x, &[0.5], QuantileMethod::Linear)?[0],
        Cutoff::Mean => contiguous(x, Moments::of_slice).mean(),
        Cutoff::At(value) => {
            check::in_range(NAME, "cutoff", value, value.is_finite(), "a finite number")?;
            value
        }
    };
    let mut sides = x.iter().filter(|v| **v != cutoff).map(|v| *v > cutoff);
    let (mut above, mut below, mut runs) = (0, 0, 0);
    let mut last = None;
    for side in &mut sides {
        runs += usize::from(last != Some(side));
        last = Some(side);
        if side { above += 1 } else { below += 1 }
    }
    if above == 0 || below == 0 {
        let side = if above > 0 { "above" } else { "below" };
        let problem = if last.is_none() {
            format!("has only values that equal the cutoff {cutoff}")
        } else {
            format!("has only values {side} the cutoff {cutoff} (or equal to it), so nothing alternates")
        };
        return Err(Error::Invalid { function: NAME, argument: "x", problem });
    }
    let (m, n) = (above as f64, below as f64);
    let total = m + n;
    let expected = 1.0 + 2.0 * m * n / total;
    let variance = 2.0 * m * n * (2.0 * m * n - total) / (total * total * (total - 1.0));
    // One value on either side: two runs, whatever the order.
    let statistic = if variance > 0.0 { (runs as f64 - expected) / variance.sqrt() } else { 0.0 };
    let exact = method.counts(NAME, total, EXACT_UP_TO, EXACT_UP_TO)?;
    let p_value = if exact {
        Tails::of_counts(&chances(above, below), runs).p_value(alternative)
    } else {
        let normal = Normal::standard();
        match alternative {
            Alternative::TwoSided => (2.0 * normal.sf(statistic.abs())).min(1.0),
            Alternative::Less => normal.cdf(statistic),
            Alternative::Greater => normal.sf(statistic),
        }
    };
    Ok(Runs { statistic, p_value, runs, expected, above, below, equal: x.len() - above - below, cutoff, exact })
}

/// How many of the orders of m and n values have 0, 1, 2, … runs: 2k of them are k groups of either kind, C(m−1, k−1)·C(n−1, k−1) ways
/// for each kind that comes first; 2k + 1 are k of one and k + 1 of the other.
fn chances(m: usize, n: usize) -> Vec<f64> {
    let groups = |of: usize| {
        let mut ways = vec![1.0];
        for k in 1..of {
            // C(of − 1, k)
            ways.push(ways[k - 1] * (of - k) as f64 / k as f64);
        }
        move |k: usize| ways.get(k).copied().unwrap_or(0.0)
    };
    let (first, second) = (groups(m), groups(n));
    let most = 2 * m.min(n) + 1;
    (0..=most)
        .map(|runs| match (runs / 2, runs % 2) {
            (0, _) => 0.0,
            (k, 0) => 2.0 * first(k - 1) * second(k - 1),
            (k, _) => first(k) * second(k - 1) + first(k - 1) * second(k),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn exact_tails_are_those_of_all_orders() {
        for (m, n) in [(1, 1), (1, 4), (3, 4), (5, 5), (6, 3)] {
            let counts = chances(m, n);
            let mut expected = vec![0.0; counts.len()];
            for set in (0..1_usize << (m + n)).filter(|set| set.count_ones() as usize == m) {
                let runs = 1 + (1..m + n).filter(|i| (set >> i & 1) != (set >> (i - 1) & 1)).count();
                expected[runs] += 1.0;
            }
            assert_eq!(counts, expected);
        }
        // Up to the limit nothing overflows.
        assert!(chances(500, 500).iter().sum::<f64>().is_finite());
    }

    #[test]
    fn exact_and_normal_meet_in_long_sequences() {
        let x: Array1<f64> = (0..900).map(|i| f64::from(i * i % 37) + f64::from(i) * 1e-4).collect();
        let of = |method| runs_test(x.view(), Cutoff::Mean, Alternative::Less, method).unwrap();
        assert_relative_eq!(of(NullMethod::Exact).p_value, of(NullMethod::Asymptotic).p_value, max_relative = 0.1);
    }

    #[test]
    fn one_side_alone_is_refused() {
        let of = |x: Array1<f64>, cutoff| runs_test(x.view(), cutoff, Alternative::TwoSided, NullMethod::Auto);
        assert!(of(array![1.0, 2.0], Cutoff::At(5.0)).unwrap_err().to_string().contains("below the cutoff 5"));
        assert!(of(array![2.0, 2.0], Cutoff::Median).unwrap_err().to_string().contains("equal the cutoff 2"));
        assert!(of(array![1.0, 2.0], Cutoff::At(f64::NAN)).is_err());
        let found = of(array![1.0, 2.0, 5.0, 3.0], Cutoff::At(2.0)).unwrap();
        assert_eq!((found.runs, found.equal, found.above, found.below), (2, 1, 2, 1));
    }
}
