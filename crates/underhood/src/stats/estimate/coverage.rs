//! How often intervals hold the true value, by drawing many samples from a distribution whose parameter is known.

use super::interval::IntervalSide;
use super::quantile::ranks;
use super::variance::spread_factors;
use crate::check;
use crate::distributions::{Distribution, StudentT};
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::stats::moments::Moments;
use crate::stats::select::order_statistics;
use crate::stats::test::check_level;

const NAME: &str = "coverage";

/// Whose intervals are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Covered {
    /// Student's interval of the mean.
    #[default]
    Mean,
    /// The interval of the median between order statistics.
    Median,
    /// The χ² interval of the variance.
    Variance,
    /// The χ² interval of the standard deviation.
    Std,
}

impl Covered {
    /// Their names.
    pub const NAMES: [&str; 4] = ["mean", "median", "variance", "std"];

    /// The parameter of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`] if the name is none of [`Covered::NAMES`].
    pub fn named(name: &str) -> Result<Covered> {
        match name {
            "mean" => Ok(Covered::Mean),
            "median" => Ok(Covered::Median),
            "variance" => Ok(Covered::Variance),
            "std" => Ok(Covered::Std),
            _ => {
                let allowed = &Covered::NAMES;
                Err(Error::UnknownName { function: NAME, argument: "interval", value: name.into(), allowed })
            }
        }
    }

    fn true_value(self, distribution: &(impl Distribution + ?Sized)) -> f64 {
        match self {
            Covered::Mean => distribution.mean(),
            Covered::Median => distribution.median(),
            Covered::Variance => distribution.variance(),
            Covered::Std => distribution.std(),
        }
    }
}

/// What many intervals did.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The parameter's true value.
    pub true_value: f64,
    /// How many intervals hold it.
    pub hits: usize,
    /// How many lie wholly below it.
    pub below: usize,
    /// How many lie wholly above it.
    pub above: usize,
    /// Mean width of the intervals.
    pub mean_width: f64,
    /// Estimate, lower and upper end of the first of them.
    pub shown: Vec<[f64; 3]>,
}

