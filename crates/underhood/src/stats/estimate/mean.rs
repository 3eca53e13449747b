//! Intervals of a mean, of the difference of two, and of a correlation: the values that their tests would not reject.
//!
//! Student (1908), Welch (1947) and Fisher (1921), see `ttest_1samp`, `ttest_ind` and `pearsonr`.

use ndarray::ArrayView1;

use super::interval::{Interval, IntervalSide};
use crate::check;
use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::correlation::pearsonr;
use crate::stats::means::{TTest, ttest_1samp, ttest_ind, ttest_rel};
use crate::stats::moments::Moments;
use crate::stats::scale::Scaled;
use crate::stats::test::{check_level, check_sample};

/// Which standard error a difference of means has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MeanDifference {
    /// √(s₁²/n₁ + s₂²/n₂), with Satterthwaite's degrees of freedom.
    #[default]
    Welch,
    /// s√(1/n₁ + 1/n₂) with the pooled variance s², for populations of one variance.
    Pooled,
    /// That of the mean of the differences of pairs.
    Paired,
}

impl MeanDifference {
    /// Their names.
    pub const NAMES: [&str; 3] = ["welch", "pooled", "paired"];

    /// The method of a name, for the function that asks.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`MeanDifference::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<MeanDifference> {
        match name {
            "welch" => Ok(MeanDifference::Welch),
            "pooled" => Ok(MeanDifference::Pooled),
            "paired" => Ok(MeanDifference::Paired),
            _ => {
                let allowed = &MeanDifference::NAMES;
                Err(Error::UnknownName { function, argument: "method", value: name.into(), allowed })
            }
        }
    }
}

/// The interval x̄ ± t·s/√n of a mean, or x̄ ± z·σ/√n if the population's standard deviation `sigma` is known.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values (one with `sigma`), [`Error::NotFinite`] for NaN or infinities, [`Error::Constant`] if all values
/// are the same and `sigma` is not known, [`Error::OutOfRange`] for a level that is no probability or a `sigma` that is not positive.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{IntervalSide, mean_confint};
///
/// let found = mean_confint(array![1.0, 2.0, 3.0].view(), None, 0.95, IntervalSide::Both)?;
/// // With 2 degrees of freedom t is (2p − 1)/√(2p(1 − p)).
/// let t = 0.95 / (2.0 * 0.975 * 0.025_f64).sqrt();
/// assert!((found.high - (2.0 + t / 3.0_f64.sqrt())).abs() < 1e-13);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn mean_confint(x: ArrayView1<'_, f64>, sigma: Option<f64>, level: f64, side: IntervalSide) -> Result<Interval> {
    const NAME: &str = "mean_confint";
    check_level(NAME, level)?;
    let Some(sigma) = sigma else {
        check_sample(NAME, "x", x, 2)?;
        check_spread(NAME, "x", x)?;
        return Ok(of_test(ttest_1samp(x, 0.0, side.alternative(), level)?));
    };
    check_sample(NAME, "x", x, 1)?;
    check::in_range(NAME, "sigma", sigma, sigma > 0.0 && sigma.is_finite(), "positive and finite")?;
    let scaled = Scaled::new(&[x], sigma);
    let moments = Moments::of_slice(scaled.sample(0));
    let estimate = moments.mean();
    let error = scaled.down(sigma) / (x.len() as f64).sqrt();
    let (low, high) = side.alternative().interval(estimate, error, |p| Normal::standard().ppf(p), level);
    Ok(Interval {
        estimate: scaled.up(estimate),
        low: scaled.up(low),
        high: scaled.up(high),
        standard_error: Some(scaled.up(error)),
        df: None,
        n: (x.len(), None),
        shape: (moments.skewness(true), None),
    })
}

/// The interval of the difference of two means, x̄ − ȳ ± t·(its standard error).
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::NotFinite`] for NaN or infinities, [`Error::Shape`] for pairs of unequal lengths,
/// [`Error::Constant`] or [`Error::Invalid`] if there is no spread to be measured by, [`Error::OutOfRange`] for a level that is no probability.
pub fn mean_difference_confint(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    method: MeanDifference,
    level: f64,
    side: IntervalSide,
) -> Result<Interval> {
    const NAME: &str = "mean_difference_confint";
    check_level(NAME, level)?;
    check_sample(NAME, "x", x, 2)?;
    check_sample(NAME, "y", y, 2)?;
    let alternative = side.alternative();
    if method == MeanDifference::Paired {
        check::same_length(NAME, ("x", x.len()), ("y", y.shape()))?;
        let test = ttest_rel(x, y, alternative, level).map_err(|refusal| match refusal {
            Error::Invalid { problem, .. } => {
                let problem = problem.replace("differs from b", "differs from y").replace("so t has", "so there is");
                Error::Invalid { function: NAME, argument: "x", problem }
            }
            other => other,
        })?;
        return Ok(of_test(test));
    }
    if check_spread(NAME, "x", x).is_err() {
        check_spread(NAME, "y", y)?;
    }
    Ok(of_test(ttest_ind(x, y, method == MeanDifference::Pooled, alternative, level)?))
}

/// Fisher's interval tanh(artanh r ± z/√(n − 3)) of Pearson's correlation.
///
/// # Errors
/// [`Error::TooFew`] for fewer than four pairs, [`Error::Shape`] for unequal lengths, [`Error::NotFinite`] for NaN or infinities,
/// [`Error::Constant`] if either is constant, [`Error::OutOfRange`] for a level that is no probability.
pub fn correlation_confint(
    x: ArrayView1<'_, f64>,
    y: ArrayView1<'_, f64>,
    level: f64,
    side: IntervalSide,
) -> Result<Interval> {
    const NAME: &str = "correlation_confint";
    check_level(NAME, level)?;
    check_sample(NAME, "x", x, 4)?;
    check_sample(NAME, "y", y, 4)?;
    check::same_length(NAME, ("x", x.len()), ("y", y.shape()))?;
    for (argument, values) in [("x", x), ("y", y)] {
        let consequence = "it has no correlation with anything";
        if values.iter().all(|v| *v == values[0]) {
            return Err(Error::Constant { function: NAME, argument, value: values[0], consequence });
        }
    }
    let found = pearsonr(x, y, side.alternative(), level)?;
    let (low, high) = found.confidence_interval;
    Ok(Interval {
        estimate: found.statistic,
        low,
        high,
        standard_error: None,
        df: None,
        n: (found.n, None),
        shape: (f64::NAN, None),
    })
}

/// Refuses a constant sample.
pub(super) fn check_spread(function: &'static str, argument: &'static str, x: ArrayView1<'_, f64>) -> Result<()> {
    if x.iter().any(|v| *v != x[0]) {
        return Ok(());
    }
    let consequence = "it has no spread that an interval could be measured by";
    Err(Error::Constant { function, argument, value: x[0], consequence })
}

fn of_test(test: TTest) -> Interval {
    let (low, high) = test.confidence_interval;
    let (estimate, standard_error, df) = (test.estimate, Some(test.standard_error), Some(test.df));
    Interval { estimate, low, high, standard_error, df, n: test.n, shape: test.skewness }
}
