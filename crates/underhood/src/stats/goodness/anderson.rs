//! Anderson's and Darling's test of a family whose parameters are estimated from the sample.
//!
//! A² = −n − Σ (2i − 1)(ln F(x₍ᵢ₎) + ln(1 − F(x₍ₙ₊₁₋ᵢ₎)))/n weighs distances in the tails more than Kolmogorov's (T. W. Anderson and D. A. Darling 1954,
//! doi:10.1080/01621459.1954.10501232). Critical values: M. A. Stephens (1974, doi:10.1080/01621459.1974.10480196; 1977, doi:10.1093/biomet/64.3.583; 1979,
//! doi:10.1093/biomet/66.3.591). p-values: R. B. D'Agostino and M. A. Stephens (1986, *Goodness-of-Fit Techniques*, table 4.9) for the normal;
//! for the others, interpolated between the critical values.

use ndarray::ArrayView1;

use super::sorted::sorted_values;
use crate::distributions::{Distribution, Exponential, Family, Gumbel, Logistic, Normal};
use crate::error::{Error, Result};
use crate::stats::moments::Moments;
use crate::stats::scale::Scaled;
use crate::stats::test::check_sample;

const NAME: &str = "anderson";

/// The families that can be tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AndersonDistribution {
    /// Normal, with mean and standard deviation of the sample.
    Normal,
    /// Exponential from 0 on, with the mean of the sample.
    Exponential,
    /// Logistic, fitted by maximum likelihood.
    Logistic,
    /// Gumbel's for the smallest of many values, fitted by maximum likelihood.
    GumbelLeft,
    /// Gumbel's for the largest of many values, fitted by maximum likelihood.
    GumbelRight,
}

impl AndersonDistribution {
    /// SciPy's names; "gumbel" is `gumbel_l`.
    pub const NAMES: [&str; 6] = ["norm", "expon", "logistic", "gumbel", "gumbel_l", "gumbel_r"];

    /// The family of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`AndersonDistribution::NAMES`].
    pub fn named(name: &str) -> Result<AndersonDistribution> {
        Ok(match name {
            "norm" => AndersonDistribution::Normal,
            "expon" => AndersonDistribution::Exponential,
            "logistic" => AndersonDistribution::Logistic,
            "gumbel" | "gumbel_l" => AndersonDistribution::GumbelLeft,
            "gumbel_r" => AndersonDistribution::GumbelRight,
            _ => {
                return Err(Error::UnknownName {
                    function: NAME,
                    argument: "dist",
                    value: name.into(),
                    allowed: &AndersonDistribution::NAMES,
                });
            }
        })
    }

    /// Significance levels, and the critical values of A² times the factor for n.
    fn table(self, n: f64) -> (&'static [f64], &'static [f64], f64) {
        const FIVE: [f64; 5] = [0.15, 0.1, 0.05, 0.025, 0.01];
        const FROM_QUARTER: [f64; 6] = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005];
        match self {
            AndersonDistribution::Normal => {
                (&FIVE, &[0.561, 0.631, 0.752, 0.873, 1.035], 1.0 + 0.75 / n + 2.25 / (n * n))
            }
            AndersonDistribution::Exponential => (&FIVE, &[0.916, 1.062, 1.321, 1.591, 1.959], 1.0 + 0.6 / n),
            AndersonDistribution::Logistic => {
                (&FROM_QUARTER, &[0.426, 0.563, 0.660, 0.769, 0.906, 1.010], 1.0 + 0.25 / n)
            }
            AndersonDistribution::GumbelLeft | AndersonDistribution::GumbelRight => {
                (&FROM_QUARTER[..5], &[0.474, 0.637, 0.757, 0.877, 1.038], 1.0 + 0.2 / n.sqrt())
            }
        }
    }
}