/// Draws `repeats` samples of `n` from a distribution, makes the interval of each, and counts those that hold the true value.
///
/// A sample without spread (all values equal, from a discrete distribution) has an interval of width zero at its mean. Estimates and ends of the
/// first `shown` intervals are kept. `checkpoint` is called now and then; an error from it ends the simulation.
///
/// # Errors
/// If the true value is not finite, `n` is too small for such an interval, `repeats` is 0 or the level no probability; and what `checkpoint` returns.
#[expect(clippy::too_many_arguments, reason = "what is drawn, what is made of it, how often, and who may stop it")]
pub fn coverage<D: Distribution + ?Sized, E: From<Error>>(
    distribution: &D,
    covered: Covered,
    n: usize,
    repeats: usize,
    level: f64,
    stream: &mut Stream,
    shown: usize,
    mut checkpoint: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Coverage, E> {
    const BETWEEN_CHECKPOINTS: usize = 1 << 16;
    check_level(NAME, level)?;
    let least = if covered == Covered::Median { 1 } else { 2 };
    check::in_range(NAME, "n", n as f64, n >= least, if least == 1 { "at least 1" } else { "at least 2" })?;
    check::in_range(NAME, "repeats", repeats as f64, repeats > 0, "at least 1")?;
    check::room(NAME, "sample", &[n])?;
    let true_value = covered.true_value(distribution);
    if !true_value.is_finite() {
        let problem = format!("has the parameter {true_value}, which no interval can hold");
        return Err(Error::Invalid { function: NAME, argument: "distribution", problem }.into());
    }
    let rule = Rule::new(covered, n, level)?;
    let mut found = Coverage { true_value, hits: 0, below: 0, above: 0, mean_width: 0.0, shown: Vec::new() };
    let (mut sample, mut memory, mut drawn) = (vec![0.0; n], Vec::new(), 0);
    for done in 1..=repeats {
        distribution.fill(stream, &mut sample);
        let [estimate, low, high] = rule.interval(&sample, &mut memory);
        if high < true_value {
            found.below += 1;
        } else if low > true_value {
            found.above += 1;
        } else {
            found.hits += 1;
        }
        found.mean_width += ((high - low) - found.mean_width) / done as f64;
        if found.shown.len() < shown {
            found.shown.push([estimate, low, high]);
        }
        drawn += n;
        if drawn >= BETWEEN_CHECKPOINTS {
            drawn = 0;
            checkpoint()?;
        }
    }
    Ok(found)
}

/// How intervals of samples of one size are made: the quantiles are computed once.
enum Rule {
    /// x̄ ± reach·s.
    Mean { reach: f64 },
    /// s times two factors, which are squared for the variance.
    Spread { factors: (f64, f64), squared: bool },
    /// Places of the lower end, of the one or two values in the middle, and of the upper end; and all of them once, in ascending order.
    Median { wanted: [usize; 4], places: Vec<usize> },
}

impl Rule {
    fn new(covered: Covered, n: usize, level: f64) -> Result<Rule> {
        let (count, df, tail) = (n as f64, n as f64 - 1.0, 0.5 * (1.0 - level));
        if matches!(covered, Covered::Variance | Covered::Std) {
            let factors = spread_factors(df, (tail, tail))?;
            return Ok(Rule::Spread { factors, squared: covered == Covered::Variance });
        }
        if covered == Covered::Mean {
            return Ok(Rule::Mean { reach: StudentT::standard(df)?.isf(tail) / count.sqrt() });
        }
        let (ranks, _) = ranks(NAME, n, 0.5, level, IntervalSide::Both).map_err(|refusal| match refusal {
            Error::TooFew { found, needed, .. } => {
                let expected = format!("at least {needed} for an interval of the median at this level");
                Error::OutOfRange { function: NAME, argument: "n", value: found as f64, expected }
            }
            other => other,
        })?;
        let wanted = [ranks.0.unwrap_or(1), n.div_ceil(2), n / 2 + 1, ranks.1.unwrap_or(n)].map(|rank| rank - 1);
        let mut places = wanted.to_vec();
        places.sort_unstable();
        places.dedup();
        Ok(Rule::Median { wanted, places })
    }

    /// Estimate, lower and upper end.
    fn interval(&self, sample: &[f64], memory: &mut Vec<i64>) -> [f64; 3] {
        match self {
            Rule::Mean { reach } => {
                let moments = Moments::of_slice(sample);
                let (mean, reach) = (moments.mean(), reach * moments.std(1));
                [mean, mean - reach, mean + reach]
            }
            Rule::Spread { factors, squared } => {
                let std = Moments::of_slice(sample).std(1);
                [1.0, factors.0, factors.1].map(|factor| if *squared { (std * factor).powi(2) } else { std * factor })
            }
            Rule::Median { wanted, places } => {
                let values = order_statistics(sample, places, memory);
                let [low, left, right, high] =
                    wanted.map(|place| places.binary_search(&place).map_or(f64::NAN, |i| values[i]));
                [0.5 * left + 0.5 * right, low, high]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributions::{Exponential, Normal};

    fn watched(distribution: &dyn Distribution, covered: Covered, n: usize) -> Coverage {
        let unhindered = || Ok::<(), Error>(());
        coverage(distribution, covered, n, 20_000, 0.9, &mut Stream::seeded(5), 3, unhindered).unwrap()
    }

    #[test]
    fn intervals_of_normal_samples_keep_their_promise() {
        let normal = Normal::new(10.0, 3.0).unwrap();
        for (covered, truth) in [(Covered::Mean, 10.0), (Covered::Variance, 9.0), (Covered::Std, 3.0)] {
            let found = watched(&normal, covered, 8);
            assert_eq!((found.true_value, found.hits + found.below + found.above), (truth, 20_000));
            // Five standard errors of √(0.9·0.1/20,000).
            assert!((found.hits as f64 / 20_000.0 - 0.9).abs() < 0.0106, "{covered:?} {found:?}");
            assert!((found.below as f64 / 20_000.0 - 0.05).abs() < 0.008);
            assert_eq!(found.shown.len(), 3);
        }
        // Of 8 values the second and the seventh enclose the median with probability 1 − 18/256.
        let found = watched(&normal, Covered::Median, 8);
        assert!((found.hits as f64 / 20_000.0 - (1.0 - 18.0 / 256.0)).abs() < 0.009);
    }

    #[test]
    fn skewed_populations_break_the_promise_of_the_variance() {
        let found = watched(&Exponential::new(1.0).unwrap(), Covered::Variance, 50);
        assert!(found.hits < 15_000);
    }

    #[test]
    fn what_cannot_be_watched_is_refused() {
        let refused = |covered, n, repeats| {
            let unhindered = || Ok::<(), Error>(());
            let stream = &mut Stream::seeded(1);
            coverage(&Normal::standard(), covered, n, repeats, 0.95, stream, 0, unhindered).unwrap_err().to_string()
        };
        assert_eq!(refused(Covered::Mean, 1, 10), "coverage: n is 1, but must be at least 2");
        assert_eq!(
            refused(Covered::Median, 5, 10),
            "coverage: n is 5, but must be at least 6 for an interval of the median at this level"
        );
        assert_eq!(refused(Covered::Std, 5, 0), "coverage: repeats is 0, but must be at least 1");
    }
}
