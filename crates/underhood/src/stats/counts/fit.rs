//! One category: do its counts have the shares that they should have?
//!
//! K. Pearson (1900, doi:10.1080/14786440009463897). Size of the effect: J. Cohen (1988, *Statistical Power Analysis for the Behavioral
//! Sciences*, section 7.2).

use ndarray::{Array1, ArrayView1};

use super::sums_of_others;
use crate::check;
use crate::distributions::{ChiSquared, Distribution};
use crate::error::{Error, Result};

const NAME: &str = "chisquare";

/// Sums of observed and of expected counts that differ by less than this, relative to the smaller, are one.
const ALIKE: f64 = 1.5e-8;

/// What the test of goodness of fit finds.
#[derive(Debug, Clone, PartialEq)]
pub struct ChiSquareFit {
    /// χ² = Σ (observed − expected)²/expected.
    pub statistic: f64,
    /// Probability of so large a χ² if the expected counts are right.
    pub p_value: f64,
    /// Degrees of freedom, k − 1 − `ddof`.
    pub df: usize,
    /// The counts that were expected.
    pub expected: Array1<f64>,
    /// (observed − expected)/√(expected·(1 − expected/total)): about standard normal each.
    pub residuals: Array1<f64>,
    /// Cohen's w = √(χ²/total).
    pub effect_size: f64,
    /// The sum of all counts.
    pub total: f64,
}