/// What Anderson's and Darling's test finds.
#[derive(Debug, Clone, PartialEq)]
pub struct AndersonDarling {
    /// A².
    pub statistic: f64,
    /// About the probability of so large an A² if the population is of the family; between the ends of the table, but for the normal.
    pub p_value: f64,
    /// Critical values of A², rounded to three digits as they were published.
    pub critical_values: Vec<f64>,
    /// The probabilities that A² exceeds them.
    pub significance_levels: Vec<f64>,
    /// Location and scale of the fitted member.
    pub parameters: (f64, f64),
    /// How many values.
    pub n: usize,
}

/// Tests whether a sample comes from a population of a family, whose parameters are estimated.
///
/// # Errors
/// [`Error::TooFew`] for fewer than three values, [`Error::NotFinite`] for missing or infinite ones, [`Error::Constant`] if all are the same,
/// [`Error::OutOfRange`] for values of an exponential population that are not positive.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{AndersonDistribution, anderson};
///
/// let x = array![148.0, 154.0, 158.0, 160.0, 161.0, 162.0, 166.0, 170.0, 182.0, 195.0, 236.0];
/// let found = anderson(x.view(), AndersonDistribution::Normal)?;
/// assert!((found.statistic - 0.946767).abs() < 1e-5 && found.p_value < 0.02);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn anderson(x: ArrayView1<'_, f64>, family: AndersonDistribution) -> Result<AndersonDarling> {
    check_sample(NAME, "x", x, 3)?;
    let moments = Moments::of(x);
    if moments.min() == moments.max() {
        let consequence = "it has no shape";
        return Err(Error::Constant { function: NAME, argument: "x", value: x[0], consequence });
    }
    let n = x.len() as f64;
    let scaled = Scaled::new(&[x], 0.0);
    let mut lower = sorted_values(scaled.sample(0).iter().copied());
    let moments = Moments::of_slice(&lower);
    // Standardised: the fitted member's own standard form.
    let mut standardise = |location: f64, scale: f64| lower.iter_mut().for_each(|v| *v = (*v - location) / scale);
    let (location, scale, standard): (f64, f64, Box<dyn Distribution>) = match family {
        AndersonDistribution::Normal => {
            let (mean, std) = (moments.mean(), moments.std(1));
            standardise(mean, std);
            (mean, std, Box::new(Normal::new(0.0, 1.0)?))
        }
        AndersonDistribution::Exponential => {
            if !(moments.min() > 0.0) {
                let expected = "positive: an exponential variable is";
                let value = scaled.up(moments.min());
                return Err(Error::OutOfRange { function: NAME, argument: "x", value, expected: expected.into() });
            }
            let mean = moments.mean();
            standardise(0.0, mean);
            (0.0, mean, Box::new(Exponential::new(1.0)?))
        }
        AndersonDistribution::Logistic => {
            let fitted = Logistic::fit(ArrayView1::from(scaled.sample(0)), &[]).map_err(unfitted)?;
            let (location, scale) = (fitted.distribution.loc(), fitted.distribution.scale());
            standardise(location, scale);
            (location, scale, Box::new(Logistic::new(0.0, 1.0)?))
        }
        AndersonDistribution::GumbelLeft | AndersonDistribution::GumbelRight => {
            // The smallest of many is minus the largest of many.
            let sign = if family == AndersonDistribution::GumbelLeft { -1.0 } else { 1.0 };
            let values: Vec<f64> = scaled.sample(0).iter().map(|v| sign * v).collect();
            let fitted = Gumbel::fit(ArrayView1::from(&values), &[]).map_err(unfitted)?;
            let (location, scale) = (fitted.distribution.loc(), fitted.distribution.scale());
            standardise(sign * location, sign * scale);
            if sign < 0.0 {
                lower.reverse();
            }
            (sign * location, scale, Box::new(Gumbel::new(0.0, 1.0)?))
        }
    };
    let mut upper = lower.clone();
    standard.logcdf_in_place(&mut lower);
    standard.logsf_in_place(&mut upper);
    let terms = lower.iter().zip(upper.iter().rev()).enumerate();
    let weighted: f64 = terms.map(|(i, (below, above))| (2 * i + 1) as f64 / n * (below + above)).sum();
    let statistic = -n - weighted;
    if statistic.is_nan() {
        let problem = "has values so far apart that their fitted probabilities are not numbers".into();
        return Err(Error::Invalid { function: NAME, argument: "x", problem });
    }
    let (levels, critical, factor) = family.table(n);
    let p_value = match family {
        AndersonDistribution::Normal => of_normal(statistic * factor),
        _ => interpolated(statistic * factor, critical, levels),
    };
    Ok(AndersonDarling {
        statistic,
        p_value,
        critical_values: critical.iter().map(|value| (value / factor * 1e3).round() / 1e3).collect(),
        significance_levels: levels.to_vec(),
        parameters: (scaled.up(location), scaled.up(scale)),
        n: x.len(),
    })
}

