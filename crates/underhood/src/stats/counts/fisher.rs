//! Fisher's exact test of a table of two by two.
//!
//! With all margins held, the first count is hypergeometric if rows and columns are independent (R. A. Fisher 1935, doi:10.2307/2342435). Two-sided, the
//! test counts every table that is no more probable than the one that was seen. The size of the association is the odds ratio ψ under
//! which the expectation of the count is what was seen: the maximum of the conditional likelihood (`odds`).

use ndarray::ArrayView2;

use super::binomial::{cohens_h, first_where};
use super::odds::Conditional;
use super::two_by_two;
use crate::distributions::{Discrete, Distribution, Hypergeometric};
use crate::error::{Error, Result};
use crate::stats::test::{Alternative, check_level};

const NAME: &str = "fisher_exact";

/// Probabilities that differ by less than this, relatively, are one: tables mirror each other, and their probabilities are rounded.
const ALIKE: f64 = 1e-11;

/// What Fisher's exact test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FisherExact {
    /// The odds ratio of the sample, ad/(bc); infinite if b or c is 0.
    pub statistic: f64,
    /// The probability of a table at least as far out, if rows and columns are independent.
    pub p_value: f64,
    /// The odds ratio that makes the table most likely, given its margins.
    pub odds_ratio: f64,
    /// The exact interval for it.
    pub confidence_interval: (f64, f64),
    /// The share of the first column in each row.
    pub shares: (f64, f64),
    /// Cohen's h of these two shares.
    pub cohens_h: f64,
    /// The sum of all counts.
    pub total: f64,
}

/// Tests whether the rows and columns of a table of two by two are independent, whatever the size of its counts.
///
/// `Less` asks whether the odds ratio is below 1, `Greater` whether it is above.
///
/// # Errors
/// If `table` is no table of two by two of whole numbers, a row or column has no counts, or the level is not between 0 and 1.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, fisher_exact};
///
/// // Fisher's tea taster: three of four cups right.
/// let found = fisher_exact(array![[3.0, 1.0], [1.0, 3.0]].view(), Alternative::Greater, 0.95)?;
/// assert!((found.p_value - 17.0 / 70.0).abs() < 1e-15);
/// assert!((found.odds_ratio - 6.408320).abs() < 1e-6);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn fisher_exact(table: ArrayView2<'_, f64>, alternative: Alternative, level: f64) -> Result<FisherExact> {
    let [a, b, c, d] = two_by_two(NAME, "table", table)?;
    check_level(NAME, level)?;
    let margins = [("row", 0, a + b), ("row", 1, c + d), ("column", 0, a + c), ("column", 1, b + d)];
    if let Some((kind, i, _)) = margins.iter().find(|(_, _, sum)| *sum == 0.0) {
        let problem = format!("has no counts in {kind} {i} (counted from 0), so there is nothing to compare");
        return Err(Error::Invalid { function: NAME, argument: "table", problem });
    }
    let total = a + b + c + d;
    let first = Hypergeometric::new(total, a + b, a + c)?;
    let p_value = match alternative {
        Alternative::Less => first.cdf(a),
        Alternative::Greater => first.sf(a - 1.0),
        Alternative::TwoSided => two_sided(&first, a),
    };
    let conditional = Conditional::of([a, b, c, d]);
    let confidence_interval = match alternative {
        Alternative::TwoSided => (conditional.lower((1.0 - level) / 2.0)?, conditional.upper((1.0 - level) / 2.0)?),
        Alternative::Less => (0.0, conditional.upper(1.0 - level)?),
        Alternative::Greater => (conditional.lower(1.0 - level)?, f64::INFINITY),
    };
    let shares = (a / (a + b), c / (c + d));
    Ok(FisherExact {
        statistic: if b > 0.0 && c > 0.0 { (a / b) * (d / c) } else { f64::INFINITY },
        p_value,
        odds_ratio: conditional.most_likely()?,
        confidence_interval,
        shares,
        cohens_h: cohens_h(shares.0, shares.1),
        total,
    })
}

