//! The exact test of a share.
//!
//! Two-sided, it counts every number of successes that is no more probable than the one that was seen.

use super::check_share;
use super::intervals::ProportionInterval;
use crate::check;
use crate::distributions::{Binomial, Discrete, Distribution};
use crate::error::Result;
use crate::stats::test::{Alternative, check_level};

/// Probabilities that differ by less than this, relatively, are one: SciPy's and R's choice.
const ALIKE: f64 = 1e-7;

/// What the binomial test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BinomialTest {
    /// The share of successes, k/n.
    pub statistic: f64,
    /// The probability of a number of successes at least as far out.
    pub p_value: f64,
    /// Cohen's h = 2·asin √(k/n) − 2·asin √p.
    pub effect_size: f64,
    /// The interval for the probability of success.
    pub confidence_interval: (f64, f64),
}

/// Tests whether the probability of success is `p`, of `k` successes in `n` trials.
///
/// # Errors
/// If `k` or `n` is no whole number, there are no trials or more successes than trials, or `p` or the level is no probability.
///
/// ```
/// use underhood::stats::{Alternative, ProportionInterval, binomtest};
///
/// let found = binomtest(3.0, 15.0, 0.1, Alternative::Greater, 0.95, ProportionInterval::ClopperPearson)?;
/// assert!((found.p_value - 0.18406106910639).abs() < 1e-13);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn binomtest(
    k: f64,
    n: f64,
    p: f64,
    alternative: Alternative,
    level: f64,
    method: ProportionInterval,
) -> Result<BinomialTest> {
    const NAME: &str = "binomtest";
    check_share(NAME, ("k", k), ("n", n))?;
    check::in_range(NAME, "p", p, (0.0..=1.0).contains(&p), "between 0 and 1")?;
    check_level(NAME, level)?;
    let d = Binomial::new(n, p)?;
    let p_value = match alternative {
        Alternative::Less => d.cdf(k),
        Alternative::Greater => d.sf(k - 1.0),
        Alternative::TwoSided => two_sided(&d, k),
    };
    Ok(BinomialTest {
        statistic: k / n,
        p_value,
        effect_size: cohens_h(k / n, p),
        confidence_interval: method.interval(k, n, alternative, level),
    })
}

/// 2·asin √p − 2·asin √q: differences of this size are equally easy to see for any share (J. Cohen 1988, chapter 6).
pub(super) fn cohens_h(p: f64, q: f64) -> f64 {
    2.0 * p.sqrt().asin() - 2.0 * q.sqrt().asin()
}

/// The probability of all numbers of successes that are no more probable than k.
fn two_sided(d: &Binomial, k: f64) -> f64 {
    let (n, mean) = (d.n(), d.mean());
    if k == mean {
        return 1.0;
    }
    let seen = d.logpmf(k) + ALIKE;
    let rare = |j: f64| d.logpmf(j) <= seen;
    if k < mean {
        let first = first_where(mean.ceil(), n, rare);
        (d.cdf(k) + d.sf(first - 1.0)).min(1.0)
    } else {
        // Counted down from the mean.
        let last = -first_where(-mean.floor(), 0.0, |j| rare(-j));
        (d.sf(k - 1.0) + d.cdf(last)).min(1.0)
    }
}

/// The first whole number from `low` to `high` for which a property holds that all after it have too; `high` + 1 if there is none.
pub(super) fn first_where(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut beyond) = (low, high + 1.0);
    while low < beyond {
        let middle = ((low + beyond) / 2.0).floor();
        if holds(middle) { beyond = middle } else { low = middle + 1.0 }
    }
    beyond
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    fn p_value(k: f64, n: f64, p: f64, alternative: Alternative) -> f64 {
        binomtest(k, n, p, alternative, 0.95, ProportionInterval::Wilson).unwrap().p_value
    }

    #[test]
    fn two_sided_is_the_sum_over_all_that_are_no_more_probable() {
        for n in 1..=25 {
            let n = f64::from(n);
            for p in [0.0, 0.1, 1.0 / 3.0, 0.5, 0.83, 1.0] {
                let d = Binomial::new(n, p).unwrap();
                for k in 0..=n as u32 {
                    let k = f64::from(k);
                    let seen = d.pmf(k) * (1.0 + 1e-7);
                    let sum: f64 = (0..=n as u32).map(|j| d.pmf(f64::from(j))).filter(|mass| *mass <= seen).sum();
                    let found = p_value(k, n, p, Alternative::TwoSided);
                    assert_relative_eq!(found, sum.min(1.0), max_relative = 1e-12, epsilon = 1e-300);
                }
            }
        }
    }

    #[test]
    fn far_tails_have_their_digits() {
        // 0 of 1000 at one half: 2⁻⁹⁹⁹ two-sided.
        assert_relative_eq!(p_value(0.0, 1000.0, 0.5, Alternative::TwoSided), 0.5_f64.powi(999), max_relative = 1e-12);
        assert_relative_eq!(
            p_value(1000.0, 1000.0, 0.5, Alternative::Greater),
            0.5_f64.powi(1000),
            max_relative = 1e-12
        );
        // Large counts take no time.
        let half = 2f64.powi(49);
        assert!(p_value(half + 1e7, 2.0 * half, 0.5, Alternative::TwoSided) > 0.0);
    }

    #[test]
    fn the_search_finds_the_first() {
        assert_eq!(first_where(0.0, 10.0, |j| j >= 7.0), 7.0);
        assert_eq!(first_where(-3.0, 10.0, |_| true), -3.0);
        assert_eq!(first_where(0.0, 10.0, |_| false), 11.0);
    }
}
