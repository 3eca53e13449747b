//! Student's t tests: of one mean, of two, and of paired differences.
//!
//! Student (1908, doi:10.1093/biomet/6.1.1); for unequal variances B. L. Welch (1947, doi:10.1093/biomet/34.1-2.28) with the
//! degrees of freedom of F. E. Satterthwaite (1946, doi:10.2307/3002019). Effect sizes: J. Cohen (1988, *Statistical Power
//! Analysis*), with the correction of L. V. Hedges (1981, doi:10.3102/10769986006002107).

use ndarray::ArrayView1;

use crate::check;
use crate::distributions::{Distribution, StudentT};
use crate::error::{Error, Result};
use crate::stats::moments::Moments;
use crate::stats::scale::Scaled;
use crate::stats::test::{Alternative, check_level, check_sample};

/// What a t test finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TTest {
    /// t: the difference divided by its standard error.
    pub statistic: f64,
    /// Probability of a t at least as far out in the direction of the alternative, if the null hypothesis holds.
    pub p_value: f64,
    /// Degrees of freedom of t; a fraction for Welch's test.
    pub df: f64,
    /// The difference that is tested: of the mean from `popmean`, of two means, or the mean of the differences.
    pub estimate: f64,
    /// Standard error of that difference.
    pub standard_error: f64,
    /// Means: of the sample, of both samples.
    pub means: (f64, Option<f64>),
    /// Standard deviations: of the sample or the differences, or of both samples.
    pub stds: (f64, Option<f64>),
    /// Skewness g₁ of the same; NaN for a constant sample.
    pub skewness: (f64, Option<f64>),
    /// Confidence interval of the difference; for a one-sided alternative it is open on one side.
    pub confidence_interval: (f64, f64),
    /// The level of that interval.
    pub confidence_level: f64,
    /// Cohen's d: the difference in standard deviations. Of one sample or of differences: their own standard deviation; of two
    /// samples the pooled one, for Welch's test the root of the mean of both variances.
    pub effect_size: f64,
    /// Hedges' g: Cohen's d times 1 − 3/(4ν − 1), which takes away nearly all of d's bias in small samples; ν is the degrees of
    /// freedom (for Welch's test n₁ + n₂ − 2, those of the standard deviation that d uses).
    pub hedges_g: f64,
    /// How many values: of the sample, of both, or how many pairs.
    pub n: (usize, Option<usize>),
    /// Which departures count.
    pub alternative: Alternative,
}

/// Tests whether a sample's population has mean `popmean`: t = (x̄ − μ₀)/(s/√n) with n − 1 degrees of freedom.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::NotFinite`] for NaN or infinities, [`Error::Constant`] if all values are
/// the same (t would have no standard error), [`Error::OutOfRange`] for a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Alternative, ttest_1samp};
///
/// let test = ttest_1samp(array![1.0, 2.0, 3.0, 4.0, 5.0].view(), 2.0, Alternative::TwoSided, 0.95)?;
/// assert!((test.statistic - 2.0_f64.sqrt()).abs() < 1e-14);
/// assert_eq!(test.df, 4.0);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn ttest_1samp(a: ArrayView1<'_, f64>, popmean: f64, alternative: Alternative, level: f64) -> Result<TTest> {
    const NAME: &str = "ttest_1samp";
    check_sample(NAME, "a", a, 2)?;
    check::in_range(NAME, "popmean", popmean, popmean.is_finite(), "finite")?;
    check_level(NAME, level)?;
    let scaled = Scaled::new(&[a], popmean);
    let moments = Moments::of_slice(scaled.sample(0));
    if moments.min() == moments.max() {
        let consequence = "t has no standard error to be measured by";
        return Err(Error::Constant { function: NAME, argument: "a", value: a[0], consequence });
    }
    let n = a.len() as f64;
    let findings = Findings {
        difference: moments.mean_from(scaled.down(popmean)),
        error: moments.std(1) / n.sqrt(),
        df: n - 1.0,
        unit: moments.std(1),
        unit_df: n - 1.0,
    };
    let test = findings.judged(&scaled, alternative, level)?;
    Ok(TTest {
        means: (scaled.up(moments.mean()), None),
        stds: (scaled.up(moments.std(1)), None),
        skewness: (moments.skewness(true), None),
        n: (a.len(), None),
        ..test
    })
}

