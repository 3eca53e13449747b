//! What the three coefficients share: their fields, refusals and Fisher's interval.

use ndarray::ArrayView1;

use crate::check;
use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::test::{Alternative, check_level, check_sample};

/// A coefficient of correlation and what it says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correlation {
    /// The coefficient, between −1 and 1.
    pub statistic: f64,
    /// Probability of a coefficient at least as far out, if the two are independent.
    pub p_value: f64,
    /// Degrees of freedom, n − 2, where the p-value is Student's.
    pub df: Option<usize>,
    /// How many pairs.
    pub n: usize,
    /// Interval from the artanh of the coefficient, which is nearly normal.
    pub confidence_interval: (f64, f64),
    /// How many values of x and of y equal another one; for Pearson's coefficient it does not matter and is 0.
    pub tied: (usize, usize),
    /// Skewness of x and y for Pearson's coefficient, which asks for normal values; of ranks it says nothing and is NaN.
    pub skewness: (f64, f64),
    /// Whether the p-value is exact: from all arrangements of the ranks; Pearson's is if the values are normal.
    pub exact: bool,
}

pub(super) fn check_pair(
    function: &'static str,
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    level: f64,
) -> Result<()> {
    check_sample(function, "x", x, 2)?;
    check_sample(function, "y", y, 2)?;
    check::same_length(function, ("y", y.len()), ("x", x.shape()))?;
    check_level(function, level)?;
    check_varies(function, "x", x)?;
    check_varies(function, "y", y)
}

pub(super) fn check_varies(function: &'static str, argument: &'static str, x: ArrayView1<'_, f64>) -> Result<()> {
    if x.iter().all(|value| *value == x[0]) {
        let consequence = "it is correlated with nothing";
        return Err(Error::Constant { function, argument, value: x[0], consequence });
    }
    Ok(())
}

/// tanh(z ± quantile·error), open to ±1 on the side that is not tested; all of [−1, 1] for an error that nothing is known of.
pub(super) fn fisher_interval(z: f64, error: f64, alternative: Alternative, level: f64) -> (f64, f64) {
    if !error.is_finite() {
        return (-1.0, 1.0);
    }
    let (low, high) = alternative.interval(z, error, |p| Normal::standard().ppf(p), level);
    (low.tanh(), high.tanh())
}
