//! Tests of means by the normal distribution: with a spread that is known, or from so many values that its estimate is as good.
//!
//! See E. L. Lehmann & J. P. Romano (2005, *Testing Statistical Hypotheses*, 3rd edition, §3.2 and §11.3).

use ndarray::ArrayView1;

use crate::check;
use crate::distributions::{Distribution, Normal};
use crate::error::{Error, Result};
use crate::stats::moments::Moments;
use crate::stats::scale::Scaled;
use crate::stats::test::{Alternative, check_level, check_sample};

const NAME: &str = "ztest";

/// Where the spread of the populations comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sigma {
    /// It is estimated, one for both samples together.
    Pooled,
    /// It is estimated, for each sample its own.
    Unequal,
    /// It is known: the standard deviation of each population.
    Known(f64, f64),
}

/// What a z test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZTest {
    /// z: the difference divided by its standard error.
    pub statistic: f64,
    /// Probability of a z at least as far out in the direction of the alternative, if the null hypothesis holds.
    pub p_value: f64,
    /// The difference that is tested: x̄₁ − value, or x̄₁ − x̄₂ − value.
    pub estimate: f64,
    /// Standard error of that difference.
    pub standard_error: f64,
    /// Confidence interval of the difference; for a one-sided alternative it is open on one side.
    pub confidence_interval: (f64, f64),
    /// Cohen's d: the difference in standard deviations, that of the population or the pooled one; for unequal ones the root of
    /// the mean of both variances.
    pub effect_size: f64,
    /// Mean of each sample.
    pub means: (f64, Option<f64>),
    /// Standard deviation of each sample; NaN for a single value.
    pub stds: (f64, Option<f64>),
    /// Skewness g₁ of each sample; NaN for a constant one.
    pub skewness: (f64, Option<f64>),
    /// How many values in each sample.
    pub n: (usize, Option<usize>),
}

/// Tests whether a population's mean is `value`, or whether two differ by `value`, by the normal distribution.
///
/// z = (x̄₁ − value)/(σ/√n), or (x̄₁ − x̄₂ − value)/√(σ₁²/n₁ + σ₂²/n₂). With an estimated σ the test holds for large samples only; a t
/// test holds for small ones too.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values (one, if σ is known), [`Error::NotFinite`] for NaN or infinities, [`Error::Constant`] if the
/// spread has to be estimated from constant samples, [`Error::OutOfRange`] for σ ≤ 0 or a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, Sigma, ztest};
///
/// // Four measurements with a standard deviation known to be 1, mean 1: z = 2.
/// let x = array![0.5, 1.5, 1.0, 1.0];
/// let test = ztest(x.view(), None, 0.0, Sigma::Known(1.0, 1.0), Alternative::TwoSided, 0.95)?;
/// assert_eq!(test.statistic, 2.0);
/// assert!((test.p_value - 0.0455).abs() < 1e-4);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn ztest(
    x1: ArrayView1<'_, f64>,
    x2: Option<ArrayView1<'_, f64>>,
    value: f64,
    sigma: Sigma,
    alternative: Alternative,
    level: f64,
) -> Result<ZTest> {
    let needed = if matches!(sigma, Sigma::Known(..)) { 1 } else { 2 };
    check_sample(NAME, "x1", x1, needed)?;
    if let Some(x2) = x2 {
        check_sample(NAME, "x2", x2, needed)?;
    }
    check::in_range(NAME, "value", value, value.is_finite(), "finite")?;
    check_level(NAME, level)?;
    if let Sigma::Known(first, second) = sigma {
        for known in [first, second] {
            check::in_range(NAME, "sigma", known, known > 0.0 && known.is_finite(), "positive and finite")?;
        }
    }
    let samples: Vec<ArrayView1<'_, f64>> = std::iter::once(x1).chain(x2).collect();
    let scaled = Scaled::new(&samples, value);
    let first = Moments::of_slice(scaled.sample(0));
    let second = x2.map(|_| Moments::of_slice(scaled.sample(1)));
    let difference = match &second {
        Some(second) => first.mean_difference(second) - scaled.down(value),
        None => first.mean_from(scaled.down(value)),
    };
    let (error, unit) = error_and_unit(&scaled, &first, second.as_ref(), sigma);
    if error == 0.0 {
        let consequence = if x2.is_some() {
            "z has no standard error to be measured by (x2 is constant too)"
        } else {
            "z has no standard error to be measured by"
        };
        return Err(Error::Constant { function: NAME, argument: "x1", value: x1[0], consequence });
    }
    let normal = Normal::standard();
    let statistic = difference / error;
    let (low, high) = alternative.interval(difference, error, |p| normal.ppf(p), level);
    Ok(ZTest {
        statistic,
        p_value: alternative.p_value(&normal, statistic),
        estimate: scaled.up(difference),
        standard_error: scaled.up(error),
        confidence_interval: (scaled.up(low), scaled.up(high)),
        effect_size: difference / unit,
        means: (scaled.up(first.mean()), second.map(|m| scaled.up(m.mean()))),
        stds: (scaled.up(first.std(1)), second.map(|m| scaled.up(m.std(1)))),
        skewness: (first.skewness(true), second.map(|m| m.skewness(true))),
        n: (x1.len(), x2.map(|x| x.len())),
    })
}