/// A refusal of the fit, which knows the sample by another name.
fn unfitted(error: Error) -> Error {
    Error::Invalid { function: NAME, argument: "x", problem: format!("cannot be fitted ({error})") }
}

/// D'Agostino's and Stephens' formulas for A²·(1 + 0.75/n + 2.25/n²); beyond 10 they are not made for.
fn of_normal(a: f64) -> f64 {
    let a = a.min(10.0);
    if a < 0.2 {
        -(-13.436 + 101.14 * a - 223.73 * a * a).exp_m1()
    } else if a < 0.34 {
        -(-8.318 + 42.796 * a - 59.938 * a * a).exp_m1()
    } else if a < 0.6 {
        (0.9177 - 4.279 * a - 1.38 * a * a).exp()
    } else {
        (1.2937 - 5.709 * a + 0.0186 * a * a).exp()
    }
}

/// ln p as a line between the critical values; the ends of the table beyond them.
fn interpolated(a: f64, critical: &[f64], levels: &[f64]) -> f64 {
    let Some(after) = critical.iter().position(|value| a < *value) else { return levels[levels.len() - 1] };
    if after == 0 {
        return levels[0];
    }
    let share = (a - critical[after - 1]) / (critical[after] - critical[after - 1]);
    levels[after - 1] * (levels[after] / levels[after - 1]).powf(share)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn p_values_meet_the_table() {
        // Stephens' critical values for the normal have these probabilities, to the two or three digits of either.
        for (value, level) in [(0.561, 0.15), (0.631, 0.1), (0.752, 0.05), (0.873, 0.025), (1.035, 0.01)] {
            assert_relative_eq!(of_normal(value), level, max_relative = 0.02);
        }
        let (levels, critical, _) = AndersonDistribution::Logistic.table(10.0);
        assert_relative_eq!(interpolated(0.660, critical, levels), 0.05, max_relative = 1e-12);
        assert_eq!(interpolated(0.1, critical, levels), 0.25);
        assert_eq!(interpolated(9.0, critical, levels), 0.005);
    }

    #[test]
    fn mirrored_samples_change_the_gumbels() {
        let x: Array1<f64> = (1..30).map(|i| f64::from(i * i % 31) + 1.0).collect();
        let left = anderson(x.view(), AndersonDistribution::GumbelLeft).unwrap();
        let right = anderson((-&x).view(), AndersonDistribution::GumbelRight).unwrap();
        assert_relative_eq!(left.statistic, right.statistic, max_relative = 1e-12);
        assert_relative_eq!(left.parameters.0, -right.parameters.0, max_relative = 1e-12);
    }

    #[test]
    fn bad_samples_are_named() {
        let test = |x: Array1<f64>, family| anderson(x.view(), family).unwrap_err().to_string();
        assert!(
            test(array![1.0, 0.0, 2.0], AndersonDistribution::Exponential).contains("x is 0, but must be positive")
        );
        assert!(test(Array1::ones(4), AndersonDistribution::Normal).contains("constant"));
        assert!(AndersonDistribution::named("uniform").is_err());
    }
}
