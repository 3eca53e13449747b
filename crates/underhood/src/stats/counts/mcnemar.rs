//! Paired yes-or-no answers: did as many change one way as the other?
//!
//! Q. McNemar (1947, doi:10.1007/BF02295996), with the correction of A. L. Edwards (1948, doi:10.1007/BF02289261).

use ndarray::ArrayView2;

use super::intervals::ProportionInterval;
use super::two_by_two;
use crate::distributions::{Binomial, ChiSquared, Distribution};
use crate::error::{Error, Result};
use crate::stats::test::{Alternative, check_level};

/// What McNemar's test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// The smaller number of changes (exact), or χ².
    pub statistic: f64,
    /// The probability of so uneven changes if both ways are equally frequent.
    pub p_value: f64,
    /// How many changed from the first column to the second row, and how many the other way.
    pub changes: (f64, f64),
    /// Their ratio, the conditional odds ratio; infinite if none changed the other way.
    pub odds_ratio: f64,
    /// Its exact interval.
    pub confidence_interval: (f64, f64),
}

/// Tests whether a paired table of two by two is symmetric: b changes one way (row 0, column 1), c the other (row 1, column 0).
///
/// Exact: the binomial test of b in b + c. Otherwise χ² = (|b − c| − 1)²/(b + c) with one degree of freedom, without the 1 if `correction` is false.
///
/// # Errors
/// If `table` is no table of two by two of counts, nothing changed, or the level is not between 0 and 1.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::mcnemar;
///
/// let found = mcnemar(array![[101.0, 121.0], [59.0, 33.0]].view(), false, true, 0.95)?;
/// assert!((found.statistic - 61.0 * 61.0 / 180.0).abs() < 1e-12);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn mcnemar(table: ArrayView2<'_, f64>, exact: bool, correction: bool, level: f64) -> Result<McNemar> {
    const NAME: &str = "mcnemar";
    let [_, b, c, _] = two_by_two(NAME, "table", table)?;
    check_level(NAME, level)?;
    let changed = b + c;
    if changed == 0.0 {
        let problem = "has no changes: both counts off the diagonal are 0".into();
        return Err(Error::Invalid { function: NAME, argument: "table", problem });
    }
    let (statistic, p_value) = if exact {
        let fewer = b.min(c);
        (fewer, (2.0 * Binomial::new(changed, 0.5)?.cdf(fewer)).min(1.0))
    } else {
        let distance = ((b - c).abs() - if correction { 1.0 } else { 0.0 }).max(0.0);
        let statistic = distance * (distance / changed);
        (statistic, ChiSquared::new(1.0)?.sf(statistic))
    };
    let (low, high) = ProportionInterval::ClopperPearson.interval(b, changed, Alternative::TwoSided, level);
    let odds = |share: f64| share / (1.0 - share);
    Ok(McNemar {
        statistic,
        p_value,
        changes: (b, c),
        odds_ratio: b / c,
        confidence_interval: (odds(low), if c == 0.0 { f64::INFINITY } else { odds(high) }),
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    #[test]
    fn exact_and_approximate_agree_with_their_formulas() {
        let table = array![[10.0, 2.0], [8.0, 5.0]];
        let exact = mcnemar(table.view(), true, true, 0.95).unwrap();
        // 2·(1 + 10 + 45)/2¹⁰.
        assert_relative_eq!(exact.p_value, 112.0 / 1024.0, max_relative = 1e-14);
        assert_eq!((exact.statistic, exact.odds_ratio), (2.0, 0.25));
        let plain = mcnemar(table.view(), false, false, 0.95).unwrap();
        assert_relative_eq!(plain.statistic, 3.6, max_relative = 1e-15);
        let one_way = mcnemar(array![[1.0, 4.0], [0.0, 1.0]].view(), true, true, 0.95).unwrap();
        assert_eq!((one_way.odds_ratio, one_way.confidence_interval.1), (f64::INFINITY, f64::INFINITY));
        assert!(mcnemar(array![[1.0, 0.0], [0.0, 1.0]].view(), true, true, 0.95).is_err());
    }
}
