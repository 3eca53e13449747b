//! The bootstrap: samples drawn from the sample, with replacement.
//!
//! B. Efron (1979, doi:10.1214/aos/1176344552). A statistic that is known by name is computed for many resamples at once (`means`, `order`, `lanes`), in
//! chunks with a stream of their own; what the statistic of a caller needs is in [`Resampler`] and [`Bootstrap::of`].

use std::result::Result;

use ndarray::{Array2, ArrayView1};

use super::indices::{Indices, Row};
use super::interval::{BootstrapMethod, interval};
use super::jackknife::{estimate, leave_one_out};
use super::lanes;
use super::means::Means;
use super::order;
use super::statistic::{Prepared, Statistic, read};
use crate::check;
use crate::error::Error;
use crate::random::Stream;
use crate::random::source::LANES;
use crate::stats::moments::Moments;
use crate::stats::test::{Alternative, check_level};

const NAME: &str = "bootstrap";
/// About so many values are drawn in a chunk, and between two calls of a checkpoint so many chunks' worth.
const CHUNK: usize = 1 << 19;
const BETWEEN_CHECKPOINTS: usize = 16;

/// What is asked of a bootstrap beside data and statistic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootstrapOptions {
    /// How many resamples.
    pub n_resamples: usize,
    /// Level of the interval.
    pub confidence_level: f64,
    /// Which ends the interval has: `Less` has only an upper one, `Greater` only a lower one.
    pub alternative: Alternative,
    /// How the interval is made.
    pub method: BootstrapMethod,
    /// Whether the values of two samples belong together.
    pub paired: bool,
}

impl Default for BootstrapOptions {
    fn default() -> Self {
        BootstrapOptions {
            n_resamples: 9999,
            confidence_level: 0.95,
            alternative: Alternative::TwoSided,
            method: BootstrapMethod::Bca,
            paired: false,
        }
    }
}

/// What a bootstrap finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// The statistic of the sample.
    pub estimate: f64,
    /// The standard deviation of the distribution.
    pub standard_error: f64,
    /// The mean of the distribution less the estimate.
    pub bias: f64,
    /// The interval.
    pub confidence_interval: (f64, f64),
    /// At which probabilities it cuts the distribution.
    pub probabilities: (f64, f64),
    /// BCa's z₀ and acceleration a.
    pub correction: Option<(f64, f64)>,
    /// The statistic of every resample that has one.
    pub distribution: Vec<f64>,
    /// How many resamples have none (the correlation of a constant, say).
    pub undefined: usize,
}

impl Bootstrap {
    /// Judges a distribution that somebody else drew. `left_out` has for each sample the statistic without each of its values; only BCa looks at it.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a level that is no probability, [`Error::Invalid`] if more than half of the resamples have no value, or BCa cannot be used.
    pub fn of(
        estimate: f64,
        mut distribution: Vec<f64>,
        left_out: &[Vec<f64>],
        options: BootstrapOptions,
    ) -> Result<Bootstrap, Error> {
        check_level(NAME, options.confidence_level)?;
        let drawn = distribution.len();
        if distribution.iter().any(|v| !v.is_finite()) {
            distribution.retain(|v| v.is_finite());
        }
        let undefined = drawn - distribution.len();
        if undefined > drawn / 2 || distribution.len() < 2 {
            let problem = format!("has a value in only {} of {drawn} resamples", distribution.len());
            return Err(Error::Invalid { function: NAME, argument: "statistic", problem });
        }
        let BootstrapOptions { method, alternative, confidence_level, .. } = options;
        let found = interval(estimate, &distribution, left_out, method, alternative, confidence_level)?;
        let moments = Moments::of_slice(&distribution);
        Ok(Bootstrap {
            estimate,
            standard_error: moments.std(1),
            bias: moments.mean_from(estimate),
            confidence_interval: found.ends,
            probabilities: found.probabilities,
            correction: found.correction,
            distribution,
            undefined,
        })
    }
}

