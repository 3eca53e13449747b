//! The power of one test with given sizes, level and true effect.

use crate::check;
use crate::distributions::{ChiSquared, Distribution, F, Normal, StudentT};
use crate::error::{Error, Result};
use crate::special::{
    ndtr, noncentral_chi_squared_cdf, noncentral_chi_squared_sf, noncentral_f_cdf, noncentral_f_sf, noncentral_t_cdf,
    noncentral_t_sf,
};
use crate::stats::test::Alternative;

/// Which test's power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerTest {
    /// Student's t test of two independent samples; the effect is Cohen's d.
    TwoSampleT,
    /// Student's t test of pairs; the effect is the mean difference in standard deviations of the differences.
    PairedT,
    /// Student's t test of one sample; the effect is the distance from the tested mean in standard deviations.
    OneSampleT,
    /// The z test of two proportions; the effect is Cohen's h.
    TwoProportions,
    /// The z test of one proportion; the effect is Cohen's h from the tested proportion.
    OneProportion,
    /// One-way analysis of variance with groups of equal size; the effect is Cohen's f.
    Anova,
    /// The χ² test of counts; the effect is Cohen's w = √Σ (pᵢ − p₀ᵢ)²/p₀ᵢ.
    ChiSquared,
}

impl PowerTest {
    /// Their names.
    pub const NAMES: [&str; 7] =
        ["t", "paired t", "one-sample t", "proportion", "one-sample proportion", "anova", "chi-square"];

    /// The test of a name, for the function that asks.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`PowerTest::NAMES`].
    pub fn named(function: &'static str, name: &str) -> Result<PowerTest> {
        Ok(match name {
            "t" => PowerTest::TwoSampleT,
            "paired t" => PowerTest::PairedT,
            "one-sample t" => PowerTest::OneSampleT,
            "proportion" => PowerTest::TwoProportions,
            "one-sample proportion" => PowerTest::OneProportion,
            "anova" => PowerTest::Anova,
            "chi-square" => PowerTest::ChiSquared,
            _ => {
                let allowed = &PowerTest::NAMES;
                return Err(Error::UnknownName { function, argument: "test", value: name.into(), allowed });
            }
        })
    }

    /// Whether there are two samples, the second `ratio` times as large as the first.
    pub fn has_two_samples(self) -> bool {
        matches!(self, PowerTest::TwoSampleT | PowerTest::TwoProportions)
    }

    /// Whether the effect has a sign, and the alternative a side.
    pub fn has_sides(self) -> bool {
        !matches!(self, PowerTest::Anova | PowerTest::ChiSquared)
    }

    /// The smallest sample that the test can be made with.
    pub(super) fn least(self) -> f64 {
        match self {
            PowerTest::TwoSampleT | PowerTest::PairedT | PowerTest::OneSampleT | PowerTest::Anova => 2.0,
            PowerTest::TwoProportions | PowerTest::OneProportion | PowerTest::ChiSquared => 1.0,
        }
    }
}

/// A test and how it is made, without its size, level and effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerDesign {
    pub(super) test: PowerTest,
    pub(super) alternative: Alternative,
    pub(super) ratio: f64,
    pub(super) groups: usize,
}

impl PowerDesign {
    /// A test of two samples, the second `ratio` times as large as the first, of one sample, or of `groups` groups (categories for χ²).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a ratio that is not positive or fewer than two groups; [`Error::Invalid`] for a ratio, a side or groups
    /// that the test does not have, or has and misses.
    pub fn new(
        function: &'static str,
        test: PowerTest,
        alternative: Alternative,
        ratio: f64,
        groups: Option<usize>,
    ) -> Result<PowerDesign> {
        const MOST_GROUPS: usize = 1_000_000;
        let invalid = |argument, problem| Err(Error::Invalid { function, argument, problem });
        check::in_range(function, "ratio", ratio, ratio > 0.0 && ratio.is_finite(), "positive and finite")?;
        if ratio != 1.0 && !test.has_two_samples() {
            return invalid("ratio", format!("is {ratio}, but this test has no second sample"));
        }
        if alternative != Alternative::TwoSided && !test.has_sides() {
            return invalid("alternative", "has a side, but the effect of this test has no sign".into());
        }
        match groups {
            None if !test.has_sides() => {
                invalid("k_groups", "is not given, but this test needs the number of groups (categories)".into())
            }
            Some(groups) if test.has_sides() => {
                invalid("k_groups", format!("is {groups}, but this test has one sample or two"))
            }
            Some(groups) => {
                let allowed = (2..=MOST_GROUPS).contains(&groups);
                check::in_range(function, "k_groups", groups as f64, allowed, "at least 2 and at most a million")?;
                Ok(PowerDesign { test, alternative, ratio, groups })
            }
            None => Ok(PowerDesign { test, alternative, ratio, groups: if test.has_two_samples() { 2 } else { 1 } }),
        }
    }
}