/// The probability of all tables that are no more probable than this one.
fn two_sided(first: &Hypergeometric, a: f64) -> f64 {
    let (mode, (low, high)) = (first.mode(), first.support());
    let seen = first.logpmf(a) + ALIKE;
    if first.logpmf(mode) <= seen {
        return 1.0;
    }
    let rare = |k: f64| first.logpmf(k) <= seen;
    let sum = if a < mode {
        first.cdf(a) + first.sf(first_where(mode, high, rare) - 1.0)
    } else {
        first.sf(a - 1.0) + first.cdf(-first_where(-mode, -low, |k| rare(-k)))
    };
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    fn test(a: f64, b: f64, c: f64, d: f64) -> FisherExact {
        fisher_exact(array![[a, b], [c, d]].view(), Alternative::TwoSided, 0.95).unwrap()
    }

    #[test]
    fn two_sided_is_the_sum_over_all_that_are_no_more_probable() {
        for (row, column, total) in [(3.0, 4.0, 9.0), (10.0, 12.0, 25.0), (5.0, 5.0, 10.0), (30.0, 7.0, 61.0)] {
            let first = Hypergeometric::new(total, row, column).unwrap();
            let (low, high) = first.support();
            let all: Vec<f64> = (low as u32..=high as u32).map(f64::from).collect();
            for &a in &all {
                let seen = first.pmf(a) * (1.0 + 1e-9);
                let sum: f64 = all.iter().map(|k| first.pmf(*k)).filter(|mass| *mass <= seen).sum();
                let found = test(a, row - a, column - a, total - row - column + a);
                assert_relative_eq!(found.p_value, sum.min(1.0), max_relative = 1e-12);
            }
        }
    }

    #[test]
    fn the_conditional_odds_ratio_of_known_tables() {
        // R's documentation of fisher.test: tea tasting, and convictions of twins. R's own roots are good to four digits of the
        // ratio and 1e-5 of an end; the digits here are those of SciPy's scipy.stats.contingency.odds_ratio.
        let tea = test(3.0, 1.0, 1.0, 3.0);
        assert_relative_eq!(tea.odds_ratio, 6.408309, max_relative = 1e-5);
        let twins = test(2.0, 10.0, 15.0, 3.0);
        assert_relative_eq!(twins.odds_ratio, 0.04693663904968, max_relative = 1e-11);
        assert_relative_eq!(twins.confidence_interval.0, 0.00331716395066, max_relative = 1e-11);
        assert_relative_eq!(twins.confidence_interval.1, 0.36318960235668, max_relative = 1e-11);
    }

    #[test]
    fn counts_at_the_edge_have_an_open_interval() {
        let none = test(0.0, 5.0, 5.0, 3.0);
        assert_eq!((none.statistic, none.odds_ratio, none.confidence_interval.0), (0.0, 0.0, 0.0));
        let all = test(5.0, 0.0, 3.0, 5.0);
        assert_eq!(
            (all.statistic, all.odds_ratio, all.confidence_interval.1),
            (f64::INFINITY, f64::INFINITY, f64::INFINITY)
        );
        assert!(all.confidence_interval.0 > 0.0 && none.confidence_interval.1.is_finite());
    }

    #[test]
    fn huge_counts_come_to_the_normal_limit() {
        let found = test(5.2e11, 5e11, 4.9e11, 5.1e11);
        assert_relative_eq!(found.odds_ratio, found.statistic, max_relative = 1e-10);
        let error = (1.0 / 5.2e11 + 1.0 / 5e11 + 1.0 / 4.9e11 + 1.0_f64 / 5.1e11).sqrt();
        let width = (found.confidence_interval.1 / found.confidence_interval.0).ln();
        assert_relative_eq!(width, 2.0 * 1.959_963_984_540_054 * error, max_relative = 1e-5);
        assert_eq!(test(4e14, 4e14, 4e14, 4e14).p_value, 1.0);
    }

    #[test]
    fn an_empty_row_is_named() {
        let refusal = fisher_exact(array![[0.0, 0.0], [1.0, 2.0]].view(), Alternative::Less, 0.95).unwrap_err();
        assert!(refusal.to_string().contains("table has no counts in row 0"));
        let refusal = fisher_exact(array![[0.5, 1.0], [1.0, 2.0]].view(), Alternative::Less, 0.95).unwrap_err();
        assert!(refusal.to_string().contains("table is 0.5, but must be a whole number"));
    }
}