/// Standard error, bias and confidence interval of a statistic from resamples of the sample.
///
/// Two samples are resampled independently of each other, or in pairs. `checkpoint` is called now and then; an error from it ends the bootstrap.
///
/// # Errors
/// If there are too few values or resamples, a value is not finite, the statistic has no value, or the method cannot be used; and what `checkpoint` returns.
///
/// ```
/// use ndarray::array;
/// use underhood::random::Stream;
/// use underhood::stats::{BootstrapOptions, Statistic, bootstrap};
///
/// let x = array![5.1, 4.9, 6.2, 5.8, 6.0, 5.5];
/// let (options, mut stream) = (BootstrapOptions::default(), Stream::seeded(1));
/// let found = bootstrap(&[x.view()], Statistic::Mean, options, &mut stream, || Ok::<(), underhood::Error>(()))?;
/// assert!((found.standard_error - 0.19).abs() < 0.02);
/// assert!(found.confidence_interval.0 < 5.58 && 5.58 < found.confidence_interval.1);
/// # Ok::<(), underhood::Error>(())
/// ```
pub fn bootstrap<E: From<Error>>(
    samples: &[ArrayView1<'_, f64>],
    statistic: Statistic,
    options: BootstrapOptions,
    stream: &mut Stream,
    mut checkpoint: impl FnMut() -> Result<(), E>,
) -> Result<Bootstrap, E> {
    let resamples = options.n_resamples;
    check::in_range(NAME, "n_resamples", resamples as f64, resamples >= 2, "at least 2")?;
    check::room(NAME, "bootstrap distribution", &[resamples])?;
    let paired = options.paired || statistic == Statistic::Correlation;
    let (statistic, samples) = read(NAME, statistic, samples, paired)?;
    for sample in &samples {
        check::at_least(NAME, "data", "values", sample.len(), 2)?;
    }
    let estimate = estimate(NAME, statistic, &samples)?;
    let prepared = Prepared::new(statistic, samples);

    let longest = prepared.samples.iter().map(Vec::len).max().unwrap_or(1);
    let chunk = (CHUNK / longest).clamp(LANES, 1024).next_multiple_of(LANES);
    let mut distribution = vec![0.0; resamples];
    let draw = sampler(statistic, &prepared.samples, paired);
    for (number, out) in distribution.chunks_mut(chunk).enumerate() {
        draw(&mut Stream::seeded(stream.bits()), out);
        if number % BETWEEN_CHECKPOINTS == BETWEEN_CHECKPOINTS - 1 || longest > CHUNK {
            checkpoint()?;
        }
    }
    prepared.restore(statistic, &mut distribution);

    let mut left_out = Vec::new();
    if options.method == BootstrapMethod::Bca {
        left_out = leave_one_out(statistic, &prepared.samples, paired);
    }
    Ok(Bootstrap::of(estimate, distribution, &left_out, options)?)
}

/// What fills a slice with the statistic of resamples.
type Sampler<'a> = Box<dyn Fn(&mut Stream, &mut [f64]) + Send + Sync + 'a>;

fn sampler(statistic: Statistic, samples: &[Vec<f64>], paired: bool) -> Sampler<'_> {
    match (statistic, samples) {
        (Statistic::MeanDifference, [x, y, ..]) => {
            difference([x, y].map(|x| sampler(Statistic::Mean, std::slice::from_ref(x), false)))
        }
        (Statistic::MedianDifference, [x, y, ..]) if !paired => {
            difference([x, y].map(|x| sampler(Statistic::Median, std::slice::from_ref(x), false)))
        }
        (Statistic::Mean, [x, ..]) => {
            let means = Means::new(x);
            Box::new(move |stream, out| means.fill(stream, out))
        }
        (Statistic::Median | Statistic::Quantile(_) | Statistic::Iqr, [x, ..]) => {
            let sorted = sorted(x);
            Box::new(move |stream, out| order::fill(statistic, &sorted, stream, out))
        }
        (Statistic::TrimMean(share), [x, ..]) => {
            let sorted = sorted(x);
            Box::new(move |stream, out| lanes::fill_trimmed(share, &sorted, stream, out))
        }
        _ => Box::new(move |stream, out| lanes::fill(statistic, samples, stream, out)),
    }
}

