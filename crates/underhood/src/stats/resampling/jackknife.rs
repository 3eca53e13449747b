//! The jackknife: the statistic with each value left out in turn.
//!
//! M. H. Quenouille (1949, doi:10.1111/j.2517-6161.1949.tb00023.x) for the bias, J. W. Tukey (1958, doi:10.1214/aoms/1177706647) for the standard error and
//! the interval from pseudo-values.

use ndarray::ArrayView1;

use super::statistic::{Prepared, Statistic, cut_off, read};
use super::{lanes, order};
use crate::check;
use crate::distributions::{Distribution, StudentT};
use crate::error::{Error, Result};
use crate::stats::moments::Moments;
use crate::stats::test::{Alternative, check_level};

/// What a jackknife finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    /// The statistic of the whole sample.
    pub estimate: f64,
    /// (n − 1)(θ̄ − θ̂), θ̄ the mean of `values`.
    pub bias: f64,
    /// √((n − 1)/n · Σ(θᵢ − θ̄)²).
    pub standard_error: f64,
    /// estimate − bias ± Student's t with n − 1 degrees of freedom times the standard error.
    pub confidence_interval: (f64, f64),
    /// The statistic without each value in turn.
    pub values: Vec<f64>,
}

impl Jackknife {
    /// Judges the statistics that somebody else computed.
    ///
    /// # Errors
    /// [`Error::TooFew`] for fewer than two, [`Error::NotFinite`] if one has no value, [`Error::OutOfRange`] for a level that is no probability.
    pub fn of(estimate: f64, values: Vec<f64>, level: f64) -> Result<Jackknife> {
        const NAME: &str = "jackknife";
        check_level(NAME, level)?;
        check::at_least(NAME, "data", "values", values.len(), 2)?;
        if let Some(index) = values.iter().position(|v| !v.is_finite()) {
            let problem =
                format!("has no finite value ({}) when the value at index {index} is left out", values[index]);
            return Err(Error::Invalid { function: NAME, argument: "statistic", problem });
        }
        let n = values.len() as f64;
        let moments = Moments::of_slice(&values);
        let bias = (n - 1.0) * moments.mean_from(estimate);
        let standard_error = (n - 1.0).sqrt() * moments.std(0);
        let student = StudentT::standard(n - 1.0)?;
        let confidence_interval =
            Alternative::TwoSided.interval(estimate - bias, standard_error, |tail| student.ppf(tail), level);
        Ok(Jackknife { estimate, bias, standard_error, confidence_interval, values })
    }
}

/// The jackknife of a statistic of one sample, or of pairs.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::NotFinite`] for NaN or infinities, [`Error::Invalid`] for a wrong number of samples, for two that are
/// not paired, or for a statistic without a value; [`Error::OutOfRange`] for a level that is no probability.
///
/// ```
/// use ndarray::array;
/// use underhood::stats::{Statistic, jackknife};
///
/// let found = jackknife(&[array![1.0, 2.0, 4.0, 9.0].view()], Statistic::Var(0), 0.95)?;
/// // The variance with divisor n is too small by σ²/n, and the jackknife knows.
/// assert!((found.estimate - found.bias - 38.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn jackknife(samples: &[ArrayView1<'_, f64>], statistic: Statistic, level: f64) -> Result<Jackknife> {
    const NAME: &str = "jackknife";
    let (statistic, samples) = read(NAME, statistic, samples, true)?;
    check::at_least(NAME, "data", "values", samples[0].len(), statistic.needs().max(1) + 1)?;
    let estimate = estimate(NAME, statistic, &samples)?;
    let prepared = Prepared::new(statistic, samples);
    let mut values = leave_one_out(statistic, &prepared.samples, true).swap_remove(0);
    prepared.restore(statistic, &mut values);
    Jackknife::of(estimate, values, level)
}

/// The statistic of the whole sample, which has to be a number.
pub(super) fn estimate(function: &'static str, statistic: Statistic, samples: &[Vec<f64>]) -> Result<f64> {
    let slices: Vec<&[f64]> = samples.iter().map(Vec::as_slice).collect();
    let value = statistic.of(&slices);
    if value.is_finite() {
        return Ok(value);
    }
    if value.is_nan()
        && let Some(x) = samples.iter().find(|x| x.iter().all(|v| *v == x[0]))
    {
        let consequence = match statistic {
            Statistic::Correlation => "it is correlated with nothing",
            _ => "it has no shape",
        };
        return Err(Error::Constant { function, argument: "data", value: x[0], consequence });
    }
    let problem = format!("has values so large that their {} is beyond the largest double", statistic.name());
    Err(Error::Invalid { function, argument: "data", problem })
}

/// For each sample (for pairs: once) the statistic without each of its values in turn. Of two independent samples the part of the other one is left away:
/// a constant.
pub(super) fn leave_one_out(statistic: Statistic, samples: &[Vec<f64>], paired: bool) -> Vec<Vec<f64>> {
    let minus = |values: Vec<f64>| values.into_iter().map(|v| -v).collect::<Vec<f64>>();
    match (statistic, samples) {
        (Statistic::Correlation, [u, v, ..]) => vec![correlations(u, v)],
        (Statistic::MeanDifference, [x, y, ..]) => {
            vec![lanes::leave_one_out(Statistic::Mean, x), minus(lanes::leave_one_out(Statistic::Mean, y))]
        }
        (Statistic::MedianDifference, [x, y, ..]) => {
            let (first, second) = (in_place(Statistic::Median, x), minus(in_place(Statistic::Median, y)));
            if paired { vec![first.into_iter().zip(second).map(|(x, y)| x + y).collect()] } else { vec![first, second] }
        }
        (Statistic::Median | Statistic::Quantile(_) | Statistic::Iqr | Statistic::TrimMean(_), [x, ..]) => {
            vec![in_place(statistic, x)]
        }
        (_, [x, ..]) => vec![lanes::leave_one_out(statistic, x)],
        (_, []) => Vec::new(),
    }
}