/// Tests whether two independent samples come from populations of one mean.
///
/// With `equal_var` (Student): t = (x̄ − ȳ)/(s√(1/n₁ + 1/n₂)), s² the pooled variance, n₁ + n₂ − 2 degrees of freedom. Without
/// (Welch): t = (x̄ − ȳ)/√(s₁²/n₁ + s₂²/n₂), with Satterthwaite's degrees of freedom; safer unless the spreads are known to agree.
///
/// # Errors
/// As [`ttest_1samp`], for either sample; [`Error::Constant`] only if both samples are constant.
pub fn ttest_ind(
    a: ArrayView1<'_, f64>,
    b: ArrayView1<'_, f64>,
    equal_var: bool,
    alternative: Alternative,
    level: f64,
) -> Result<TTest> {
    const NAME: &str = "ttest_ind";
    check_sample(NAME, "a", a, 2)?;
    check_sample(NAME, "b", b, 2)?;
    check_level(NAME, level)?;
    let scaled = Scaled::new(&[a, b], 0.0);
    let (first, second) = (Moments::of_slice(scaled.sample(0)), Moments::of_slice(scaled.sample(1)));
    if first.min() == first.max() && second.min() == second.max() {
        let consequence = "t has no standard error to be measured by (b is constant too)";
        return Err(Error::Constant { function: NAME, argument: "a", value: a[0], consequence });
    }
    let (n1, n2) = (a.len() as f64, b.len() as f64);
    let (s1, s2) = (first.std(1), second.std(1));
    let pooled_df = n1 + n2 - 2.0;
    let (error, df, unit) = if equal_var {
        let pooled = (s1 * ((n1 - 1.0) / pooled_df).sqrt()).hypot(s2 * ((n2 - 1.0) / pooled_df).sqrt());
        (pooled * (1.0 / n1 + 1.0 / n2).sqrt(), pooled_df, pooled)
    } else {
        let (e1, e2) = (s1 / n1.sqrt(), s2 / n2.sqrt());
        let error = e1.hypot(e2);
        // Shares of the squared error, so that nothing is squared that could vanish.
        let (share1, share2) = ((e1 / error).powi(2), (e2 / error).powi(2));
        let df = 1.0 / (share1 * share1 / (n1 - 1.0) + share2 * share2 / (n2 - 1.0));
        (error, df, s1.hypot(s2) / 2.0_f64.sqrt())
    };
    let findings = Findings { difference: first.mean_difference(&second), error, df, unit, unit_df: pooled_df };
    let test = findings.judged(&scaled, alternative, level)?;
    Ok(TTest {
        means: (scaled.up(first.mean()), Some(scaled.up(second.mean()))),
        stds: (scaled.up(s1), Some(scaled.up(s2))),
        skewness: (first.skewness(true), Some(second.skewness(true))),
        n: (a.len(), Some(b.len())),
        ..test
    })
}

/// Tests whether paired values differ in the mean: the test of one mean on the differences aᵢ − bᵢ.
///
/// # Errors
/// As [`ttest_1samp`]; [`Error::Shape`] if the samples differ in length, [`Error::Invalid`] if every pair differs by the same.
pub fn ttest_rel(
    a: ArrayView1<'_, f64>,
    b: ArrayView1<'_, f64>,
    alternative: Alternative,
    level: f64,
) -> Result<TTest> {
    const NAME: &str = "ttest_rel";
    check_sample(NAME, "a", a, 2)?;
    check_sample(NAME, "b", b, 2)?;
    check::same_length(NAME, ("a", a.len()), ("b", b.shape()))?;
    check_level(NAME, level)?;
    let scaled = Scaled::new(&[a, b], 0.0);
    let differences: Vec<f64> = scaled.sample(0).iter().zip(scaled.sample(1)).map(|(a, b)| a - b).collect();
    let moments = Moments::of_slice(&differences);
    if moments.min() == moments.max() {
        let by = scaled.up(differences[0]);
        let problem = format!("differs from b by {by} in every pair, so t has no standard error to be measured by");
        return Err(Error::Invalid { function: NAME, argument: "a", problem });
    }
    let n = a.len() as f64;
    let findings = Findings {
        difference: moments.mean(),
        error: moments.std(1) / n.sqrt(),
        df: n - 1.0,
        unit: moments.std(1),
        unit_df: n - 1.0,
    };
    let test = findings.judged(&scaled, alternative, level)?;
    let mean = |i: usize| scaled.up(Moments::of_slice(scaled.sample(i)).mean());
    Ok(TTest {
        means: (mean(0), Some(mean(1))),
        stds: (scaled.up(moments.std(1)), None),
        skewness: (moments.skewness(true), None),
        n: (a.len(), None),
        ..test
    })
}