fn sorted(x: &[f64]) -> Vec<f64> {
    let mut sorted = x.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// One less the other, drawn independently.
fn difference(samplers: [Sampler<'_>; 2]) -> Sampler<'_> {
    Box::new(move |stream, out| {
        let mut other = vec![0.0; out.len()];
        samplers[0](stream, out);
        samplers[1](stream, &mut other);
        out.iter_mut().zip(other).for_each(|(out, other)| *out -= other);
    })
}

/// Resamples for a statistic that is computed elsewhere, in an order that does not depend on how many are asked for at a time.
pub struct Resampler {
    /// For each sample, or one for all of them.
    draws: Vec<(Indices, Vec<Row<u32>>)>,
    lengths: Vec<usize>,
    /// The next of the resamples that were drawn together.
    lane: usize,
}

impl Resampler {
    /// For samples of these lengths.
    ///
    /// # Errors
    /// [`Error::TooFew`] if there is none, or one is empty; [`Error::Shape`] if they are paired and not of one length.
    pub fn new(lengths: &[usize], paired: bool, stream: &mut Stream) -> Result<Resampler, Error> {
        check::at_least(NAME, "data", "samples", lengths.len(), 1)?;
        for &n in lengths {
            check::at_least(NAME, "data", "values", n, 1)?;
            if paired {
                check::same_length(NAME, ("a sample of data", n), ("the first", &lengths[..1]))?;
            }
        }
        let drawn = if paired { &lengths[..1] } else { lengths };
        let draws = drawn.iter().map(|&n| (Indices::new(n, stream), Vec::new())).collect();
        Ok(Resampler { draws, lengths: lengths.to_vec(), lane: LANES })
    }

    /// The next `count` resamples of each of the samples, one a row.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] if there is no room for them, [`Error::Invalid`] if the samples are not of the lengths that it was made for.
    pub fn next(&mut self, samples: &[ArrayView1<'_, f64>], count: usize) -> Result<Vec<Array2<f64>>, Error> {
        if !samples.iter().map(|x| x.len()).eq(self.lengths.iter().copied()) {
            let problem = format!("has samples of other lengths than {:?}", self.lengths);
            return Err(Error::Invalid { function: NAME, argument: "data", problem });
        }
        for &n in &self.lengths {
            check::room(NAME, "resamples of one batch", &[count, n])?;
        }
        let mut drawn: Vec<Array2<f64>> = self.lengths.iter().map(|&n| Array2::zeros((count, n))).collect();
        for row in 0..count {
            if self.lane == LANES {
                for ((indices, rows), n) in self.draws.iter_mut().zip(&self.lengths) {
                    indices.fill(rows, *n);
                }
                self.lane = 0;
            }
            for (i, (sample, drawn)) in samples.iter().zip(&mut drawn).enumerate() {
                let (_, rows) = &self.draws[i.min(self.draws.len() - 1)];
                let places = rows.iter().map(|row| row[self.lane] as usize);
                drawn.row_mut(row).iter_mut().zip(places).for_each(|(out, place)| *out = sample[place]);
            }
            self.lane += 1;
        }
        Ok(drawn)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    fn unhindered() -> Result<(), Error> {
        Ok(())
    }

    fn run(
        samples: &[ArrayView1<'_, f64>],
        statistic: Statistic,
        options: BootstrapOptions,
    ) -> Result<Bootstrap, Error> {
        bootstrap(samples, statistic, options, &mut Stream::seeded(1), unhindered)
    }

    #[test]
    fn every_statistic_is_distributed_as_if_it_were_computed_from_resamples() {
        let mut stream = Stream::seeded(4);
        for n in [7, 40, 101] {
            let x: Array1<f64> = (0..n).map(|_| stream.normal()).collect();
            let y: Array1<f64> = x.iter().map(|x| 0.5 * x + stream.normal()).collect();
            for (name, parameter) in Statistic::NAMES.map(|name| (name, (name == "quantile").then_some(0.8))) {
                let statistic = Statistic::named("bootstrap", name, parameter).unwrap();
                for paired in [false, true] {
                    let samples = &[x.view(), y.view()][..statistic.samples()];
                    if statistic == Statistic::Correlation && !paired || statistic.samples() == 1 && paired {
                        continue;
                    }
                    let method = BootstrapMethod::Percentile;
                    let options = BootstrapOptions { paired, method, n_resamples: 20_000, ..Default::default() };
                    let found = run(samples, statistic, options).unwrap();
                    let lengths: Vec<usize> = samples.iter().map(|x| x.len()).collect();
                    let drawn = Resampler::new(&lengths, paired, &mut stream).unwrap().next(samples, 20_000).unwrap();
                    let values: Vec<f64> = (0..20_000)
                        .map(|i| {
                            let rows: Vec<Vec<f64>> = drawn.iter().map(|drawn| drawn.row(i).to_vec()).collect();
                            statistic.of(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
                        })
                        .filter(|v| v.is_finite())
                        .collect();
                    let one_by_one = Moments::of_slice(&values);
                    let fast = Moments::of_slice(&found.distribution);
                    let error = one_by_one.std(1) * (2.0 / 2e4_f64).sqrt();
                    assert!((fast.mean() - one_by_one.mean()).abs() < 5.0 * error, "{name}, {n}, {paired}");
                    // The standard error of a standard deviation is at most about √(kurtosis/4) times that of a mean.
                    let tails = (3.0 + one_by_one.kurtosis(true).max(0.0)).sqrt();
                    assert!((fast.std(1) - one_by_one.std(1)).abs() < 5.0 * tails * error, "{name}, {n}, {paired}");
                }
            }
        }
    }

    #[test]
    fn offsets_and_units_move_the_interval_with_them() {
        let x = array![5.1, 4.9, 6.2, 5.8, 6.0, 5.5];
        for statistic in [Statistic::Mean, Statistic::Median, Statistic::TrimMean(0.2), Statistic::Std(1)] {
            let plain = run(&[x.view()], statistic, BootstrapOptions::default()).unwrap();
            let huge = run(&[(&x * 2.0_f64.powi(1000)).view()], statistic, BootstrapOptions::default()).unwrap();
            assert_eq!(huge.confidence_interval.0, plain.confidence_interval.0 * 2.0_f64.powi(1000));
            let far = run(&[(&x + 1048576.0).view()], statistic, BootstrapOptions::default()).unwrap();
            let offset = if statistic == Statistic::Std(1) { 0.0 } else { 1048576.0 };
            assert!((far.confidence_interval.1 - offset - plain.confidence_interval.1).abs() < 1e-8, "{statistic:?}");
        }
    }

    #[test]
    fn a_constant_sample_has_an_interval_without_width_and_nothing_is_panicked_at() {
        let found = run(&[array![2.5, 2.5, 2.5].view()], Statistic::Mean, BootstrapOptions::default()).unwrap();
        assert_eq!((found.standard_error, found.confidence_interval), (0.0, (2.5, 2.5)));
        let refused =
            |x: &[f64], statistic| run(&[ArrayView1::from(x)], statistic, BootstrapOptions::default()).unwrap_err();
        assert_eq!(
            refused(&[2.0], Statistic::Mean).to_string(),
            "bootstrap: data has 1 value, but at least 2 are needed"
        );
        assert!(refused(&[], Statistic::Median).to_string().contains("0 values"));
        assert!(refused(&[2.0, 2.0], Statistic::Skew).to_string().contains("constant"));
        assert!(refused(&[f64::NAN, 2.0], Statistic::Mean).to_string().contains("NaN"));
        assert!(refused(&[1e300, -1e300], Statistic::Var(1)).to_string().contains("beyond"));
        let few = BootstrapOptions { n_resamples: 1, ..Default::default() };
        assert!(run(&[array![1.0, 2.0].view()], Statistic::Mean, few).is_err());
        // Pairs that were all drawn alike have no correlation: they are counted.
        let pairs = run(
            &[array![1.0, 2.0, 4.0, 5.0].view(), array![2.0, 1.0, 5.0, 7.0].view()],
            Statistic::Correlation,
            BootstrapOptions { method: BootstrapMethod::Percentile, ..Default::default() },
        )
        .unwrap();
        // 4/4⁴ of 9,999, with five standard deviations.
        assert!((pairs.undefined as f64 - 156.2).abs() < 63.0 && pairs.distribution.len() + pairs.undefined == 9999);
        let stopped = || Err(Error::Interrupted { function: "bootstrap" });
        let long: Array1<f64> = (0..2_000_000).map(f64::from).collect();
        let options = BootstrapOptions::default();
        assert!(bootstrap(&[long.view()], Statistic::Mean, options, &mut Stream::seeded(1), stopped).is_err());
    }
}
