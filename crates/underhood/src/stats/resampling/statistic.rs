//! The statistics that are computed natively.

use ndarray::ArrayView1;

use crate::check;
use crate::error::{Error, Result};
use crate::simd::dot;
use crate::stats::moments::{Moments, exponent_of, times_power_of_two};
use crate::stats::quantile::{QuantileMethod, quantiles_without_missing};

/// A statistic of one sample, of two, or of pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Statistic {
    /// x̄ = Σx/n.
    Mean,
    /// The middle value, or the mean of the two in the middle.
    Median,
    /// The quantile at this probability, linear between values.
    Quantile(f64),
    /// The distance between the quartiles.
    Iqr,
    /// The mean of what is left when this share of the values is cut off at each end.
    TrimMean(f64),
    /// Σ(x − x̄)²/(n − ddof).
    Var(usize),
    /// The root of that.
    Std(usize),
    /// g₁ = m₃/m₂^(3/2).
    Skew,
    /// g₂ = m₄/m₂² − 3.
    Kurtosis,
    /// The mean of the first sample less that of the second.
    MeanDifference,
    /// The median of the first sample less that of the second.
    MedianDifference,
    /// Pearson's r of pairs.
    Correlation,
}

impl Statistic {
    /// The names: NumPy's and SciPy's where they have the function.
    pub const NAMES: [&str; 12] = [
        "mean",
        "median",
        "quantile",
        "iqr",
        "trim_mean",
        "var",
        "std",
        "skew",
        "kurtosis",
        "mean_difference",
        "median_difference",
        "correlation",
    ];