/// What the three tests differ in, on the scale that is computed in.
struct Findings {
    difference: f64,
    error: f64,
    df: f64,
    /// The standard deviation that the effect is measured in, and its degrees of freedom.
    unit: f64,
    unit_df: f64,
}

impl Findings {
    fn judged(self, scaled: &Scaled<'_>, alternative: Alternative, level: f64) -> Result<TTest> {
        let student = StudentT::standard(self.df)?;
        let statistic = self.difference / self.error;
        let (low, high) = alternative.interval(self.difference, self.error, |p| student.ppf(p), level);
        let effect_size = self.difference / self.unit;
        Ok(TTest {
            statistic,
            p_value: alternative.p_value(&student, statistic),
            df: self.df,
            estimate: scaled.up(self.difference),
            standard_error: scaled.up(self.error),
            means: (f64::NAN, None),
            stds: (f64::NAN, None),
            skewness: (f64::NAN, None),
            confidence_interval: (scaled.up(low), scaled.up(high)),
            confidence_level: level,
            effect_size,
            hedges_g: effect_size * (1.0 - 3.0 / (4.0 * self.unit_df - 1.0)),
            n: (0, None),
            alternative,
        })
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    /// Student's own data (1908, after Cushny and Peebles): additional hours of sleep under two drugs, ten patients each.
    fn sleep() -> (Array1<f64>, Array1<f64>) {
        (
            array![0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
            array![1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
        )
    }

    #[test]
    fn students_sleep_data_as_r_prints_them() {
        // t.test(extra ~ group, data = sleep) in R: t = -1.8608, df = 17.776, p-value = 0.07939, interval -3.3654832 0.2054832.
        let (a, b) = sleep();
        let welch = ttest_ind(a.view(), b.view(), false, Alternative::TwoSided, 0.95).unwrap();
        assert_relative_eq!(welch.statistic, -1.8608, epsilon = 5e-5);
        assert_relative_eq!(welch.df, 17.776, epsilon = 5e-4);
        assert_relative_eq!(welch.p_value, 0.07939, epsilon = 5e-6);
        assert_relative_eq!(welch.confidence_interval.0, -3.3654832, epsilon = 5e-8);
        assert_relative_eq!(welch.confidence_interval.1, 0.2054832, epsilon = 5e-8);
        assert_eq!(welch.means.1.unwrap(), 2.33);
        // Paired: t = -4.0621, df = 9, p-value = 0.002833, interval -2.4598858 -0.7001142.
        let paired = ttest_rel(a.view(), b.view(), Alternative::TwoSided, 0.95).unwrap();
        assert_relative_eq!(paired.statistic, -4.0621, epsilon = 5e-5);
        assert_relative_eq!(paired.p_value, 0.002833, epsilon = 5e-7);
        assert_relative_eq!(paired.confidence_interval.0, -2.4598858, epsilon = 5e-8);
        assert_relative_eq!(paired.estimate, -1.58, max_relative = 1e-15);
    }

    #[test]
    fn sides_and_swapped_samples_agree() {
        let (a, b) = sleep();
        let test = |side| ttest_ind(a.view(), b.view(), true, side, 0.9).unwrap();
        let (two, less, greater) = (test(Alternative::TwoSided), test(Alternative::Less), test(Alternative::Greater));
        assert_relative_eq!(two.p_value, 2.0 * less.p_value, max_relative = 1e-14);
        assert_relative_eq!(less.p_value + greater.p_value, 1.0, max_relative = 1e-14);
        assert_eq!(less.confidence_interval.0, f64::NEG_INFINITY);
        assert_eq!(greater.confidence_interval.1, f64::INFINITY);
        let swapped = ttest_ind(b.view(), a.view(), true, Alternative::Greater, 0.9).unwrap();
        assert_eq!((swapped.statistic, swapped.p_value), (-less.statistic, less.p_value));
        assert_relative_eq!(two.effect_size, two.statistic * 0.2_f64.sqrt(), max_relative = 1e-14);
        assert_relative_eq!(two.hedges_g, two.effect_size * (1.0 - 3.0 / 71.0), max_relative = 1e-15);
    }

    #[test]
    fn offsets_and_extreme_units_do_not_matter() {
        let (a, b) = (array![1.0, 2.0, 4.0, 9.0], array![2.0, 6.0, 7.0, 7.5]);
        let plain = ttest_ind(a.view(), b.view(), false, Alternative::TwoSided, 0.95).unwrap();
        let offset = 2.0_f64.powi(48);
        let moved = ttest_ind((&a + offset).view(), (&b + offset).view(), false, Alternative::TwoSided, 0.95).unwrap();
        assert_relative_eq!(moved.statistic, plain.statistic, max_relative = 1e-14);
        assert_relative_eq!(moved.estimate, plain.estimate, max_relative = 1e-14);
        for exponent in [1019, -1000] {
            let unit = 2.0_f64.powi(exponent);
            let scaled = ttest_rel((&a * unit).view(), (&b * unit).view(), Alternative::TwoSided, 0.95).unwrap();
            let paired = ttest_rel(a.view(), b.view(), Alternative::TwoSided, 0.95).unwrap();
            assert_relative_eq!(scaled.statistic, paired.statistic, max_relative = 1e-14);
            assert_relative_eq!(
                scaled.confidence_interval.0,
                paired.confidence_interval.0 * unit,
                max_relative = 1e-14
            );
            let one = ttest_1samp((&a * unit).view(), 3.0 * unit, Alternative::Less, 0.95).unwrap();
            assert_relative_eq!(one.estimate, unit, max_relative = 1e-14);
        }
    }

    #[test]
    fn what_cannot_be_tested_is_named() {
        let constant = array![2.0, 2.0, 2.0];
        let message = |error: Error| error.to_string();
        assert_eq!(
            message(ttest_1samp(constant.view(), 1.0, Alternative::TwoSided, 0.95).unwrap_err()),
            "ttest_1samp: a is constant (every value is 2), so t has no standard error to be measured by"
        );
        assert!(ttest_ind(constant.view(), constant.view(), true, Alternative::TwoSided, 0.95).is_err());
        let spread = array![1.0, 3.0, 2.0];
        assert_eq!(ttest_ind(constant.view(), spread.view(), false, Alternative::TwoSided, 0.95).unwrap().df, 2.0);
        assert_eq!(
            message(ttest_rel(spread.view(), (&spread - 1.0).view(), Alternative::TwoSided, 0.95).unwrap_err()),
            "ttest_rel: a differs from b by 1 in every pair, so t has no standard error to be measured by"
        );
        assert!(ttest_rel(spread.view(), array![1.0, 2.0].view(), Alternative::TwoSided, 0.95).is_err());
        assert!(ttest_1samp(spread.view(), f64::NAN, Alternative::TwoSided, 0.95).is_err());
        assert!(ttest_1samp(spread.view(), 0.0, Alternative::TwoSided, 1.0).is_err());
        assert!(ttest_1samp(array![1.0].view(), 0.0, Alternative::TwoSided, 0.95).is_err());
        assert!(ttest_ind(spread.view(), array![1.0, f64::NAN].view(), true, Alternative::TwoSided, 0.95).is_err());
    }
}