/// Tests whether counts agree with expected ones; without `f_exp`, whether all categories are equally frequent. `ddof` is the number of
/// parameters that the expected counts were estimated with.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two categories, or no degree of freedom left; [`Error::Shape`] if there are not as many expected
/// counts; [`Error::NotFinite`] or [`Error::Invalid`] for counts that are negative or not finite, expected ones that are not positive, or
/// sums that differ.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::chisquare;
///
/// let found = chisquare(array![16.0, 18.0, 16.0, 14.0, 12.0, 12.0].view(), None, 0)?;
/// assert!((found.statistic - 2.0).abs() < 1e-14);
/// assert!((found.p_value - 0.849145036).abs() < 1e-8);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn chisquare(f_obs: ArrayView1<'_, f64>, f_exp: Option<ArrayView1<'_, f64>>, ddof: usize) -> Result<ChiSquareFit> {
    let invalid = |argument, problem| Error::Invalid { function: NAME, argument, problem };
    check::at_least(NAME, "f_obs", "categories", f_obs.len(), 2)?;
    check::finite_vector(NAME, "f_obs", f_obs)?;
    if let Some(i) = f_obs.iter().position(|count| *count < 0.0) {
        return Err(invalid("f_obs", format!("has {} at {i}, but a count is not negative", f_obs[i])));
    }
    if f_obs.len() < ddof.saturating_add(2) {
        let problem = format!("is {ddof}, which leaves no degree of freedom of {} categories", f_obs.len());
        return Err(invalid("ddof", problem));
    }
    let total = f_obs.sum();
    if !total.is_finite() {
        return Err(invalid("f_obs", "has a sum beyond the largest double; count in larger units".into()));
    }
    if total == 0.0 {
        return Err(invalid("f_obs", "has no counts: all are 0".into()));
    }
    let expected = match f_exp {
        None => Array1::from_elem(f_obs.len(), total / f_obs.len() as f64),
        Some(f_exp) => {
            check::same_length(NAME, ("f_exp", f_exp.len()), ("f_obs", f_obs.shape()))?;
            check::finite_vector(NAME, "f_exp", f_exp)?;
            if let Some(i) = f_exp.iter().position(|count| *count < f64::MIN_POSITIVE) {
                return Err(invalid("f_exp", format!("has {} at {i}, but an expected count is positive", f_exp[i])));
            }
            let sum = f_exp.sum();
            if !((sum - total).abs() <= ALIKE * sum.min(total)) {
                let problem = format!(
                    "adds up to {sum}, but f_obs to {total}; expected counts are shares times the total: f_exp / \
                     f_exp.sum() * f_obs.sum()"
                );
                return Err(invalid("f_exp", problem));
            }
            f_exp.to_owned()
        }
    };
    if let Some(i) = expected.iter().position(|count| *count < f64::MIN_POSITIVE) {
        let problem = format!("leads to expect {} at {i}, which is too small to divide by", expected[i]);
        return Err(invalid("f_obs", problem));
    }
    let terms = f_obs.iter().zip(&expected).map(|(observed, expected)| {
        let difference = observed - expected;
        difference * (difference / expected)
    });
    let statistic: f64 = terms.sum();
    let others = sums_of_others(expected.iter().copied());
    let residual = |((observed, expected), others): ((&f64, &f64), &f64)| {
        ((observed - expected) / expected.sqrt()) / (others / total).sqrt()
    };
    let df = f_obs.len() - 1 - ddof;
    Ok(ChiSquareFit {
        statistic,
        p_value: ChiSquared::new(df as f64)?.sf(statistic),
        df,
        residuals: f_obs.iter().zip(&expected).zip(&others).map(residual).collect(),
        effect_size: (statistic / total).sqrt(),
        expected,
        total,
    })
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;

    #[test]
    fn two_categories_are_a_squared_standard_score() {
        // (60 − 50)/√(100·¼) = 2.
        let found = chisquare(array![60.0, 40.0].view(), None, 0).unwrap();
        assert_relative_eq!(found.statistic, 4.0);
        assert_relative_eq!(found.residuals[0], 2.0, max_relative = 1e-15);
        assert_relative_eq!(found.effect_size, 0.2, max_relative = 1e-15);
        assert_relative_eq!(found.p_value, 2.0 * crate::special::ndtr(-2.0), max_relative = 1e-14);
    }

    #[test]
    fn mendels_peas() {
        // 315, 101, 108, 32 in the ratio 9:3:3:1 (Pearson's χ² 0.470, p 0.925).
        let total = 556.0;
        let shares = array![9.0, 3.0, 3.0, 1.0] / 16.0 * total;
        let found = chisquare(array![315.0, 101.0, 108.0, 32.0].view(), Some(shares.view()), 0).unwrap();
        assert_relative_eq!(found.statistic, 0.470_023_980_815_347_7, max_relative = 1e-12);
        assert_relative_eq!(found.p_value, 0.925_425_895_103_616_5, max_relative = 1e-12);
    }

    #[test]
    fn residuals_of_two_categories_are_opposite_however_unequal_they_are() {
        // Both are ±(3 − 1)/√(1e20·(1/1e20)(1 − 1/1e20)) = ±2.
        let (observed, expected) = (array![1e20, 3.0], array![1e20, 1.0]);
        let found = chisquare(observed.view(), Some(expected.view()), 0).unwrap();
        assert_relative_eq!(found.residuals[1], 2.0, max_relative = 1e-15);
        let found = chisquare(array![1e15 - 2.0, 3.0].view(), Some(array![1e15, 1.0].view()), 0).unwrap();
        assert_relative_eq!(found.residuals[0], -2.0, max_relative = 1e-14);
        assert_relative_eq!(found.residuals[1], 2.0, max_relative = 1e-14);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let message = |obs: Array1<f64>, exp: Option<Array1<f64>>, ddof| {
            chisquare(obs.view(), exp.as_ref().map(|exp| exp.view()), ddof).unwrap_err().to_string()
        };
        assert!(message(array![1.0, 2.0], Some(array![1.0, 3.0]), 0).contains("f_exp adds up to 4, but f_obs to 3"));
        assert!(message(array![1.0, 2.0], Some(array![3.0, 0.0]), 0).contains("f_exp has 0 at 1"));
        assert!(message(array![1.0, -2.0], None, 0).contains("f_obs has -2 at 1"));
        assert!(message(array![1.0, 2.0], None, 1).contains("ddof is 1, which leaves no degree of freedom"));
        assert!(message(array![0.0, 0.0], None, 0).contains("no counts"));
        assert!(message(array![1.0], None, 0).contains("1 category"));
    }
}