    /// The statistic of a name. `parameter` is the probability of a quantile (there is no default), the share that a trimmed mean cuts off (0.1), or the
    /// `ddof` of a variance or standard deviation (1).
    ///
    /// # Errors
    /// [`Error::UnknownName`], [`Error::OutOfRange`] for a parameter that makes no sense, [`Error::Invalid`] if one is missing or there is none.
    pub fn named(function: &'static str, name: &str, parameter: Option<f64>) -> Result<Statistic> {
        let argument = "statistic";
        let invalid = |problem: String| Error::Invalid { function, argument, problem };
        let ddof = |given: Option<f64>| {
            let ddof = given.unwrap_or(1.0);
            let fine = ddof >= 0.0 && ddof.fract() == 0.0 && ddof < 1e9;
            check::in_range(function, "ddof of the statistic", ddof, fine, "a whole number, at least 0")?;
            Ok(ddof as usize)
        };
        let found = match name {
            "quantile" => {
                let q = parameter.ok_or_else(|| {
                    invalid("is \"quantile\" without a probability; pass (\"quantile\", 0.9), for example".into())
                })?;
                check::in_range(
                    function,
                    "probability of the quantile",
                    q,
                    (0.0..=1.0).contains(&q),
                    "between 0 and 1",
                )?;
                return Ok(Statistic::Quantile(q));
            }
            "trim_mean" => {
                let share = parameter.unwrap_or(0.1);
                let fine = (0.0..0.5).contains(&share);
                check::in_range(function, "share that trim_mean cuts off", share, fine, "at least 0 and below 0.5")?;
                return Ok(Statistic::TrimMean(share));
            }
            "var" => return Ok(Statistic::Var(ddof(parameter)?)),
            "std" => return Ok(Statistic::Std(ddof(parameter)?)),
            "mean" => Statistic::Mean,
            "median" => Statistic::Median,
            "iqr" => Statistic::Iqr,
            "skew" => Statistic::Skew,
            "kurtosis" => Statistic::Kurtosis,
            "mean_difference" => Statistic::MeanDifference,
            "median_difference" => Statistic::MedianDifference,
            "correlation" => Statistic::Correlation,
            _ => return Err(Error::UnknownName { function, argument, value: name.into(), allowed: &Statistic::NAMES }),
        };
        match parameter {
            None => Ok(found),
            Some(_) => Err(invalid(format!("is {name:?} with a parameter, but {name} has none"))),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let place = match self {
            Statistic::Mean => 0,
            Statistic::Median => 1,
            Statistic::Quantile(_) => 2,
            Statistic::Iqr => 3,
            Statistic::TrimMean(_) => 4,
            Statistic::Var(_) => 5,
            Statistic::Std(_) => 6,
            Statistic::Skew => 7,
            Statistic::Kurtosis => 8,
            Statistic::MeanDifference => 9,
            Statistic::MedianDifference => 10,
            Statistic::Correlation => 11,
        };
        Statistic::NAMES[place]
    }

    /// How many samples it is of.
    pub fn samples(self) -> usize {
        match self {
            Statistic::MeanDifference | Statistic::MedianDifference | Statistic::Correlation => 2,
            _ => 1,
        }
    }

    /// Values that a sample needs for the statistic to be a number.
    pub(super) fn needs(self) -> usize {
        match self {
            Statistic::Var(ddof) | Statistic::Std(ddof) => ddof + 1,
            Statistic::Skew | Statistic::Kurtosis | Statistic::Correlation => 2,
            _ => 1,
        }
    }

    /// The statistic when every value is multiplied by 2ᵏ, from that of the values as they are.
    fn in_unit(self, value: f64, k: i32) -> f64 {
        match self {
            Statistic::Var(_) => times_power_of_two(value, 2 * k),
            Statistic::Skew | Statistic::Kurtosis | Statistic::Correlation => value,
            _ => times_power_of_two(value, k),
        }
    }

    /// Of finite samples, as many as it takes, each long enough. NaN where it has no value, as the skewness of a constant sample.
    pub(super) fn of(self, samples: &[&[f64]]) -> f64 {
        let x = samples[0];
        match self {
            Statistic::Mean => Moments::of_slice(x).mean(),
            Statistic::Var(ddof) => Moments::of_slice(x).variance(ddof),
            Statistic::Std(ddof) => Moments::of_slice(x).std(ddof),
            Statistic::Skew => Moments::of_slice(x).skewness(true),
            Statistic::Kurtosis => Moments::of_slice(x).kurtosis(true),
            Statistic::Median => quantiles(x, &[0.5])[0],
            Statistic::Quantile(q) => quantiles(x, &[q])[0],
            Statistic::Iqr => {
                let quartiles = quantiles(x, &[0.25, 0.75]);
                quartiles[1] - quartiles[0]
            }
            Statistic::TrimMean(share) => {
                let mut sorted = x.to_vec();
                sorted.sort_unstable_by(f64::total_cmp);
                trimmed(&sorted, share)
            }
            Statistic::MeanDifference => Moments::of_slice(x).mean_difference(&Moments::of_slice(samples[1])),
            Statistic::MedianDifference => quantiles(x, &[0.5])[0] - quantiles(samples[1], &[0.5])[0],
            Statistic::Correlation => correlation(x, samples[1]),
        }
    }
}

fn quantiles(x: &[f64], q: &[f64]) -> Vec<f64> {
    quantiles_without_missing(x, q, QuantileMethod::Linear, &mut Vec::new())
}

/// How many values are cut off at each end of n.
pub(super) fn cut_off(n: usize, share: f64) -> usize {
    (share * n as f64) as usize
}

/// The trimmed mean of sorted values.
pub(super) fn trimmed(sorted: &[f64], share: f64) -> f64 {
    let cut = cut_off(sorted.len(), share);
    Moments::of_slice(&sorted[cut..sorted.len() - cut]).mean()
}

/// Pearson's r; NaN if either is constant.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    match (unit(x), unit(y)) {
        (Some(u), Some(v)) => dot(&u, &v).clamp(-1.0, 1.0),
        _ => f64::NAN,
    }
}

/// Deviations from the mean, divided by the length of their vector; none if there are no deviations.
pub(super) fn unit(x: &[f64]) -> Option<Vec<f64>> {
    let moments = Moments::of_slice(x);
    if moments.min() == moments.max() {
        return None;
    }
    let mut deviations = x.to_vec();
    moments.centre(&mut deviations);
    let length = dot(&deviations, &deviations).sqrt();
    deviations.iter_mut().for_each(|d| *d /= length);
    Some(deviations)
}