/// The standard error of the difference, and the standard deviation that the effect is measured in.
fn error_and_unit(scaled: &Scaled<'_>, first: &Moments, second: Option<&Moments>, sigma: Sigma) -> (f64, f64) {
    let n1 = first.count() as f64;
    let half = 0.5_f64.sqrt();
    let Some(second) = second else {
        let spread = if let Sigma::Known(sigma, _) = sigma { scaled.down(sigma) } else { first.std(1) };
        return (spread / n1.sqrt(), spread);
    };
    let n2 = second.count() as f64;
    match sigma {
        Sigma::Known(s1, s2) => {
            let (s1, s2) = (scaled.down(s1), scaled.down(s2));
            ((s1 / n1.sqrt()).hypot(s2 / n2.sqrt()), half * s1.hypot(s2))
        }
        Sigma::Unequal => {
            let (s1, s2) = (first.std(1), second.std(1));
            ((s1 / n1.sqrt()).hypot(s2 / n2.sqrt()), half * s1.hypot(s2))
        }
        Sigma::Pooled => {
            let df = n1 + n2 - 2.0;
            let pooled = (first.std(1) * ((n1 - 1.0) / df).sqrt()).hypot(second.std(1) * ((n2 - 1.0) / df).sqrt());
            (pooled * (1.0 / n1 + 1.0 / n2).sqrt(), pooled)
        }
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::*;
    use crate::special::erfc;
    use crate::stats::{ttest_1samp, ttest_ind};

    #[test]
    fn with_an_estimated_spread_z_is_the_t_of_students_test() {
        let (a, b) = (array![1.0, 2.0, 4.0, 9.0], array![2.0, 6.0, 7.0, 7.5, 11.0]);
        for (sigma, equal_var) in [(Sigma::Pooled, true), (Sigma::Unequal, false)] {
            let z = ztest(a.view(), Some(b.view()), 0.0, sigma, Alternative::Less, 0.9).unwrap();
            let t = ttest_ind(a.view(), b.view(), equal_var, Alternative::Less, 0.9).unwrap();
            assert_eq!((z.statistic, z.standard_error, z.effect_size), (t.statistic, t.standard_error, t.effect_size));
            assert_relative_eq!(z.p_value, 0.5 * erfc(-z.statistic / 2.0_f64.sqrt()), max_relative = 1e-14);
        }
        let z = ztest(a.view(), None, 3.0, Sigma::Pooled, Alternative::TwoSided, 0.95).unwrap();
        assert_eq!(z.statistic, ttest_1samp(a.view(), 3.0, Alternative::TwoSided, 0.95).unwrap().statistic);
        assert_relative_eq!(
            z.confidence_interval.1 - z.estimate,
            1.959963984540054 * z.standard_error,
            max_relative = 1e-14
        );
    }

    #[test]
    fn a_known_spread_makes_do_with_one_value_and_with_constant_ones() {
        let one = ztest(array![5.0].view(), None, 3.0, Sigma::Known(0.5, 0.5), Alternative::Greater, 0.95).unwrap();
        assert_eq!((one.statistic, one.estimate, one.effect_size), (4.0, 2.0, 4.0));
        assert_relative_eq!(one.p_value, 3.167124183311992e-5, max_relative = 1e-13);
        let two = ztest(
            array![2.0, 2.0, 2.0, 2.0].view(),
            Some(array![1.0].view()),
            0.0,
            Sigma::Known(6.0, 4.0),
            Alternative::TwoSided,
            0.95,
        );
        assert_relative_eq!(two.unwrap().statistic, 0.2, max_relative = 1e-15);
        let refused =
            ztest(array![2.0, 2.0].view(), None, 0.0, Sigma::Pooled, Alternative::TwoSided, 0.95).unwrap_err();
        assert!(refused.to_string().starts_with("ztest: x1 is constant"), "{refused}");
        assert!(ztest(array![2.0].view(), None, 0.0, Sigma::Known(0.0, 1.0), Alternative::TwoSided, 0.95).is_err());
    }

    #[test]
    fn extreme_units_do_not_matter() {
        let x = array![1.0, 2.0, 4.0, 9.0];
        let plain = ztest(x.view(), None, 3.0, Sigma::Known(2.0, 2.0), Alternative::TwoSided, 0.95).unwrap();
        for exponent in [1018, -1000] {
            let unit = 2.0_f64.powi(exponent);
            let sigma = Sigma::Known(2.0 * unit, 2.0 * unit);
            let test = ztest((&x * unit).view(), None, 3.0 * unit, sigma, Alternative::TwoSided, 0.95).unwrap();
            assert_eq!((test.statistic, test.p_value), (plain.statistic, plain.p_value));
            assert_eq!(test.confidence_interval.0, plain.confidence_interval.0 * unit);
        }
    }
}