/// What a test attains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attained {
    /// Probability of rejecting the null hypothesis if the effect is what was said.
    pub power: f64,
    /// Probability of not rejecting it, β = 1 − power, to its own relative precision.
    pub beta: f64,
    /// The statistic from which on the null hypothesis is rejected (of a two-sided test, on either side; of a test for less, below minus it).
    pub critical: f64,
    /// How far the effect moves the statistic: δ of the noncentral t and the normal distribution, λ of F and χ².
    pub noncentrality: f64,
    /// Degrees of freedom of t, F or χ²; none for z.
    pub df: Option<f64>,
    /// Degrees of freedom of the denominator of F.
    pub df_within: Option<f64>,
}

impl PowerDesign {
    /// The power with samples of `n` and (where there are two) `second` values, groups of `n`, or `n` counts in all.
    pub(super) fn attained(&self, effect: f64, n: f64, second: f64, alpha: f64) -> Result<Attained> {
        match self.test {
            PowerTest::TwoSampleT => self.of_t(effect * harmonic(n, second).sqrt(), n + second - 2.0, alpha),
            PowerTest::PairedT | PowerTest::OneSampleT => self.of_t(effect * n.sqrt(), n - 1.0, alpha),
            PowerTest::TwoProportions => Ok(self.of_z(effect * harmonic(n, second).sqrt(), alpha)),
            PowerTest::OneProportion => Ok(self.of_z(effect * n.sqrt(), alpha)),
            PowerTest::Anova => {
                let groups = self.groups as f64;
                let (between, within) = (groups - 1.0, groups * n - groups);
                let noncentrality = effect * effect * groups * n;
                let critical = F::new(between, within)?.isf(alpha);
                let (power, beta) = smaller_first(
                    between + noncentrality > critical * between,
                    || noncentral_f_cdf(critical, between, within, noncentrality),
                    || noncentral_f_sf(critical, between, within, noncentrality),
                );
                Ok(Attained { power, beta, critical, noncentrality, df: Some(between), df_within: Some(within) })
            }
            PowerTest::ChiSquared => {
                let (df, noncentrality) = (self.groups as f64 - 1.0, effect * effect * n);
                let critical = ChiSquared::new(df)?.isf(alpha);
                let (power, beta) = smaller_first(
                    df + noncentrality > critical,
                    || noncentral_chi_squared_cdf(critical, df, noncentrality),
                    || noncentral_chi_squared_sf(critical, df, noncentrality),
                );
                Ok(Attained { power, beta, critical, noncentrality, df: Some(df), df_within: None })
            }
        }
    }

    /// The noncentrality in the direction of the alternative.
    fn towards(&self, noncentrality: f64) -> f64 {
        match self.alternative {
            Alternative::TwoSided => noncentrality.abs(),
            Alternative::Greater => noncentrality,
            Alternative::Less => -noncentrality,
        }
    }

    fn of_t(&self, noncentrality: f64, df: f64, alpha: f64) -> Result<Attained> {
        let towards = self.towards(noncentrality);
        let student = StudentT::standard(df)?;
        let two_sided = self.alternative == Alternative::TwoSided;
        let critical = student.isf(if two_sided { 0.5 * alpha } else { alpha });
        let far_side = if two_sided { noncentral_t_cdf(-critical, df, towards) } else { 0.0 };
        let (power, beta) = smaller_first(
            towards > critical,
            || noncentral_t_cdf(critical, df, towards) - far_side,
            || noncentral_t_sf(critical, df, towards) + far_side,
        );
        Ok(Attained { power, beta, critical, noncentrality, df: Some(df), df_within: None })
    }

    fn of_z(&self, noncentrality: f64, alpha: f64) -> Attained {
        let towards = self.towards(noncentrality);
        let two_sided = self.alternative == Alternative::TwoSided;
        let critical = Normal::standard().isf(if two_sided { 0.5 * alpha } else { alpha });
        let (mut power, mut beta) = (ndtr(towards - critical), ndtr(critical - towards));
        if two_sided {
            let far_side = ndtr(-critical - towards);
            power += far_side;
            beta -= far_side;
        }
        Attained { power, beta, critical, noncentrality, df: None, df_within: None }
    }
}

/// Power and β: β is computed where the effect lies beyond the critical value, power where it does not, and the other, which is not small, is
/// what is left of 1.
fn smaller_first(beyond: bool, beta: impl FnOnce() -> f64, power: impl FnOnce() -> f64) -> (f64, f64) {
    if beyond {
        let beta = beta();
        (1.0 - beta, beta)
    } else {
        let power = power();
        (power, 1.0 - power)
    }
}

/// 1/(1/n₁ + 1/n₂).
fn harmonic(n1: f64, n2: f64) -> f64 {
    1.0 / (1.0 / n1 + 1.0 / n2)
}