/// Statistics of the order, in the order of the sample.
fn in_place(statistic: Statistic, x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&i, &j| x[i].total_cmp(&x[j]));
    let sorted: Vec<f64> = order.iter().map(|&i| x[i]).collect();
    let by_rank = match statistic {
        Statistic::TrimMean(share) => trimmed(share, &sorted),
        _ => order::leave_one_out(statistic, &sorted),
    };
    let mut values = vec![0.0; x.len()];
    order.iter().zip(by_rank).for_each(|(&i, value)| values[i] = value);
    values
}

/// What is between the cuts of n − 1 values lies, in all n of them, in a range that is longer by one: without the one left out if that is inside, else without
/// the end next to it.
fn trimmed(share: f64, sorted: &[f64]) -> Vec<f64> {
    let rest = sorted.len() - 1;
    let cut = cut_off(rest, share);
    let kept = (rest - 2 * cut) as f64;
    let sum: f64 = sorted[cut..=rest - cut].iter().sum();
    (0..sorted.len()).map(|i| (sum - sorted[i.clamp(cut, rest - cut)]) / kept).collect()
}

/// Pearson's r without each pair, from deviations of length 1: Σuv loses uᵢvᵢ, and both means move.
fn correlations(u: &[f64], v: &[f64]) -> Vec<f64> {
    let n = u.len() as f64;
    let grow = n / (n - 1.0);
    let products: f64 = u.iter().zip(v).map(|(u, v)| u * v).sum();
    let without = |i: usize| {
        let (left_u, left_v) = (1.0 - grow * u[i] * u[i], 1.0 - grow * v[i] * v[i]);
        if left_u.min(left_v) < 1e-4 {
            let others = |x: &[f64]| x.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, v)| *v).collect::<Vec<_>>();
            return Statistic::Correlation.of(&[&others(u), &others(v)]);
        }
        ((products - grow * u[i] * v[i]) / (left_u.sqrt() * left_v.sqrt())).clamp(-1.0, 1.0)
    };
    (0..u.len()).map(without).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayView1, array};

    use super::*;

    #[test]
    fn short_cuts_leave_out_what_a_loop_would() {
        let x = [3.0, -1.0, 4.0, 1.5, 5.0, -9.0, 2.6, 5.3];
        let y = [2.0, 7.0, 1.0, 8.0, 2.8, 1.8, 2.84, 5.9];
        let one = [
            Statistic::Mean,
            Statistic::Median,
            Statistic::Quantile(0.3),
            Statistic::Iqr,
            Statistic::TrimMean(0.2),
            Statistic::Var(1),
            Statistic::Std(0),
            Statistic::Skew,
            Statistic::Kurtosis,
        ];
        let two = [Statistic::MeanDifference, Statistic::MedianDifference, Statistic::Correlation];
        let without = |x: &[f64], i: usize| -> Vec<f64> { [&x[..i], &x[i + 1..]].concat() };
        for statistic in one.into_iter().chain(two) {
            let samples = [ArrayView1::from(&x[..]), ArrayView1::from(&y[..])];
            let found = jackknife(&samples[..statistic.samples()], statistic, 0.95).unwrap();
            for (i, value) in found.values.iter().enumerate() {
                let (x, y) = (without(&x, i), without(&y, i));
                let expected = statistic.of(&[x.as_slice(), y.as_slice()][..statistic.samples()]);
                assert!((value - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{statistic:?}, {i}");
            }
        }
        // One value holds nearly all of the spread: what is left has to be computed anew.
        let far = [1.0, 2.0, 4.0, 1e9];
        let found = jackknife(&[ArrayView1::from(&far[..])], Statistic::Var(1), 0.95).unwrap();
        assert!((found.values[3] - 7.0 / 3.0).abs() < 1e-6, "{:?}", found.values);
        // Fourth powers cancel long before squares do.
        for (large, second) in [(1000.0, 2.0), (300.0, 2.0), (70.0, 9.0)] {
            let mut stream = crate::random::Stream::seeded(4);
            let x: Vec<f64> = (0..200).map(|_| stream.normal()).chain([large, second]).collect();
            for statistic in [Statistic::Skew, Statistic::Kurtosis] {
                let found = jackknife(&[ArrayView1::from(&x[..])], statistic, 0.95).unwrap();
                for (i, value) in found.values.iter().enumerate() {
                    let expected = statistic.of(&[&without(&x, i)]);
                    assert!((value - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{statistic:?}, {large}, {i}");
                }
            }
        }
    }

    #[test]
    fn the_jackknife_of_a_mean_is_the_t_interval() {
        let x = array![5.1, 4.9, 5.6, 5.3, 6.0];
        let found = jackknife(&[x.view()], Statistic::Mean, 0.95).unwrap();
        let test = crate::stats::ttest_1samp(x.view(), 0.0, Alternative::TwoSided, 0.95).unwrap();
        assert!((found.standard_error - test.standard_error).abs() < 1e-14 && found.bias.abs() < 1e-13);
        assert!((found.confidence_interval.0 - test.confidence_interval.0).abs() < 1e-13);
        assert!(jackknife(&[array![1.0].view()], Statistic::Mean, 0.95).is_err());
        assert!(jackknife(&[array![1.0, 1.0, 1.0].view()], Statistic::Skew, 0.95).is_err());
        assert!(jackknife(&[array![1.0, 1.0, 2.0].view()], Statistic::Skew, 0.95).is_err());
    }
}