/// Samples in a form that resamples can be computed from without overflow and without loss to a large common offset: divided by a power of two, and the mean
/// of the first sample taken away; for a correlation each by itself, with its deviations made a vector of length 1.
pub(super) struct Prepared {
    pub(super) samples: Vec<Vec<f64>>,
    exponent: i32,
    /// What a statistic of location is to be added to.
    location: f64,
}

impl Prepared {
    /// Of finite samples, each with a value.
    pub(super) fn new(statistic: Statistic, samples: Vec<Vec<f64>>) -> Prepared {
        let mut prepared = Prepared::in_place(statistic, samples);
        if statistic == Statistic::Correlation {
            return prepared;
        }
        let common = Moments::of_slice(&prepared.samples[0]).mean();
        prepared.samples.iter_mut().flatten().for_each(|v| *v -= common);
        if let Statistic::Mean | Statistic::Median | Statistic::Quantile(_) | Statistic::TrimMean(_) = statistic {
            prepared.location = common;
        }
        prepared
    }

    /// The same, but where they lie: signs stay those of the values.
    pub(super) fn in_place(statistic: Statistic, mut samples: Vec<Vec<f64>>) -> Prepared {
        if statistic == Statistic::Correlation {
            let samples = samples.iter().map(|x| unit(x).unwrap_or_else(|| vec![0.0; x.len()])).collect();
            return Prepared { samples, exponent: 0, location: 0.0 };
        }
        let largest = samples.iter().flatten().fold(0.0_f64, |most, v| most.max(v.abs()));
        let exponent = if largest == 0.0 { 0 } else { exponent_of(largest) };
        samples.iter_mut().flatten().for_each(|v| *v = times_power_of_two(*v, -exponent));
        Prepared { samples, exponent, location: 0.0 }
    }

    /// Puts values of the prepared samples back into the unit of the data, and where the data lie.
    pub(super) fn restore(&self, statistic: Statistic, values: &mut [f64]) {
        if self.location != 0.0 {
            values.iter_mut().for_each(|v| *v += self.location);
        }
        if self.exponent != 0 {
            values.iter_mut().for_each(|v| *v = statistic.in_unit(*v, self.exponent));
        }
    }
}

/// Refuses what the statistic cannot be computed from; puts differences in the place of pairs whose mean difference is asked for.
pub(super) fn read(
    function: &'static str,
    statistic: Statistic,
    samples: &[ArrayView1<'_, f64>],
    paired: bool,
) -> Result<(Statistic, Vec<Vec<f64>>)> {
    const ARGUMENT: &str = "data";
    if samples.len() != statistic.samples() {
        let has = match samples.len() {
            1 => "one sample".into(),
            n => format!("{n} samples"),
        };
        let needed = if statistic.samples() == 1 { "one" } else { "two" };
        let problem = format!("has {has}, but {} is a statistic of {needed}", statistic.name());
        return Err(Error::Invalid { function, argument: ARGUMENT, problem });
    }
    for sample in samples {
        check::at_least(function, ARGUMENT, "values", sample.len(), statistic.needs())?;
        // Indices have 32 bits.
        let few = sample.len() <= u32::MAX as usize;
        check::in_range(function, "number of values of data", sample.len() as f64, few, "below 2³²")?;
        check::finite_vector(function, ARGUMENT, *sample)?;
    }
    if let [x, y] = samples
        && (paired || statistic == Statistic::Correlation)
    {
        check::same_length(function, ("the second sample of data", y.len()), ("the first", x.shape()))?;
        if statistic == Statistic::MeanDifference {
            let differences: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - y).collect();
            check::finite_vector(function, "the difference of the samples of data", ArrayView1::from(&differences))?;
            return Ok((Statistic::Mean, vec![differences]));
        }
    }
    Ok((statistic, samples.iter().map(|x| x.to_vec()).collect()))
}
